using TokenActors.Domain.Grants;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Roles;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Roles;

/// <summary>
/// One role. It tells its organization's authority of every change before it answers, and again when it is activated,
/// in case a crash came between commit and call.
/// </summary>
[GrainType(Kinds.Role)]
public sealed class RoleGrain(IRecordStore store, SiloLease lease, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Role), IRoleGrain
{
    protected override Task OnLoaded() => Current is { } state ? OnCommitted(state) : Task.CompletedTask;

    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));

    /// <summary>A caller who could give a role more rights than it has itself would get around its own grant.</summary>
    protected override async ValueTask<Grant> RightsOf(ResourceState state, CancellationToken cancellationToken)
    {
        if (state.Content.Role is not { } role)
        {
            return Grant.Nothing;
        }

        var organization = await Organization(state.OrganizationId).Get(cancellationToken);
        return CustomRoles.GrantOf(
            role.PermissionSet, role.Resources, state.OrganizationId, organization?.Type == OrganizationType.Root);
    }

    protected override Task OnCommitted(ResourceState state) =>
        Organization(state.OrganizationId).RoleChanged(
            state.Id, state.Name, state.DeletedAt is null ? state.Content.Role : null, state.Version);
}
