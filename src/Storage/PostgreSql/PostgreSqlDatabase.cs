using System.Data.Common;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.PostgreSql;

/// <summary>
/// PostgreSQL through Npgsql: a batch is one statement over arrays, prepared once for each connection.
/// </summary>
internal sealed class PostgreSqlDatabase(string connectionString)
    : GroupedDatabase("postgresql", NpgsqlDataSource.Create(Tuned(connectionString)))
{
    /// <summary>The key of the advisory lock: any number that nothing else uses.</summary>
    private const long MigrationLock = 0x546F6B656E416374;

    /// <summary>Seconds: whoever waits for a statement is answered after 5.</summary>
    private const int AnswerTimeout = 4;

    /// <summary>Milliseconds that the server has to end a statement that took too long.</summary>
    private const int CancelTimeout = 500;

    private readonly ConditionalWeakTable<DbConnection, Dictionary<string, ArrayCommand>> _commands = [];

    /// <summary>
    /// A separate pool, since the planner settings of these connections would make list queries slow.
    /// </summary>
    private readonly NpgsqlDataSource _keyed = NpgsqlDataSource.Create(Tuned(connectionString));

    protected override Task<List<RecordKey>> Insert(DbConnection connection, string serviceId, List<Commit> creates)
    {
        var command = Of(connection, Told("insert_many", creates), serviceId);
        FillInsert(command, creates);
        return command.ReadAll(ReadKey);
    }

    protected override Task<List<RecordKey>> Update(DbConnection connection, string serviceId, List<Commit> updates)
    {
        var command = Of(connection, Told("update_many", updates), serviceId);
        FillUpdate(command, updates);
        return command.ReadAll(ReadKey);
    }

    public override async Task WriteUsage(DbConnection connection, string serviceId, IReadOnlyList<UsageUpdate> updates)
    {
        var command = Of(connection, "touch_many", serviceId);
        command.Add(UsageColumns.OfUpdate, updates);
        var done = (await command.ReadAll(ReadKey)).ToHashSet();
        foreach (var missed in updates.Where(update => !done.Contains(update.Key)))
        {
            await using var single = connection.Command(Sql["touch"], Parameters.Of(serviceId, missed));
            await single.ExecuteNonQueryAsync();
        }
    }

    public override async Task<List<StoredRecord>> ReadMany(
        DbConnection connection, string serviceId, IReadOnlyList<RecordKey> keys)
    {
        var command = Of(connection, "read_many", serviceId);
        FillKeys(command, keys);
        return await command.ReadAll(RecordColumns.Read);
    }

    /// <summary>
    /// On these connections the planner must use an index, however small the table was when a statement was planned.
    /// </summary>
    public override async Task<DbConnection> OpenKeyed() =>
        await (await _keyed.OpenConnectionAsync()).With(Sql["keyed_only"]);

    public override async ValueTask DisposeAsync()
    {
        await _keyed.DisposeAsync();
        await base.DisposeAsync();
    }

    public override bool IsTransient(DbException exception) =>
        exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>Classes 22 (data exception) and 23 (integrity constraint).</summary>
    public override bool IsAboutData(DbException exception) => exception.SqlState is ['2', '2' or '3', ..];

    /// <summary>
    /// No answer, or one of the classes 08 (connection), 53 (resources, such as a full disk) and 57 (the server ends,
    /// or the statement took too long), a read-only transaction, a lock that another holds.
    /// </summary>
    protected override bool IsOutage(DbException error) => error.SqlState
        is null or ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..]
        or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable or ['5', '8', ..];

    public override void DiscardSessions()
    {
        ((NpgsqlDataSource)Source).Clear();
        _keyed.Clear();
    }

    public override bool IsUniqueViolation(DbException exception) =>
        exception.SqlState == PostgresErrorCodes.UniqueViolation;

    public override bool IsMissingTable(DbException exception) =>
        exception.SqlState == PostgresErrorCodes.UndefinedTable;

    public override IReadOnlyList<string> HotStatements =>
        ["read_many", "insert_many", "update_many", "touch_many", "due", "find_by_name"];

    public override bool IsScan(string line) => line.Contains("Seq Scan on records", StringComparison.Ordinal);

    public override Task<IReadOnlyList<ServerFact>> Inspect(DbConnection connection) =>
        PostgreSqlServer.Inspect(Sql, connection);

    public override Task<List<string>> Explain(DbConnection connection, string statement, string serviceId)
    {
        if (statement is "due" or "find_by_name")
        {
            return ExplainOne(connection, statement, serviceId);
        }

        var command = new ArrayCommand((NpgsqlConnection)connection, $"EXPLAIN {Sql[statement]}", serviceId);
        switch (statement)
        {
            case "insert_many": FillInsert(command, []); break;
            case "update_many": FillUpdate(command, []); break;
            case "touch_many": command.Add(UsageColumns.OfUpdate, []); break;
            default: FillKeys(command, []); break;
        }

        return command.ReadAll(row => row.GetString(0));
    }

    private async Task<List<string>> ExplainOne(DbConnection connection, string statement, string serviceId)
    {
        await using var command = connection.Command($"EXPLAIN {Sql[statement]}", ("service", serviceId));
        foreach (var name in SqlText.ParametersOf(Sql[statement]).Where(name => name != "service"))
        {
            command.Bind(name, name == "until" ? 0L : "");
        }

        return await command.ReadAll(row => row.GetString(0));
    }

    public override async Task<string?> Refusal(DbConnection connection) =>
        await PostgreSqlServer.IsBehindTransactionPooler(Sql, (NpgsqlDataSource)Source)
            ? "The connection string leads to a pooler in transaction mode (PgBouncer). "
                + "Set pool_mode=session for this database, or connect to PostgreSQL itself."
            : null;

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command($"BEGIN; SELECT pg_advisory_xact_lock({MigrationLock})");
        command.CommandTimeout = Commands.NoTimeout;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Prepares every statement at its first use, and does not reset connections on close, since none of ours has
    /// session state to reset. A statement ends before its callers give up. An operator's connection string overrides
    /// both.
    /// </summary>
    private static string Tuned(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var tuned = new NpgsqlConnectionStringBuilder
        {
            MaxAutoPrepare = 64, AutoPrepareMinUsages = 1, NoResetOnClose = true,
            CommandTimeout = AnswerTimeout, CancellationTimeout = CancelTimeout,
        };
        foreach (var key in given.Keys.Cast<string>())
        {
            tuned[key] = given[key];
        }

        return tuned.ToString();
    }

    private static void FillKeys(ArrayCommand command, IReadOnlyList<RecordKey> keys)
    {
        command.Add("kinds", NpgsqlDbType.Text, keys, key => key.Kind);
        command.Add("ids", NpgsqlDbType.Text, keys, key => key.Id);
    }

    private static void FillInsert(ArrayCommand command, List<Commit> creates)
    {
        command.Add(RecordColumns.OfInsert, creates.ConvertAll(commit => commit.Record));
        AddParents(command, creates);
        AddAudit(command, creates);
    }

    private static void FillUpdate(ArrayCommand command, List<Commit> updates)
    {
        var records = updates.ConvertAll(commit => commit.Record);
        command.Add("kind", NpgsqlDbType.Text, records, r => r.Key.Kind);
        command.Add("id", NpgsqlDbType.Text, records, r => r.Key.Id);
        command.Add("expected", NpgsqlDbType.Bigint, updates, c => c.ExpectedVersion);
        command.Add(RecordColumns.OfUpdate, records);
        AddAudit(command, updates);
    }

    private static void AddParents(ArrayCommand command, List<Commit> creates)
    {
        var parents = creates
            .SelectMany(commit => commit.LiveParents
                .Select(parent => (Child: commit.Record.Key.Id, parent.Kind, parent.Id)))
            .ToList();
        command.Add("p_child", NpgsqlDbType.Text, parents, p => p.Child);
        command.Add("p_kind", NpgsqlDbType.Text, parents, p => p.Kind);
        command.Add("p_id", NpgsqlDbType.Text, parents, p => p.Id);
    }

    private static void AddAudit(ArrayCommand command, List<Commit> commits)
    {
        var rows = commits
            .SelectMany(commit => commit.Audit.Select(entry => (commit.Record.Key, Entry: entry)))
            .ToList();
        command.Add("a_row_kind", NpgsqlDbType.Text, rows, r => r.Key.Kind);
        command.Add("a_row_id", NpgsqlDbType.Text, rows, r => r.Key.Id);
        command.Add(AuditColumns.OfInsert, rows.ConvertAll(r => r.Entry), prefix: "a_");
        if (HasEvents(commits))
        {
            AddEvents(command, rows.FindAll(r => r.Entry.Payload is not null));
        }
    }

    private static void AddEvents(ArrayCommand command, List<(RecordKey Key, AuditEntry Entry)> rows)
    {
        command.Add("e_row_kind", NpgsqlDbType.Text, rows, r => r.Key.Kind);
        command.Add("e_row_id", NpgsqlDbType.Text, rows, r => r.Key.Id);
        command.Add(EventColumns.OfInsert, rows.ConvertAll(r => r.Entry), prefix: "e_");
        var sent = rows
            .SelectMany(r => r.Entry.Payload is { } payload
                ? payload.Endpoints.Select(endpoint => (Event: payload.Id.ToString("N"), Endpoint: endpoint))
                : [])
            .ToList();
        command.Add("d_event", NpgsqlDbType.Text, sent, d => d.Event);
        command.Add("d_endpoint", NpgsqlDbType.Text, sent, d => d.Endpoint);
    }

    private ArrayCommand Of(DbConnection connection, string statement, string serviceId)
    {
        var commands = _commands.GetOrCreateValue(connection);
        return commands.TryGetValue(statement, out var known)
            ? known
            : commands[statement] = new ArrayCommand((NpgsqlConnection)connection, Sql[statement], serviceId);
    }
}
