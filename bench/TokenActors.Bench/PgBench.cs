using System.Diagnostics;
using Npgsql;
using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>pgbench with prepared statements on the same server: rows as large as ours, in a table of their own.</summary>
internal static class PgBench
{
    /// <summary>Rows of one statement of <see cref="UpsertsOfMany"/>.</summary>
    public const int Many = 64;

    private const int Rows = 40_000;

    public static double Selects(TimeSpan duration) => Run("SELECT state FROM rows WHERE id = :id;", clients: 32, duration);

    public static double Upserts(TimeSpan duration) =>
        Run("INSERT INTO rows VALUES (:id, repeat('y', 1500)) ON CONFLICT (id) DO UPDATE SET state = excluded.state;", clients: 32, duration);

    /// <summary>Rows a second where each statement writes many: what the database can do.</summary>
    public static double UpsertsOfMany(TimeSpan duration) => Many * Run(
        $"INSERT INTO rows SELECT n, repeat('y', 1500) FROM generate_series(:id, :id + {Many - 1}) n "
        + "ON CONFLICT (id) DO UPDATE SET state = excluded.state;",
        clients: 2,
        duration);

    private static double Run(string statement, int clients, TimeSpan duration)
    {
        var connection = new NpgsqlConnectionStringBuilder(PostgreSqlServer.NewDatabase());
        using (var setup = new NpgsqlConnection(connection.ToString()))
        {
            setup.Open();
            using var create = new NpgsqlCommand(
                $"CREATE TABLE rows (id int PRIMARY KEY, state text); INSERT INTO rows SELECT n, repeat('x', 1500) FROM generate_series(1, {Rows}) n; ANALYZE rows", setup);
            create.ExecuteNonQuery();
        }

        var script = Path.GetTempFileName();
        File.WriteAllText(script, $"\\set id random(1, {Rows - Many})\n{statement}\n");
        var program = Directory.GetFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).Order().Last();
        using var process = Process.Start(new ProcessStartInfo(program,
        [
            "-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{Math.Max(1, (int)duration.TotalSeconds)}", "-f", script,
            "-h", "127.0.0.1", "-p", $"{connection.Port}", "-U", "postgres", connection.Database!,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        File.Delete(script);
        var tps = output.Split('\n').First(line => line.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(tps.Split(' ')[2]);
    }
}
