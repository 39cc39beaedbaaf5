using TokenActors.Storage.Records;

namespace TokenActors.Storage.Outbox;

/// <summary>
/// Events that somebody listens to, and one row for each endpoint that is sent one. Rows are added with audit rows
/// (<see cref="EventPayload"/>) and go after two weeks. Every member throws <see cref="StorageUnavailableException"/>
/// where the database does not answer.
/// </summary>
public interface IOutbox
{
    /// <summary>Deliveries of an endpoint that are still to be made, by number.</summary>
    /// <param name="endpointId">the endpoint</param>
    /// <param name="after">only later ones; a row with a lower number may become visible up to the longest time that
    /// a statement takes after one with a higher</param>
    /// <param name="limit">how many at most</param>
    Task<IReadOnlyList<WaitingDelivery>> Waiting(string endpointId, long after, int limit);

    /// <summary>Events by their numbers, in no particular order; missing ones are left out.</summary>
    Task<IReadOnlyList<OutboxEvent>> Events(IReadOnlyCollection<long> numbers);

    /// <summary>
    /// The earlier attempts of some deliveries of an endpoint, each a JSON array, by number; those without are left
    /// out.
    /// </summary>
    Task<IReadOnlyDictionary<long, string>> Logs(string endpointId, IReadOnlyCollection<long> numbers);

    /// <summary>
    /// The attempts of the newest deliveries of an endpoint that any was made of, each a JSON array, newest delivery
    /// first.
    /// </summary>
    /// <param name="endpointId">the endpoint</param>
    /// <param name="newest">the highest number that is looked at: above wait many that were never tried</param>
    /// <param name="limit">how many at most</param>
    Task<IReadOnlyList<string>> NewestLogs(string endpointId, long newest, int limit);

    /// <summary>
    /// Notes what became of attempts. One that is over meanwhile, as where the endpoint was switched off, does not wait
    /// again.
    /// </summary>
    Task Note(IReadOnlyList<DeliveryProgress> progress);

    /// <summary>Endpoints that have a delivery due at a time or earlier.</summary>
    Task<IReadOnlyList<string>> DueEndpoints(DateTimeOffset until);

    /// <summary>How many deliveries wait in the whole service, and since when the longest is due that no endpoint's own
    /// failing holds back.</summary>
    Task<OutboxBacklog> Backlog();

    /// <summary>A page of an endpoint's deliveries, newest first.</summary>
    /// <param name="endpointId">the endpoint</param>
    /// <param name="status">only <c>waiting</c> ones, or those with this outcome that are over; null for all</param>
    /// <param name="before">only those with lower numbers</param>
    /// <param name="limit">how many at most</param>
    Task<IReadOnlyList<Delivery>> Deliveries(string endpointId, string? status, long before, int limit);

    /// <summary>Queues a delivery again that is over; false where there is none of this event.</summary>
    Task<bool> Redeliver(string endpointId, Guid eventId, DateTimeOffset now);

    /// <summary>Queues every event since a time for an endpoint, also those that it was sent before.</summary>
    /// <returns>how many are queued now that were not</returns>
    Task<int> Replay(EventReplay replay, DateTimeOffset now);

    /// <summary>Ends what waits for an endpoint that is switched off. It can be made again or replayed.</summary>
    Task GiveUp(string endpointId);

    /// <summary>Deletes the deliveries of an endpoint that is gone; its events go with age.</summary>
    Task Forget(string endpointId);

    /// <summary>Deletes events and deliveries of before a time, a page at once.</summary>
    /// <returns>how many rows it deleted; fewer than <paramref name="limit"/> where none is left</returns>
    Task<int> Sweep(DateTimeOffset before, int limit);

    /// <summary>Since when an endpoint has failed without a success between; null where it does not.</summary>
    Task<DateTimeOffset?> FailingSince(string endpointId);

    /// <summary>Notes since when an endpoint fails; null where it does not any more.</summary>
    Task NoteFailingSince(string endpointId, DateTimeOffset? since);
}

/// <summary>What waits to be delivered.</summary>
/// <param name="Waiting">deliveries that are still to be made</param>
/// <param name="OldestDue">the first time at which one is due, of endpoints that do not fail; null where none
/// waits</param>
public sealed record OutboxBacklog(long Waiting, DateTimeOffset? OldestDue);

/// <summary>Which events are to be sent once more.</summary>
/// <param name="EndpointId">the endpoint that is sent them</param>
/// <param name="OrganizationId">whose events</param>
/// <param name="Types">their types; null for all</param>
/// <param name="AccountIds">the accounts that they are about; null for all and none</param>
/// <param name="Since">the first time</param>
/// <param name="Limit">how many at most</param>
public sealed record EventReplay(
    string EndpointId, string OrganizationId, IReadOnlyCollection<string>? Types,
    IReadOnlyCollection<string>? AccountIds,
    DateTimeOffset Since, int Limit);
