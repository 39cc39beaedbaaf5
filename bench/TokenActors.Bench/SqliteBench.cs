using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TokenActors.Storage;

namespace TokenActors.Bench;

/// <summary>Durable refreshes on SQLite with <c>synchronous=FULL</c>, against what it does a transaction at a time.</summary>
internal static class SqliteBench
{
    public static async Task Run(Report report, TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-bench-").FullName;
        var file = StoreFactory.SqliteFile(Path.Combine(folder, "bench.db"));
        await using (var host = await BenchSilo.Start(DatabaseProvider.Sqlite, file))
        {
            var single = OneRowTransactions(file, duration);
            var refreshes = await GrainBench.Refreshes(host, GrainBench.Callers, duration);
            report.AtLeast("durable refreshes a second, grain level, SQLite FULL", refreshes, "one-row transactions", single, 10);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static double OneRowTransactions(string file, TimeSpan duration)
    {
        using var connection = new SqliteConnection(file);
        connection.Open();
        Execute("PRAGMA synchronous=FULL; CREATE TABLE single (id INTEGER PRIMARY KEY, state TEXT)");
        Execute("INSERT INTO single VALUES (1, '')");
        using var update = connection.CreateCommand();
        update.CommandText = "UPDATE single SET state = @state WHERE id = 1";
        var state = update.Parameters.AddWithValue("state", "");
        var started = Stopwatch.GetTimestamp();
        long count = 0;
        for (; Stopwatch.GetElapsedTime(started) < duration; count++)
        {
            state.Value = $"{count}".PadLeft(1500, 'x');
            update.ExecuteNonQuery();
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;

        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
