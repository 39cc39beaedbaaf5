using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Silo;
using TokenActors.Silo.Configuration;
using TokenActors.Storage;
using TokenActors.Tests;

namespace TokenActors.Bench;

/// <summary>Grain calls in one process, against what the database does by itself.</summary>
internal static class GrainBench
{
    private const int Callers = 64;
    private const int ColdTokens = 20_000;

    public static async Task Run(Report report, TimeSpan duration)
    {
        var database = PostgreSqlServer.NewDatabase();
        await using (var host = await BenchSilo.Start(StorageOptions.PostgreSql, database))
        {
            var upserts = PgBench("upsert", duration);
            var refreshes = await Refreshes(host, duration);
            report.Ratio("durable refresh, grain level, PostgreSQL / pgbench upserts", refreshes, upserts, 2);
        }

        var tokens = new List<(TokenId Id, Secret Access)>();
        await using (var host = await BenchSilo.Start(StorageOptions.PostgreSql, database))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, ColdTokens), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (_, _) =>
            {
                var token = await host.Issue();
                lock (tokens)
                {
                    tokens.Add((token.Id, token.Pair.Access));
                }
            });
        }

        await using (var host = await BenchSilo.Start(StorageOptions.PostgreSql, database))
        {
            var selects = PgBench("select", duration);
            report.Ratio("cold verification, grain level / pgbench selects", await ColdVerifications(host, tokens), selects, 0.5);
            report.Figure("warm verification, grain level, per second", await WarmVerifications(host, tokens[0], duration));
        }

    }

    public static async Task<double> Refreshes(BenchSilo host, TimeSpan duration)
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => host.Issue()));
        await Load.PerSecond(Callers, TimeSpan.FromSeconds(12), (i, running) => RefreshLoop(host, tokens, i, running));
        return await Load.PerSecond(Callers, duration, (i, running) => RefreshLoop(host, tokens, i, running));
    }

    private static async Task<long> RefreshLoop(BenchSilo host, (TokenId Id, SecretPair Pair)[] tokens, int i, Func<bool> running)
    {
        long count = 0;
        var grain = host.Grains.GetGrain<IRefreshTokenGrain>(tokens[i].Id.ToString());
        while (running())
        {
            var (id, pair) = tokens[i];
            var next = SecretMint.Mint(TokenProfile.Organization, id);
            var answer = await grain.Refresh(new RefreshToken
            {
                Context = new CallContext { CommandId = Guid.CreateVersion7() },
                Presented = pair.Refresh!.Fingerprint(),
                Secrets = next.ToMinted(),
                Sealed = SecretMint.SealForHolder(next, pair.Refresh!, id),
            });
            if (answer.Refusal is not null)
            {
                throw new InvalidOperationException(answer.Refusal.ToString());
            }

            tokens[i] = (id, next);
            count++;
        }

        return count;
    }

    private static async Task<double> ColdVerifications(BenchSilo host, List<(TokenId Id, Secret Access)> tokens)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(tokens, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (token, _) => await host.Verify(token));
        return tokens.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task<double> WarmVerifications(BenchSilo host, (TokenId Id, Secret Access) token, TimeSpan duration) =>
        Load.PerSecond(Callers, duration, async (_, running) =>
        {
            long count = 0;
            while (running())
            {
                await host.Verify(token);
                count++;
            }

            return count;
        });

    /// <summary>pgbench with prepared statements and 32 clients on the same server: one-row upserts or selects of rows as large as ours.</summary>
    private static double PgBench(string what, TimeSpan duration)
    {
        var connection = new NpgsqlConnectionStringBuilder(PostgreSqlServer.NewDatabase());
        using (var setup = new NpgsqlConnection(connection.ToString()))
        {
            setup.Open();
            using var create = new NpgsqlCommand(
                "CREATE TABLE rows (id int PRIMARY KEY, state text); INSERT INTO rows SELECT n, repeat('x', 1500) FROM generate_series(1, 40000) n; ANALYZE rows", setup);
            create.ExecuteNonQuery();
        }

        var script = Path.GetTempFileName();
        File.WriteAllText(script, "\\set id random(1, 40000)\n" + (what == "select"
            ? "SELECT state FROM rows WHERE id = :id;\n"
            : "INSERT INTO rows VALUES (:id, repeat('y', 1500)) ON CONFLICT (id) DO UPDATE SET state = excluded.state;\n"));
        var program = Directory.GetFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).Order().Last();
        using var process = Process.Start(new ProcessStartInfo(program,
        [
            "-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", $"{Math.Max(1, (int)duration.TotalSeconds)}", "-f", script,
            "-h", "127.0.0.1", "-p", $"{connection.Port}", "-U", "postgres", connection.Database!,
        ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        File.Delete(script);
        var tps = output.Split('\n').First(line => line.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(tps.Split(' ')[2]);
    }
}
