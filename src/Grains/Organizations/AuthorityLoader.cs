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
    public static async Task Load(Authority authority, IRecordStore store, string organizationId)
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

        foreach (var row in await store.WithStatus(organizationId, StoredRecord.Deleting))
        {
            authority.MarkDeleting(Guid.Parse(row.Key.Id));
        }
    }

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
