using System.Diagnostics;
using Npgsql;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage;
using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>Grain calls in one process, against what the database does by itself.</summary>
internal static class GrainBench
{
    public const int Callers = 64;
    private const int ColdTokens = 60_000;

    /// <summary>Refreshes on PostgreSQL, with their audit rows, against rows of the same size without.</summary>
    public static async Task Refreshes(Report report, TimeSpan duration)
    {
        await using var host = await BenchSilo.Start(DatabaseProvider.PostgreSql, PostgreSqlServer.NewDatabase());
        var upserts = PgBench.Upserts(duration);
        var manyAtOnce = PgBench.UpsertsOfMany(duration);
        var refreshes = await Refreshes(host, Callers, duration);
        report.AtLeast("durable refreshes a second, grain level, PostgreSQL", refreshes, "pgbench, one row each", upserts, 2);
        report.Beside("durable refreshes a second, grain level, PostgreSQL", refreshes, $"pgbench, {PgBench.Many} rows each", manyAtOnce);
    }

    /// <summary>
    /// Tokens that are not in memory, verified from their rows, and by their grains, which come into memory by it. The first of each warm up.
    /// </summary>
    public static async Task Cold(Report report, TimeSpan duration)
    {
        var (silo, database, first) = await BenchSilo.StartFilled(4 * ColdTokens);
        await using var host = silo;
        var tokens = Enumerable.Range(1, 4 * ColdTokens).Select(n => (new TokenId(Fill.IdOf(n)), first.Access)).Chunk(ColdTokens).ToList();
        var selects = PgBench.Selects(duration);
        await PerSecond(tokens[0], host.VerifyCold);
        var fromRows = await PerSecond(tokens[1], host.VerifyCold);
        report.AtLeast("cold verifications a second, grain level", fromRows, "pgbench selects", selects, 0.5);
        await PerSecond(tokens[2], host.Verify);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        report.Beside("cold verifications a second, grain level", fromRows, "by activating grains", await PerSecond(tokens[3], host.Verify));
        var active = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)ColdTokens;
        report.Beside("memory of an active token, bytes", active, "its row and index entries", await StoredBytes(database) / (4.0 * ColdTokens));
        report.Beside("warm verifications a second, grain level", await WarmVerifications(host, (tokens[3][0].Item1, first.Access), Callers, duration), "pgbench selects", selects);
    }

    /// <summary>
    /// How often one organization's grain can be asked by tokens of other silos: each of their verifications is a message to it. Tokens of its
    /// own silo ask its memory without one.
    /// </summary>
    public static async Task HottestOrganization(Report report, TimeSpan duration)
    {
        await using var host = await BenchSilo.Start(DatabaseProvider.PostgreSql, PostgreSqlServer.NewDatabase());
        var (id, pair) = await host.Issue();
        await host.Verify((id, pair.Access));
        await Load.PerSecond(Callers, host.WarmUp(), (_, running) => AskLoop(host, running));
        var messages = await Load.PerSecond(Callers, duration, (_, running) => AskLoop(host, running));
        await GlanceRate(host, id, pair.Access, duration / 4);
        report.Beside(
            "verifications of one organization's tokens a second, its grain on another silo", messages, "on the same silo", await GlanceRate(host, id, pair.Access, duration));
    }

    private static async Task<long> AskLoop(BenchSilo host, Func<bool> running)
    {
        long count = 0;
        var organization = host.Grains.GetGrain<IOrganizationGrain>(host.Organization.ToString());
        var query = host.OwnerQuery;
        while (running())
        {
            await organization.Ask(query);
            count++;
        }

        return count;
    }

    private static Task<double> GlanceRate(BenchSilo host, TokenId id, Secret access, TimeSpan duration) =>
        Load.PerSecond(Environment.ProcessorCount, duration, async (_, running) =>
        {
            long count = 0;
            while (running())
            {
                if (host.Glance(id, access) is null)
                {
                    await host.Verify((id, access));
                }

                count++;
            }

            return count;
        });

    private static async Task<long> StoredBytes(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var size = new NpgsqlCommand("SELECT pg_total_relation_size('records')", connection);
        return (long)(await size.ExecuteScalarAsync())!;
    }

    public static async Task<double> Refreshes(BenchSilo host, int callers, TimeSpan duration)
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => host.Issue()));
        await Load.PerSecond(callers, host.WarmUp(), (i, running) => RefreshLoop(host, tokens, i, running));
        return await Load.PerSecond(callers, duration, (i, running) => RefreshLoop(host, tokens, i, running));
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

    public static Task<double> Verifications(BenchSilo host, IReadOnlyCollection<(TokenId Id, Secret Access)> tokens) => PerSecond(tokens, host.Verify);

    private static async Task<double> PerSecond(IReadOnlyCollection<(TokenId Id, Secret Access)> tokens, Func<(TokenId Id, Secret Access), Task> verify)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(tokens, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (token, _) => await verify(token));
        return tokens.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public static Task<double> WarmVerifications(BenchSilo host, (TokenId Id, Secret Access) token, int callers, TimeSpan duration) =>
        Load.PerSecond(callers, duration, async (_, running) =>
        {
            long count = 0;
            while (running())
            {
                await host.Verify(token);
                count++;
            }

            return count;
        });
}
