using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>An outbox that has nothing, for tests that give it a part.</summary>
internal abstract class OutboxOfNothing : IOutbox
{
    public virtual Task<IReadOnlyList<WaitingDelivery>> Waiting(string endpointId, long after, int limit) =>
        Task.FromResult<IReadOnlyList<WaitingDelivery>>([]);

    public Task<IReadOnlyList<OutboxEvent>> Events(IReadOnlyCollection<long> numbers) =>
        Task.FromResult<IReadOnlyList<OutboxEvent>>([]);

    public Task<IReadOnlyDictionary<long, string>> Logs(string endpointId, IReadOnlyCollection<long> numbers) =>
        Task.FromResult<IReadOnlyDictionary<long, string>>(new Dictionary<long, string>());

    public virtual Task<IReadOnlyList<string>> NewestLogs(string endpointId, long newest, int limit) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public Task Note(IReadOnlyList<DeliveryProgress> progress) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> DueEndpoints(DateTimeOffset until) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<OutboxBacklog> Backlog() => Task.FromResult(new OutboxBacklog(0, null));

    public virtual Task<IReadOnlyList<Delivery>> Deliveries(string endpointId, string? status, long before, int limit) =>
        Task.FromResult<IReadOnlyList<Delivery>>([]);

    public virtual Task<bool> Redeliver(string endpointId, Guid eventId, DateTimeOffset now) => Task.FromResult(false);

    public virtual Task<int> Replay(EventReplay replay, DateTimeOffset now) => Task.FromResult(0);

    public Task GiveUp(string endpointId) => Task.CompletedTask;

    public Task Forget(string endpointId) => Task.CompletedTask;

    public Task<int> Sweep(DateTimeOffset before, int limit) => Task.FromResult(0);

    public virtual Task<DateTimeOffset?> FailingSince(string endpointId) => Task.FromResult<DateTimeOffset?>(null);

    public virtual Task NoteFailingSince(string endpointId, DateTimeOffset? since) => Task.CompletedTask;
}
