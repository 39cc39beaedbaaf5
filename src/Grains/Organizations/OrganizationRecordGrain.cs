using TokenActors.Domain.Organizations;
using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Organizations;

/// <summary>An organization's row, and what is deleted with it.</summary>
public abstract class OrganizationRecordGrain(IRecordStore store, SiloLease lease, TimeProvider time)
    : TombstoneGrain<OrganizationState, OrganizationAnswer>(store, lease, time, Kinds.Organization)
{
    private static readonly string[] Belongings = [.. ResourceKinds.Names, Kinds.Member];

    protected override OrganizationState Restore(StoredRecord record) => OrganizationRow.Read(record);

    protected override StoredRecord RowOf(OrganizationState state, string commandId) =>
        OrganizationRow.Of(state, commandId);

    protected override string NameOf(OrganizationState state) => state.Name;

    /// <summary>In the trail of whoever asked: for a suborganization that is its root.</summary>
    protected override string AuditedIn(OrganizationState state, CallContext context) =>
        context.Caller?.OrganizationId.ToString() ?? Key.Id;

    protected override IReadOnlyList<RecordKey> ParentsOf(OrganizationState state) =>
        state.ParentId is { } parent ? [new(Kinds.Organization, parent.ToString())] : [];

    protected override Transition<OrganizationState> FinishCascade(OrganizationState? current, DateTimeOffset now) =>
        OrganizationMachine.FinishCascade(current, now);

    protected override async Task DeleteBelow(OrganizationState state)
    {
        foreach (var kind in Belongings)
        {
            await DeleteAll(
                limit => Store.Live(kind, Key.Id, memberId: null, limit),
                row => GrainFactory.Delete(row, InternalCommand()));
        }

        // Last: what hangs on a resource goes with it.
        await new TokenCascade(Store, GrainFactory, Time, TokensBelow.Organization(Store, Key.Id)).End();
    }

    protected override OrganizationAnswer Done(OrganizationState state) =>
        new() { Organization = state.DeletedAt is null ? OrganizationViews.Of(state) : null };

    protected override OrganizationAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };
}
