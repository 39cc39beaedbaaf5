using System.Collections.Immutable;
using TokenActors.Domain.Events;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// Gives what a silo writes the payloads of its events, by what the organizations' authorities know of listeners, and
/// wakes the endpoints once it is written.
/// </summary>
public sealed class EventTelling(LocalAuthorities authorities, IGrainFactory grains, TimeProvider time) : IEventTelling
{
    private readonly EndpointWaking _waking = new(grains);

    public ValueTask<Commit> Tell(Commit commit)
    {
        if (commit.IsTold || TypeIn(commit.Audit) is not { } organization)
        {
            return new(commit);
        }

        return authorities.ListenersOf(organization) is { } listeners
            ? new(Told(commit, listeners, time))
            : Asked(organization, commit);

        async ValueTask<Commit> Asked(OrganizationId asked, Commit unknown) =>
            Told(unknown, await Ask(asked), time);
    }

    public async ValueTask<AuditEntry> Tell(AuditEntry entry)
    {
        if (entry.Payload is not null || EventTypes.Of(entry.Event) is not { } type
            || !OrganizationId.TryParse(entry.OrganizationId, out var id))
        {
            return entry;
        }

        var listeners = await ListenersOf(id);
        return listeners.IsEmpty ? entry : Told(entry, type, null, listeners, time);
    }

    /// <summary>The endpoints that are sent an event.</summary>
    /// <exception cref="StorageUnavailableException">who listens cannot be found out now</exception>
    public async Task<ImmutableArray<string>> WhoHears(OrganizationId organization, string type, string? accountId) =>
    [
        .. (await ListenersOf(organization)).Where(listener => listener.Hears(type, accountId))
            .Select(listener => listener.EndpointId),
    ];

    public void Written(IReadOnlyList<AuditEntry> entries)
    {
        foreach (var entry in entries)
        {
            foreach (var endpoint in entry.Payload is { } payload ? payload.Endpoints : [])
            {
                _waking.Wake(endpoint);
            }
        }
    }

    /// <summary>The commit with the payloads for those who listen.</summary>
    internal static Commit Told(Commit commit, ImmutableArray<EventListener> listeners, TimeProvider time) =>
        listeners.IsEmpty
            ? commit
            : commit with
            {
                IsTold = true,
                Audit =
                [
                    .. commit.Audit.Select(entry => EventTypes.Of(entry.Event) is { } type
                        ? Told(entry, type, commit.Record, listeners, time)
                        : entry),
                ],
            };

    private static AuditEntry Told(
        AuditEntry entry, string type, StoredRecord? record, ImmutableArray<EventListener> listeners, TimeProvider time)
    {
        var heard = listeners.Where(listener => listener.Hears(type, entry.AccountId)).ToList();
        return heard.Count == 0
            ? entry
            : entry with
            {
                Payload = new EventPayload(
                    Guid.CreateVersion7(time.GetUtcNow()),
                    type,
                    EventData.Of(entry, record),
                    heard.Exists(listener => listener.WantsResource) ? ResourceIn(record) : null,
                    [.. heard.Select(listener => listener.EndpointId)]),
            };
    }

    /// <summary>The resource of a row, without what no endpoint is to see.</summary>
    private static string? ResourceIn(StoredRecord? record) => record is { Key.Kind: Kinds.Account or Kinds.Integration }
        ? (ResourceState.FromRecord(record) with { Sealed = null, CreatedBy = null }).ToJson()
        : null;

    /// <summary>The organization of the first entry that somebody may listen to; null where there is none.</summary>
    private static OrganizationId? TypeIn(IReadOnlyList<AuditEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (EventTypes.Of(entries[i].Event) is not null
                && OrganizationId.TryParse(entries[i].OrganizationId, out var id))
            {
                return id;
            }
        }

        return null;
    }

    private async ValueTask<ImmutableArray<EventListener>> ListenersOf(OrganizationId organization) =>
        authorities.ListenersOf(organization) ?? await Ask(organization);

    private async Task<ImmutableArray<EventListener>> Ask(OrganizationId organization)
    {
        try
        {
            return await grains.GetGrain<IOrganizationGrain>(organization.ToString()).GetListeners();
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or ServiceUnavailableException)
        {
            throw new StorageUnavailableException("who listens to the event cannot be found out", e);
        }
    }
}
