using System.Data.Common;
using Npgsql;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.PostgreSql;

/// <summary>What is asked of the server itself.</summary>
internal static class PostgreSqlServer
{
    private const long LeastVersion = 140_000;

    public static async Task<IReadOnlyList<ServerFact>> Inspect(SqlText sql, DbConnection connection)
    {
        await using var command = connection.Command(sql["server"]);
        var facts = await command.ReadAll(row => (ServerFact[])
        [
            new("version", row.GetString(0), row.GetInt64(1) < LeastVersion ? "14 is the least version" : null),
            new("isolation", row.GetString(2), row.GetString(2) == "read committed"
                ? null
                : "ALTER DATABASE ... SET default_transaction_isolation = 'read committed'"),
            new("read-only", row.GetString(3), row.GetString(3) == "off"
                ? null
                : "the database cannot be written: a standby, or default_transaction_read_only"),
            new("collation", $"{row.GetString(4)}, {row.GetString(5)}; the service's columns have their own, C",
                row.GetString(4) == "UTF8" ? null : "the database's encoding must be UTF8"),
            row.GetString(6) is { Length: > 0 } lacking
                ? new("rights", $"not all on {lacking}", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ... TO the login")
                : new("rights", "all"),
        ]);
        return facts[0];
    }

    /// <summary>
    /// Whether a pooler gives each transaction another session (PgBouncer in transaction mode): session settings and
    /// prepared statements of ours would be lost. A pooler shows by another process id than the one that the login
    /// gave; its mode by a mark that is gone when another client has taken the session meanwhile. Where somebody else
    /// prepared statements in a session before, the very first is refused.
    /// </summary>
    public static async Task<bool> IsBehindTransactionPooler(SqlText sql, NpgsqlDataSource source)
    {
        try
        {
            return await LosesMark(sql, source);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicatePreparedStatement
            or PostgresErrorCodes.InvalidSqlStatementName)
        {
            return true;
        }
    }

    private static async Task<bool> LosesMark(SqlText sql, NpgsqlDataSource source)
    {
        await using var one = await source.OpenConnectionAsync();
        await using var backend = one.Command(sql["backend"]);
        if (await backend.ExecuteScalarAsync() is int process && process == one.ProcessID)
        {
            return false;
        }

        await using var mark = one.Command(sql["session_mark"]);
        await mark.ExecuteNonQueryAsync();
        await using var two = await source.OpenConnectionAsync();
        await using var transaction = await two.BeginTransactionAsync();
        await using var taking = two.Command(sql["backend"]);
        await taking.ExecuteNonQueryAsync();
        await using var marked = one.Command(sql["session_marked"]);
        return await marked.ExecuteScalarAsync() is not "marked";
    }
}
