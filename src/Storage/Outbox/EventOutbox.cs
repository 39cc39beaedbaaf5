using System.Data.Common;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;
using static TokenActors.Storage.Databases.Times;

namespace TokenActors.Storage.Outbox;

/// <summary>The outbox over one database. Its writes go through the store's writer.</summary>
internal sealed class EventOutbox(Database database, string serviceId, Queries queries, GroupCommit writer) : IOutbox
{
    public Task<IReadOnlyList<WaitingDelivery>> Waiting(string endpointId, long after, int limit) => queries.Many(
        "deliveries_waiting",
        row =>
        {
            var next = new ColumnReader(row);
            return new WaitingDelivery(
                next.Number(), next.Text(), (int)next.Number(), next.Time(), next.Number() != 0);
        },
        ("endpoint", endpointId), ("after", after), ("limit", limit));

    public Task<IReadOnlyList<OutboxEvent>> Events(IReadOnlyCollection<long> numbers) => queries.Many(
        "events_numbered", ReadEvent, ("keys", JsonArray.Of(numbers.Cast<object>())));

    public async Task<IReadOnlyDictionary<long, string>> Logs(string endpointId, IReadOnlyCollection<long> numbers) =>
        (await queries.Many(
            "delivery_logs", row => (Number: row.GetInt64(0), Log: row.GetString(1)),
            ("endpoint", endpointId), ("keys", JsonArray.Of(numbers.Cast<object>()))))
        .ToDictionary(row => row.Number, row => row.Log);

    public Task<IReadOnlyList<string>> NewestLogs(string endpointId, long newest, int limit) => queries.Many(
        "newest_logs", row => row.GetString(0), ("endpoint", endpointId), ("newest", newest), ("limit", limit));

    public Task Note(IReadOnlyList<DeliveryProgress> progress) => Execute(
        "deliveries_noted",
        ("rows", JsonRows.Of(progress, (to, row) =>
        {
            to.Add("endpoint", row.EndpointId);
            to.Add("number", row.Number);
            to.Add("attempts", row.Attempts);
            to.Add("due_at", Micros(row.DueAt));
            to.Add("outcome", row.Outcome);
            to.Add("log", row.Log);
        })));

    public Task<IReadOnlyList<string>> DueEndpoints(DateTimeOffset until) =>
        queries.Many("endpoints_due", row => row.GetString(0), ("until", Micros(until)));

    public async Task<OutboxBacklog> Backlog() =>
        (await queries.Many("backlog", row =>
        {
            var next = new ColumnReader(row);
            return new OutboxBacklog(next.Number(), next.TimeOrNull());
        }))[0];

    public Task<IReadOnlyList<Delivery>> Deliveries(string endpointId, string? status, long before, int limit) =>
        queries.Many(
            "deliveries_logged", ReadDelivery,
            ("endpoint", endpointId), ("status", status ?? ""), ("before", before), ("limit", limit));

    public async Task<bool> Redeliver(string endpointId, Guid eventId, DateTimeOffset now) => await Execute(
        "redeliver", ("endpoint", endpointId), ("event", eventId.ToString("N")), ("now", Micros(now))) > 0;

    public async Task<int> Replay(EventReplay replay, DateTimeOffset now)
    {
        (string, object?)[] which =
        [
            ("endpoint", replay.EndpointId), ("organization", replay.OrganizationId), ("since", Micros(replay.Since)),
            ("types", Listed(replay.Types)), ("accounts", Listed(replay.AccountIds)), ("limit", replay.Limit),
            ("now", Micros(now)),
        ];

        // In this order, so that what is new is not taken for what was sent before.
        return await Execute("replay_again", which) + await Execute("replay_new", which);
    }

    public Task GiveUp(string endpointId) => Execute("give_up", ("endpoint", endpointId));

    public async Task Forget(string endpointId)
    {
        await Execute("forget_deliveries", ("endpoint", endpointId));
        await Execute("forget_endpoint", ("endpoint", endpointId));
    }

    public async Task<int> Sweep(DateTimeOffset before, int limit)
    {
        (string, object?)[] old = [("until", Micros(before)), ("limit", limit)];
        await Execute("sweep_deliveries", old);
        return await Execute("sweep_events", old);
    }

    public async Task<DateTimeOffset?> FailingSince(string endpointId) =>
        await queries.Many("failing_since", row => OfMicros(row.GetInt64(0)), ("endpoint", endpointId)) is [var since]
            ? since
            : null;

    public Task NoteFailingSince(string endpointId, DateTimeOffset? since) => Execute(
        "note_failing",
        ("endpoint", endpointId), ("since", since is { } at ? Micros(at) : Null.Number));

    private static string Listed(IReadOnlyCollection<string>? values) => values is null ? "" : JsonArray.Of(values);

    /// <param name="row">a row of a statement that names the number, then all columns</param>
    private static OutboxEvent ReadEvent(DbDataReader row)
    {
        var next = new ColumnReader(row);
        var (number, id, organization) = (next.Number(), Guid.ParseExact(next.Text(), "N"), next.Text());
        var (at, type, subject) = (next.Time(), next.Text(), new RecordKey(next.Text(), next.Text()));
        return new OutboxEvent(
            number, id, organization, at, type, subject, next.Number(), next.TextOrNull(), next.Text(), next.TextOrNull());
    }

    private static Delivery ReadDelivery(DbDataReader row)
    {
        var next = new ColumnReader(row);
        return new Delivery(
            next.Number(), Guid.ParseExact(next.Text(), "N"), next.Text(), new RecordKey(next.Text(), next.Text()),
            next.Time(), (int)next.Number(), next.TimeOrNull(), next.TextOrNull(), next.TextOrNull());
    }

    private Task<int> Execute(string statement, params (string Name, object? Value)[] parameters) =>
        writer.Execute(database.Sql[statement], [("service", serviceId), .. parameters]);
}
