using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Members;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Organizations;

/// <summary>Builds an authority from the rows of its organization.</summary>
internal static class AuthorityLoader
{
    public static async Task Load(
        Authority authority, IRecordStore store, string organizationId, OrganizationId? above)
    {
        foreach (var row in await store.OfKind(Kinds.Member, organizationId))
        {
            var member = MemberRow.Read(row);
            if (member.DeletedAt is null)
            {
                authority.Note(member.Id, member.Name, member.Status, member.RoleBinding, row.Version);
            }
            else
            {
                authority.Forget(member.Id, row.Version);
            }
        }

        foreach (var row in await store.OfKind(Kinds.Role, organizationId))
        {
            var role = ResourceState.FromRecord(row);
            authority.Note(role.Id, role.Name, role.DeletedAt is null ? role.Content.Role : null, row.Version);
        }

        foreach (var kind in EventListeners.EndpointKinds)
        {
            await LoadListeners(authority, store, organizationId, kind);
        }

        if (await PolicyOf(store, organizationId) is var (own, ownVersion))
        {
            authority.NotePolicy(own, ownVersion);
        }

        if (above is { } parent && await PolicyOf(store, parent.ToString()) is var (others, othersVersion))
        {
            authority.NotePolicyAbove(others, othersVersion);
        }

        foreach (var row in await store.BeingDeleted(organizationId))
        {
            authority.MarkDeleting(Guid.Parse(row.Key.Id));
        }
    }

    private static async Task<(PolicyContent? Content, long Version)?> PolicyOf(IRecordStore store, string organization) =>
        await store.Read(new RecordKey(Kinds.Policy, organization)) is { } row
            && ResourceState.FromRecord(row) is var policy
            ? (policy.DeletedAt is null ? policy.Content.Policy : null, row.Version)
            : null;

    private static async Task LoadListeners(
        Authority authority, IRecordStore store, string organizationId, string kind)
    {
        foreach (var row in await store.OfKind(kind, organizationId))
        {
            var endpoint = ResourceState.FromRecord(row);
            authority.Listeners.Note(endpoint.Id, EventListeners.Of(endpoint), row.Version);
        }
    }
}
