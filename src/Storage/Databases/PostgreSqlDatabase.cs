using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Databases.RecordColumns;

namespace TokenActors.Storage.Databases;

/// <summary>PostgreSQL through Npgsql: a batch is one statement over arrays, prepared once per connection.</summary>
internal sealed class PostgreSqlDatabase(string connectionString) : Database("postgresql", NpgsqlDataSource.Create(Tuned(connectionString)))
{
    /// <summary>Any number, as long as it is ours: advisory locks have no names.</summary>
    private const long MigrationLock = 0x546F6B656E416374;

    public override async Task<HashSet<RecordKey>> WriteBatch(DbConnection connection, string serviceId, IReadOnlyList<Commit> batch)
    {
        var npgsql = (NpgsqlConnection)connection;
        var creates = batch.Where(commit => commit.ExpectedVersion == 0).ToList();
        var updates = batch.Where(commit => commit is { ExpectedVersion: > 0, Purges: false, Renames: false }).ToList();
        var singles = batch.Where(commit => commit.ExpectedVersion > 0 && (commit.Purges || commit.Renames)).ToList();

        // One statement is a transaction by itself; more than one kind of work needs one around it.
        var needsTransaction = singles.Count > 0 || creates.Any(c => c.LiveParents.Count > 0) || (creates.Count > 0 && updates.Count > 0);
        await using var transaction = needsTransaction ? await npgsql.BeginTransactionAsync() : null;
        HashSet<RecordKey> done = [];
        var live = await LiveParents(npgsql, serviceId, creates);
        creates.RemoveAll(commit => !commit.LiveParents.All(live.Contains));
        if (creates.Count > 0)
        {
            await WriteMany(npgsql, serviceId, Sql["insert_many"], creates, done);
        }

        if (updates.Count > 0)
        {
            await WriteMany(npgsql, serviceId, Sql["update_many"], updates, done);
        }

        foreach (var single in singles)
        {
            await WriteSingle(npgsql, serviceId, single, done);
        }

        if (transaction is not null)
        {
            await transaction.CommitAsync();
        }

        return done;
    }

    public override async Task WriteTouches(DbConnection connection, string serviceId, IReadOnlyList<Touch> touches)
    {
        await using var command = new NpgsqlCommand(Sql["touch_many"], (NpgsqlConnection)connection);
        command.Parameters.AddWithValue("service", serviceId);
        Add(command, "kind", NpgsqlDbType.Text, touches, t => t.Key.Kind);
        Add(command, "id", NpgsqlDbType.Text, touches, t => t.Key.Id);
        Add(command, "version", NpgsqlDbType.Bigint, touches, t => t.Version);
        Add(command, "presented_at", NpgsqlDbType.Bigint, touches, t => Micros(t.FirstPresentedAt));
        Add(command, "last_used_at", NpgsqlDbType.Bigint, touches, t => Micros(t.LastUsedAt));
        Add(command, "erase_sealed", NpgsqlDbType.Integer, touches, t => t.EraseSealed ? 1 : 0);
        await command.ExecuteNonQueryAsync();
    }

    public override bool IsTransient(DbException exception) =>
        exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>Classes 22 (data exception) and 23 (integrity constraint).</summary>
    public override bool IsAboutData(DbException exception) => exception.SqlState is ['2', '2' or '3', ..];

    public override bool IsUniqueViolation(DbException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation;

    public override bool IsMissingTable(DbException exception) => exception.SqlState == PostgresErrorCodes.UndefinedTable;

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command($"BEGIN; SELECT pg_advisory_xact_lock({MigrationLock})");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Our few statements are prepared at their first use, and no connection holds a state that would have to be reset. What the
    /// operator's connection string says otherwise stands.
    /// </summary>
    private static string Tuned(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var tuned = new NpgsqlConnectionStringBuilder { MaxAutoPrepare = 64, AutoPrepareMinUsages = 1, NoResetOnClose = true };
        foreach (var key in given.Keys.Cast<string>())
        {
            tuned[key] = given[key];
        }

        return tuned.ToString();
    }

    private async Task<HashSet<RecordKey>> LiveParents(NpgsqlConnection connection, string serviceId, List<Commit> creates)
    {
        var parents = creates.SelectMany(commit => commit.LiveParents).Distinct().ToList();
        if (parents.Count == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(Sql["live_many"], connection);
        command.Parameters.AddWithValue("service", serviceId);
        Add(command, "kinds", NpgsqlDbType.Text, parents, p => p.Kind);
        Add(command, "ids", NpgsqlDbType.Text, parents, p => p.Id);
        return [.. await command.ReadAll(row => new RecordKey(row.GetString(0), row.GetString(1)))];
    }

    private static async Task WriteMany(
        NpgsqlConnection connection, string serviceId, string sql, List<Commit> commits, HashSet<RecordKey> done)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("service", serviceId);
        Add(command, "kind", NpgsqlDbType.Text, commits, c => c.Record.Key.Kind);
        Add(command, "id", NpgsqlDbType.Text, commits, c => c.Record.Key.Id);
        Add(command, "version", NpgsqlDbType.Bigint, commits, c => c.Record.Version);
        Add(command, "command_id", NpgsqlDbType.Text, commits, c => c.Record.CommandId);
        Add(command, "state", NpgsqlDbType.Text, commits, c => c.Record.State);
        Add(command, "name", NpgsqlDbType.Text, commits, c => c.Record.Name);
        Add(command, "name_key", NpgsqlDbType.Text, commits, c => c.Record.NameKey);
        Add(command, "status", NpgsqlDbType.Text, commits, c => c.Record.Status);
        Add(command, "updated_at", NpgsqlDbType.Bigint, commits, c => Micros(c.Record.UpdatedAt));
        Add(command, "expires_at", NpgsqlDbType.Bigint, commits, c => Micros(c.Record.ExpiresAt));
        Add(command, "due_at", NpgsqlDbType.Bigint, commits, c => Micros(c.Record.DueAt));
        Add(command, "presented_at", NpgsqlDbType.Bigint, commits, c => Micros(c.Record.PresentedAt));
        Add(command, "last_used_at", NpgsqlDbType.Bigint, commits, c => Micros(c.Record.LastUsedAt));
        Add(command, "sealed", NpgsqlDbType.Bytea, commits, c => c.Record.Sealed);
        if (commits[0].ExpectedVersion == 0)
        {
            Add(command, "organization_id", NpgsqlDbType.Text, commits, c => c.Record.OrganizationId);
            Add(command, "owner_id", NpgsqlDbType.Text, commits, c => c.Record.OwnerId);
            Add(command, "parent_id", NpgsqlDbType.Text, commits, c => c.Record.ParentId);
            Add(command, "member_id", NpgsqlDbType.Text, commits, c => c.Record.MemberId);
            Add(command, "created_at", NpgsqlDbType.Bigint, commits, c => Micros(c.Record.CreatedAt));
        }
        else
        {
            Add(command, "expected", NpgsqlDbType.Bigint, commits, c => c.ExpectedVersion);
        }

        AddAudit(command, commits);
        foreach (var key in await command.ReadAll(row => new RecordKey(row.GetString(0), row.GetString(1))))
        {
            done.Add(key);
        }
    }

    private async Task WriteSingle(NpgsqlConnection connection, string serviceId, Commit commit, HashSet<RecordKey> done)
    {
        await using var write = connection.Command(
            Sql[commit.Purges ? "purge" : "update"] + (commit.Renames ? $" AND NOT EXISTS ({Sql["name_taken"]})" : ""),
            [.. Commands.Parameters(serviceId, commit), ("organization", commit.Record.OrganizationId)]);
        if (await write.ExecuteNonQueryAsync() == 0)
        {
            return;
        }

        done.Add(commit.Record.Key);
        foreach (var entry in commit.Audit)
        {
            await using var audit = connection.Command(Sql["audit"], [.. Commands.Parameters(serviceId, entry)]);
            await audit.ExecuteNonQueryAsync();
        }
    }

    private static void AddAudit(NpgsqlCommand command, List<Commit> commits)
    {
        var rows = commits.SelectMany(commit => commit.Audit.Select(entry => (commit.Record.Key, Entry: entry))).ToList();
        Add(command, "a_row_kind", NpgsqlDbType.Text, rows, r => r.Key.Kind);
        Add(command, "a_row_id", NpgsqlDbType.Text, rows, r => r.Key.Id);
        Add(command, "a_organization_id", NpgsqlDbType.Text, rows, r => r.Entry.OrganizationId);
        Add(command, "a_at", NpgsqlDbType.Bigint, rows, r => Micros(r.Entry.At));
        Add(command, "a_event", NpgsqlDbType.Text, rows, r => r.Entry.Event);
        Add(command, "a_subject_kind", NpgsqlDbType.Text, rows, r => r.Entry.Subject.Kind);
        Add(command, "a_subject_id", NpgsqlDbType.Text, rows, r => r.Entry.Subject.Id);
        Add(command, "a_subject_version", NpgsqlDbType.Bigint, rows, r => r.Entry.SubjectVersion);
        Add(command, "a_command_id", NpgsqlDbType.Text, rows, r => r.Entry.CommandId);
        Add(command, "a_actor_token_id", NpgsqlDbType.Text, rows, r => r.Entry.ActorTokenId);
        Add(command, "a_actor_member_id", NpgsqlDbType.Text, rows, r => r.Entry.ActorMemberId);
        Add(command, "a_remote_addr", NpgsqlDbType.Text, rows, r => r.Entry.RemoteAddress);
        Add(command, "a_user_agent", NpgsqlDbType.Text, rows, r => r.Entry.UserAgent);
        Add(command, "a_method", NpgsqlDbType.Text, rows, r => r.Entry.Method);
        Add(command, "a_path", NpgsqlDbType.Text, rows, r => r.Entry.Path);
        Add(command, "a_outcome", NpgsqlDbType.Text, rows, r => r.Entry.Outcome);
        Add(command, "a_code", NpgsqlDbType.Text, rows, r => r.Entry.Code);
        Add(command, "a_account_id", NpgsqlDbType.Text, rows, r => r.Entry.AccountId);
        Add(command, "a_integration_id", NpgsqlDbType.Text, rows, r => r.Entry.IntegrationId);
    }

    private static void Add<TRow, TValue>(
        NpgsqlCommand command, string name, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<TValue[]>(name, NpgsqlDbType.Array | type) { TypedValue = values });
    }
}
