using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// Deletes what hung on a deleted record. The calls name no caller, so that no grant is asked and nothing refuses them.
/// </summary>
internal static class CascadeDeletes
{
    public static Task Delete(this IGrainFactory grains, RecordKey row, CallContext context) => row.Kind switch
    {
        Kinds.Token => grains.GetGrain<IRefreshTokenGrain>(row.Id).EndWithOwner(new ChangeToken { Context = context }),
        Kinds.Member =>
            grains.GetGrain<IMemberGrain>(row.Id).EndWithOrganization(new DeleteResource { Context = context }),
        _ => ResourceKinds.Of(row.Kind).Grain(grains, row.Id).Delete(new DeleteResource { Context = context }),
    };
}
