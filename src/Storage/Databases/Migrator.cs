using System.Data.Common;
using System.Globalization;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// Applies the numbered SQL files that a database lacks, in one transaction and under a lock. Each migration records
/// the oldest program that may use the schema after it, so that programs of the previous release go on during a rolling
/// upgrade.
/// </summary>
internal static class Migrator
{
    /// <summary>The number of this program's newest migration.</summary>
    public const int ProgramSchema = 19;

    /// <summary>The first migration whose every program reads a row's hot part.</summary>
    public const int HotParts = 18;

    /// <returns>the numbers of the missing migrations, which were applied unless <paramref name="dryRun"/></returns>
    /// <exception cref="InvalidOperationException">the schema demands a newer program</exception>
    public static async Task<IReadOnlyList<int>> Migrate(Database database, TimeProvider time, bool dryRun = false)
    {
        await using var connection = await database.Open();
        await Demand(database, connection);
        await database.LockForMigration(connection);
        await Run(connection, database.Sql["create_schema_versions"]);
        IReadOnlyList<(int Number, string Text)> missing;
        try
        {
            missing = await Missing(connection, database.Name);
        }
        catch (InvalidOperationException)
        {
            // The connection goes back to its pool, and would hold the lock there.
            await Run(connection, "ROLLBACK");
            throw;
        }

        // A database that is made now has no older programs.
        var isNew = missing is [(1, _), ..];
        foreach (var (number, text) in dryRun ? [] : missing)
        {
            await Run(connection, text);
            await using var note = connection.Command(
                "INSERT INTO schema_versions (number, oldest_program, applied_at) VALUES (@number, @oldest, @at)",
                ("number", number), ("oldest", isNew && number == ProgramSchema ? ProgramSchema : 1), ("at", Times.Micros(time.GetUtcNow())));
            note.CommandTimeout = Commands.NoTimeout;
            await note.ExecuteNonQueryAsync();
        }

        await Run(connection, dryRun ? "ROLLBACK" : "COMMIT");
        return [.. missing.Select(m => m.Number)];
    }

    /// <summary>The oldest program that may start on the database.</summary>
    public static async Task<int> OldestProgram(Database database)
    {
        await using var connection = await database.Open();
        await using var read = connection.Command(database.Sql["schema_state"]);
        return (await read.ReadAll(row => row.GetInt32(1))).Single();
    }

    /// <exception cref="SchemaBehindException">the schema lacks a migration of this program</exception>
    /// <exception cref="InvalidOperationException">the schema demands a newer program</exception>
    /// <exception cref="StorageUnavailableException">the database did not answer</exception>
    public static async Task Check(Database database)
    {
        try
        {
            await using var connection = await database.Open();
            await Demand(database, connection);
            if (await Missing(connection, database.Name) is { Count: > 0 } missing)
            {
                throw new SchemaBehindException(missing[0].Number);
            }
        }
        catch (DbException e) when (database.IsMissingTable(e))
        {
            throw new SchemaBehindException(1);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            throw new StorageUnavailableException("the database did not answer", e);
        }
    }

    /// <exception cref="InvalidOperationException">the service cannot use this server</exception>
    private static async Task Demand(Database database, DbConnection connection)
    {
        if (await database.Refusal(connection) is { } refusal)
        {
            throw new InvalidOperationException(refusal);
        }
    }

    private static async Task<IReadOnlyList<(int Number, string Text)>> Missing(
        DbConnection connection, string database)
    {
        await using var read = connection.Command("SELECT number, oldest_program FROM schema_versions ORDER BY number");
        var applied = await read.ReadAll(row => (Number: row.GetInt32(0), OldestProgram: row.GetInt32(1)));
        return applied.LastOrDefault(a => a.OldestProgram > ProgramSchema) is { Number: > 0 } demanding
            ? throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The database's schema {demanding.Number} demands a program of schema "
                + $"{demanding.OldestProgram} or newer; this one is {ProgramSchema}. Upgrade the program."))
            : [.. SqlText.Migrations(database).Where(m => applied.All(a => a.Number != m.Number))];
    }

    private static async Task Run(DbConnection connection, string sql)
    {
        await using var command = connection.Command(sql);
        command.CommandTimeout = Commands.NoTimeout;
        await command.ExecuteNonQueryAsync();
    }
}
