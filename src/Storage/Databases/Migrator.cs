using System.Data.Common;
using System.Globalization;

namespace TokenActors.Storage.Databases;

/// <summary>
/// Applies the numbered SQL files that a database lacks, one transaction each, under a lock. The schema records the oldest program
/// schema number that may still use it: a newer schema that asks for no newer program is fine (rolling upgrades).
/// </summary>
internal static class Migrator
{
    /// <summary>The newest migration that this program knows.</summary>
    public const int ProgramSchema = 1;

    private const string CreateSchema =
        "CREATE TABLE IF NOT EXISTS schema_versions (number integer PRIMARY KEY, oldest_program integer NOT NULL, applied_at bigint NOT NULL)";

    /// <exception cref="InvalidOperationException">the schema demands a newer program</exception>
    public static async Task Migrate(Database database, TimeProvider time)
    {
        await using var connection = await database.Open();
        await database.LockForMigration(connection);
        await Run(connection, CreateSchema);
        await using (var read = connection.Command("SELECT number, oldest_program FROM schema_versions ORDER BY number"))
        {
            var applied = await read.ReadAll(row => (Number: row.GetInt32(0), OldestProgram: row.GetInt32(1)));
            if (applied.LastOrDefault(a => a.OldestProgram > ProgramSchema) is { Number: > 0 } demanding)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The database's schema {demanding.Number} demands a program of schema {demanding.OldestProgram} or newer; this one is {ProgramSchema}. Upgrade the program."));
            }

            foreach (var (number, text) in SqlText.Migrations(database.Name).Where(m => applied.All(a => a.Number != m.Number)))
            {
                await Run(connection, text);
                await using var note = connection.Command(
                    "INSERT INTO schema_versions (number, oldest_program, applied_at) VALUES (@number, @oldest, @at)",
                    ("number", number), ("oldest", 1), ("at", RecordColumns.Micros(time.GetUtcNow())));
                await note.ExecuteNonQueryAsync();
            }
        }

        await Run(connection, "COMMIT");
    }

    private static async Task Run(DbConnection connection, string sql)
    {
        await using var command = connection.Command(sql);
        await command.ExecuteNonQueryAsync();
    }
}
