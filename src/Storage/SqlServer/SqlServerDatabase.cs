using System.Data.Common;
using System.Globalization;
using Microsoft.Data.SqlClient;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.SqlServer;

/// <summary>
/// SQL Server through its driver. Groups are one parameter of JSON. Every text is parsed in the tests; what only a
/// server can say is listed in the operations guide.
/// </summary>
internal sealed class SqlServerDatabase(string connectionString)
    : GroupedDatabase("sqlserver", SqlClientFactory.Instance.CreateDataSource(Tuned(connectionString)))
{
    /// <summary>Seconds: whoever waits for a statement is answered after 5.</summary>
    private const int AnswerTimeout = 4;

    private const int Deadlock = 1205;
    private const int LockTimeout = 1222;
    private const int MissingTable = 208;

    /// <summary>From this class on the server ends the session.</summary>
    private const int FatalClass = 20;

    /// <summary>
    /// Time-out (-2), full log and file groups (9002, 1105, 1101), read-only (3906, 3908, 978, 976, 979), offline (942,
    /// 945, 4060), a killed session (596, 6005), too little memory (701, 802, 8645).
    /// </summary>
    private static readonly int[] Outages =
        [-2, 9002, 1105, 1101, 3906, 3908, 978, 976, 979, 942, 945, 4060, 596, 6005, 701, 802, 8645];

    private static readonly int[] UniqueViolations = [2601, 2627];

    /// <summary>Truncation, failed conversion, broken constraint.</summary>
    private static readonly int[] DataErrors = [245, 515, 547, 2628, 8114, 8152];

    public override async Task<DbConnection> OpenKeyed() => await (await Open()).With(Sql["keyed_only"]);

    public override async Task WriteUsage(DbConnection connection, string serviceId, IReadOnlyList<UsageUpdate> updates)
    {
        var rows = JsonRows.Of(updates, (to, update) => to.Add(UsageColumns.OfUpdate, update));
        await using var command = connection.Command(Sql["touch_many"], ("service", serviceId), ("rows", rows));
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<List<StoredRecord>> ReadMany(
        DbConnection connection, string serviceId, IReadOnlyList<RecordKey> keys)
    {
        var rows = JsonRows.Of(keys, (to, key) =>
        {
            to.Add("kind", key.Kind);
            to.Add("id", key.Id);
        });
        await using var command = connection.Command(Sql["read_many"], ("service", serviceId), ("keys", rows));
        return await command.ReadAll(RecordColumns.Read);
    }

    protected override async Task<List<RecordKey>> Insert(
        DbConnection connection, string serviceId, List<Commit> creates)
    {
        await using var command = connection.Command(
            Sql[Told("insert_many", creates)], ("service", serviceId), ("rows", RowsOf(creates)),
            ("audit", AuditOf(creates)), ("parents", ParentsOf(creates)));
        AddEvents(command, creates);
        return await command.ReadAll(ReadKey);
    }

    protected override async Task<List<RecordKey>> Update(
        DbConnection connection, string serviceId, List<Commit> updates)
    {
        await using var command = connection.Command(
            Sql[Told("update_many", updates)], ("service", serviceId), ("rows", RowsOf(updates)),
            ("audit", AuditOf(updates)));
        AddEvents(command, updates);
        return await command.ReadAll(ReadKey);
    }

    public override bool IsTransient(DbException exception) => NumberOf(exception) is Deadlock or LockTimeout;

    public override bool IsAboutData(DbException exception) =>
        IsUniqueViolation(exception) || DataErrors.Contains(NumberOf(exception));

    /// <summary>
    /// No answer, a broken session, a read-only or full database, a lock that another holds; not a wrong statement.
    /// </summary>
    protected override bool IsOutage(DbException error) =>
        error is not SqlException sql || sql.Class >= FatalClass || Outages.Contains(sql.Number) || IsTransient(error);

    public override void DiscardSessions()
    {
        using var any = new SqlConnection(Source.ConnectionString);
        SqlConnection.ClearPool(any);
    }

    public override string CodeOf(DbException error) => NumberOf(error).ToString(CultureInfo.InvariantCulture);

    public override bool IsUniqueViolation(DbException exception) => UniqueViolations.Contains(NumberOf(exception));

    public override bool IsMissingTable(DbException exception) => NumberOf(exception) == MissingTable;

    public override IReadOnlyList<string> HotStatements =>
        ["read_many", "insert_many", "update_many", "touch_many", "due", "find_by_name"];

    public override bool IsScan(string line) =>
        line.Contains("Scan(", StringComparison.Ordinal) && line.Contains("[records]", StringComparison.Ordinal);

    public override async Task<IReadOnlyList<ServerFact>> Warnings(DbConnection connection) =>
        [.. (await SqlServerInspection.Server(Sql, connection)).Where(fact => fact.Problem is not null)];

    public override Task<IReadOnlyList<ServerFact>> Inspect(DbConnection connection) =>
        SqlServerInspection.Inspect(Sql, connection);

    public override async Task<List<string>> Explain(DbConnection connection, string statement, string serviceId)
    {
        await using var on = connection.Command(Sql["explain_on"]);
        await on.ExecuteNonQueryAsync();
        List<string> plan = [];
        await using (var command = connection.Command(SqlServerInspection.Batch(Sql[statement])))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            do
            {
                while (await reader.ReadAsync())
                {
                    plan.Add(reader.GetString(0));
                }
            }
            while (await reader.NextResultAsync());
        }

        await using var off = connection.Command(Sql["explain_off"]);
        await off.ExecuteNonQueryAsync();
        return plan;
    }

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command(Sql["migration_lock"]);
        command.CommandTimeout = Commands.NoTimeout;
        await command.ExecuteNonQueryAsync();
    }

    private static string RowsOf(List<Commit> commits) => JsonRows.Of(commits, (to, commit) =>
    {
        to.Add("expected", commit.ExpectedVersion);
        to.Add(RecordColumns.OfInsert, commit.Record);
    });

    private static string AuditOf(List<Commit> commits) => JsonRows.Of(
        commits.SelectMany(commit => commit.Audit.Select(entry => (commit.Record.Key, Entry: entry))),
        (to, row) =>
        {
            to.Add("row_kind", row.Key.Kind);
            to.Add("row_id", row.Key.Id);
            to.Add(AuditColumns.OfInsert, row.Entry);
        });

    private static void AddEvents(DbCommand command, List<Commit> commits)
    {
        if (!HasEvents(commits))
        {
            return;
        }

        var rows = commits
            .SelectMany(commit => commit.Audit.Select(entry => (commit.Record.Key, Entry: entry)))
            .Where(row => row.Entry.Payload is not null)
            .ToList();
        command.Bind("told", JsonRows.Of(rows, (to, row) =>
        {
            to.Add("row_kind", row.Key.Kind);
            to.Add("row_id", row.Key.Id);
            to.Add(EventColumns.OfInsert, row.Entry);
        }));
        var sent = rows.SelectMany(row => row.Entry.Payload is { } payload
            ? payload.Endpoints.Select(endpoint => (Event: payload.Id.ToString("N"), Endpoint: endpoint))
            : []);
        command.Bind("sent", JsonRows.Of(sent, (to, row) =>
        {
            to.Add("event", row.Event);
            to.Add("endpoint", row.Endpoint);
        }));
    }

    private static string ParentsOf(List<Commit> creates) => JsonRows.Of(
        creates.SelectMany(
            commit => commit.LiveParents.Select(parent => (Child: commit.Record.Key.Id, Parent: parent))),
        (to, row) =>
        {
            to.Add("child", row.Child);
            to.Add("kind", row.Parent.Kind);
            to.Add("id", row.Parent.Id);
        });

    /// <summary>
    /// A statement ends before its callers give up, and an open after an outage is tried at once: the pool would block
    /// opens for up to a minute. An operator's connection string overrides both.
    /// </summary>
    private static string Tuned(string connectionString)
    {
        var given = new SqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize("Command Timeout"))
        {
            given.CommandTimeout = AnswerTimeout;
        }

        if (!given.ShouldSerialize("Pool Blocking Period"))
        {
            given.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        }

        return given.ToString();
    }

    private static int NumberOf(DbException exception) => exception is SqlException sql ? sql.Number : 0;
}
