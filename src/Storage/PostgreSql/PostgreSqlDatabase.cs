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
    : Database("postgresql", NpgsqlDataSource.Create(Tuned(connectionString)))
{
    /// <summary>The key of the advisory lock: any number that nothing else uses.</summary>
    private const long MigrationLock = 0x546F6B656E416374;

    private readonly ConditionalWeakTable<DbConnection, Dictionary<string, ArrayCommand>> _commands = [];

    /// <summary>
    /// A separate pool, since the planner settings of these connections would make list queries slow.
    /// </summary>
    private readonly NpgsqlDataSource _keyed = NpgsqlDataSource.Create(Tuned(connectionString));

    /// <summary>Two, so that callers prepare the next group while the server writes one.</summary>
    public override int Writers => 2;

    public override async Task<HashSet<RecordKey>> WriteBatch(
        DbConnection connection, string serviceId, IReadOnlyList<Commit> batch)
    {
        var creates = batch.Where(commit => commit.ExpectedVersion == 0).ToList();
        var updates = batch.Where(commit => commit is { ExpectedVersion: > 0, Purges: false, Renames: false }).ToList();
        var singles = batch.Where(commit => commit.ExpectedVersion > 0 && (commit.Purges || commit.Renames)).ToList();

        // Each statement is a transaction of its own. Where one fails the whole batch is repeated, and rows that
        // another statement wrote already are found to be done.
        HashSet<RecordKey> done = [];
        if (creates.Count > 0)
        {
            await WriteMany(Of(connection, "insert_many", serviceId), creates, done);
        }

        if (updates.Count > 0)
        {
            await WriteMany(Of(connection, "update_many", serviceId), updates, done);
        }

        foreach (var single in singles)
        {
            await WriteSingle((NpgsqlConnection)connection, serviceId, single, done);
        }

        return done;
    }

    public override async Task WriteUsage(DbConnection connection, string serviceId, IReadOnlyList<UsageUpdate> updates)
    {
        var command = Of(connection, "touch_many", serviceId);
        command.Add(UsageColumns.OfUpdate, updates);
        var done = (await command.ReadAll(row => new RecordKey(row.GetString(0), row.GetString(1)))).ToHashSet();
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
        command.Add("kinds", NpgsqlDbType.Text, keys, key => key.Kind);
        command.Add("ids", NpgsqlDbType.Text, keys, key => key.Id);
        return await command.ReadAll(RecordColumns.Read);
    }

    /// <summary>
    /// On these connections the planner must use an index, however small the table was when a statement was planned.
    /// </summary>
    public override async Task<DbConnection> OpenKeyed()
    {
        var connection = await _keyed.OpenConnectionAsync();
        await using var command = connection.Command(Sql["keyed_only"]);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        await _keyed.DisposeAsync();
        await base.DisposeAsync();
    }

    public override bool IsTransient(DbException exception) =>
        exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>Classes 22 (data exception) and 23 (integrity constraint).</summary>
    public override bool IsAboutData(DbException exception) => exception.SqlState is ['2', '2' or '3', ..];

    public override bool IsUniqueViolation(DbException exception) =>
        exception.SqlState == PostgresErrorCodes.UniqueViolation;

    public override bool IsMissingTable(DbException exception) =>
        exception.SqlState == PostgresErrorCodes.UndefinedTable;

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command($"BEGIN; SELECT pg_advisory_xact_lock({MigrationLock})");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Prepares every statement at its first use, and does not reset connections on close, since none of ours has
    /// session state to reset. An operator's connection string overrides both.
    /// </summary>
    private static string Tuned(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var tuned = new NpgsqlConnectionStringBuilder
        {
            MaxAutoPrepare = 64, AutoPrepareMinUsages = 1, NoResetOnClose = true,
        };
        foreach (var key in given.Keys.Cast<string>())
        {
            tuned[key] = given[key];
        }

        return tuned.ToString();
    }

    private static async Task WriteMany(ArrayCommand command, List<Commit> commits, HashSet<RecordKey> done)
    {
        var records = commits.ConvertAll(commit => commit.Record);
        if (commits[0].ExpectedVersion == 0)
        {
            command.Add(RecordColumns.OfInsert, records);
            AddParents(command, commits);
        }
        else
        {
            command.Add("kind", NpgsqlDbType.Text, records, r => r.Key.Kind);
            command.Add("id", NpgsqlDbType.Text, records, r => r.Key.Id);
            command.Add("expected", NpgsqlDbType.Bigint, commits, c => c.ExpectedVersion);
            command.Add(RecordColumns.OfUpdate, records);
        }

        AddAudit(command, commits);
        foreach (var key in await command.ReadAll(row => new RecordKey(row.GetString(0), row.GetString(1))))
        {
            done.Add(key);
        }
    }

    private async Task WriteSingle(
        NpgsqlConnection connection, string serviceId, Commit commit, HashSet<RecordKey> done)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var statement = Sql[commit.Purges ? "purge" : "update"];
        await using var write = connection.Command(
            commit.Renames ? $"{statement} AND NOT EXISTS ({Sql["name_taken"]})" : statement,
            [.. Parameters.Of(serviceId, commit), ("organization", commit.Record.OrganizationId)]);
        if (await write.ExecuteNonQueryAsync() == 0)
        {
            return;
        }

        foreach (var entry in commit.Audit)
        {
            await using var audit = connection.Command(Sql["audit"], Parameters.Of(serviceId, entry));
            await audit.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        done.Add(commit.Record.Key);
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
    }

    private ArrayCommand Of(DbConnection connection, string statement, string serviceId)
    {
        var commands = _commands.GetOrCreateValue(connection);
        return commands.TryGetValue(statement, out var known)
            ? known
            : commands[statement] = new ArrayCommand((NpgsqlConnection)connection, Sql[statement], serviceId);
    }
}
