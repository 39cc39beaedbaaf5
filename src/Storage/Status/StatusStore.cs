using System.Data.Common;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Writing;
using static TokenActors.Storage.Databases.Times;

namespace TokenActors.Storage.Status;

/// <summary>
/// What integrations are used for, in tables of its own: nothing of it belongs to a commit. Every member throws
/// <see cref="Records.StorageUnavailableException"/> where the database does not answer.
/// </summary>
public sealed class StatusStore
{
    /// <summary>Events of an integration that an hour keeps, but for those of one write.</summary>
    public const int MostEvents = 100;

    /// <summary>Rows that a statement writes.</summary>
    public const int RowsAtOnce = 500;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Database _database;
    private readonly string _serviceId;
    private readonly GroupCommit _writer;
    private readonly Queries _queries;

    internal StatusStore(Database database, string serviceId, GroupCommit writer, Queries queries) =>
        (_database, _serviceId, _writer, _queries) = (database, serviceId, writer, queries);

    /// <summary>The first instant of the hour that a time lies in.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    /// <summary>Adds at most <see cref="RowsAtOnce"/> uses to the hours that they were in.</summary>
    public Task CountHours(IReadOnlyCollection<StatusUse> uses) =>
        Count("count_hours", Joined(uses, use => (use.IntegrationId, use.Hour)));

    /// <summary>Adds at most <see cref="RowsAtOnce"/> uses to what their integrations came to altogether.</summary>
    public Task CountTotals(IReadOnlyCollection<StatusUse> uses) =>
        Count("count_status", Joined(uses, use => use.IntegrationId));

    /// <summary>Notes at most <see cref="RowsAtOnce"/> events, as many of an integration and hour as are
    /// kept.</summary>
    public Task Note(IReadOnlyCollection<StatusEventRow> events) =>
        Execute("note_status_events", ("rows", JsonRows.Of(events, Write)), ("most", (long)MostEvents));

    /// <summary>Begins the totals of an integration anew. Hours and events stay.</summary>
    public Task Reset(string organizationId, string integrationId, DateTimeOffset at) => Execute(
        "reset_status", ("organization", organizationId), ("integration", integrationId), ("at", Micros(at)));

    /// <summary>What some integrations of an organization came to; those that were never used are left out.</summary>
    public Task<IReadOnlyList<StatusTotals>> Totals(string organizationId, IReadOnlyCollection<string> integrationIds) =>
        integrationIds.Count == 0
            ? Task.FromResult<IReadOnlyList<StatusTotals>>([])
            : _queries.Guarded(async connection =>
        {
            var compiler = new StatusCompiler(_database.Sql, _serviceId);
            await using var command = connection.Command(
                compiler.Totals(organizationId, integrationIds), [.. compiler.Parameters]);
            return (IReadOnlyList<StatusTotals>)await command.ReadAll(
                row => new StatusTotals(row.GetString(0), OfMicros(row.GetInt64(1)), ReadCounts(row, 2)));
        });

    /// <summary>Hours in which something was counted, from one on; of one integration, or of all together.</summary>
    public Task<IReadOnlyList<StatusHourRow>> Hours(string organizationId, string? integrationId, DateTimeOffset from)
    {
        (string, object?)[] scope = [("organization", organizationId), ("from", Micros(from))];
        return integrationId is null
            ? _queries.Many("status_hours", ReadHour, scope)
            : _queries.Many("status_hours_of", ReadHour, [.. scope, ("integration", integrationId)]);
    }

    /// <summary>Events of an integration by time.</summary>
    public Task<IReadOnlyList<StatusEventRow>> Events(
        string integrationId, IReadOnlyList<ListFilter> filters, int limit, bool descending) =>
        _queries.Guarded(async connection =>
        {
            var compiler = new StatusCompiler(_database.Sql, _serviceId);
            await using var command = connection.Command(
                compiler.Events(integrationId, filters, limit, descending), [.. compiler.Parameters]);
            return (IReadOnlyList<StatusEventRow>)await command.ReadAll(row => new StatusEventRow(
                integrationId, OfMicros(row.GetInt64(0)), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
                row.GetInt64(3)));
        });

    /// <summary>
    /// Deletes at most so many hours, events and totals of before: totals only of integrations that are gone.
    /// </summary>
    /// <returns>whether there may be more</returns>
    public async Task<bool> Sweep(DateTimeOffset before, int limit)
    {
        var isFull = false;
        foreach (var statement in new[] { "sweep_hours", "sweep_status_events", "sweep_status" })
        {
            isFull |= await Execute(statement, ("before", Micros(before)), ("limit", (long)limit)) >= limit;
        }

        return isFull;
    }

    /// <summary>A statement changes each row once.</summary>
    private Task<int> Count(string statement, IEnumerable<StatusUse> uses) =>
        Execute(statement, ("rows", JsonRows.Of(uses, Write)), ("most", StatusCounts.Most));

    private static IEnumerable<StatusUse> Joined<TKey>(IEnumerable<StatusUse> uses, Func<StatusUse, TKey> key) =>
        uses.GroupBy(key).Select(same => same.Aggregate(
            (one, other) => (one.At > other.At ? one : other) with { Counts = one.Counts.Add(other.Counts) }));

    private static void Write(IParameters to, StatusUse use)
    {
        to.Add("organization_id", use.OrganizationId);
        to.Add("integration_id", use.IntegrationId);
        to.Add("hour", Micros(use.Hour));
        to.Add("at", Micros(use.At));
        to.Add("requests", use.Counts.Requests);
        to.Add("failed", use.Counts.Failed);
        to.Add("cpu_time", use.Counts.CpuTime);
        to.Add("db_ops", use.Counts.DbOps);
        to.Add("api_ops", use.Counts.ApiOps);
        to.Add("in_bytes", use.Counts.InBytes);
        to.Add("out_bytes", use.Counts.OutBytes);
    }

    private static void Write(IParameters to, StatusEventRow row)
    {
        to.Add("integration_id", row.IntegrationId);
        to.Add("hour", Micros(HourOf(row.At)));
        to.Add("at", Micros(row.At));
        to.Add("status", row.Status);
        to.Add("error", row.Error);
    }

    private static StatusHourRow ReadHour(DbDataReader row) => new(OfMicros(row.GetInt64(0)), ReadCounts(row, 1));

    private static StatusCounts ReadCounts(DbDataReader row, int first) => new(
        row.GetInt64(first), row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt64(first + 3),
        row.GetInt64(first + 4), row.GetInt64(first + 5), row.GetInt64(first + 6));

    private Task<int> Execute(string statement, params (string Name, object? Value)[] parameters) =>
        _writer.Execute(_database.Sql[statement], [("service", _serviceId), .. parameters]);
}
