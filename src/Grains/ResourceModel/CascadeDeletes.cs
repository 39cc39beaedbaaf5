using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// Deletes what hung on a deleted record, but for tokens. The calls name no caller, so that no grant is asked and
/// nothing refuses them.
/// </summary>
internal static class CascadeDeletes
{
    /// <summary>The tokens of an account or integration.</summary>
    public static TokenCascade TokensOf(
        this IGrainFactory grains, ResourceState owner, IRecordStore store, TimeProvider time) => new(
            store, grains, time, TokensBelow.Resource(store, owner.OrganizationId.ToString(), owner.Id.ToString()));

    public static Task Delete(this IGrainFactory grains, RecordKey row, CallContext context) => row.Kind switch
    {
        Kinds.Member =>
            grains.GetGrain<IMemberGrain>(row.Id).EndWithOrganization(new DeleteResource { Context = context }),
        _ => ResourceKinds.Of(row.Kind).Grain(grains, row.Id).Delete(new DeleteResource { Context = context }),
    };
}
