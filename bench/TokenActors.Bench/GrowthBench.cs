using System.Diagnostics;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Storage;
using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>The same operations as stored tokens grow from a thousand to a million, and callers from 1 to 512, on PostgreSQL.</summary>
internal static class GrowthBench
{
    private const int ColdSample = 4_000;

    private static readonly int[] Stored = [1_000, 10_000, 100_000, 1_000_000];
    private static readonly int[] CallerCounts = [1, 4, 16, 64, 256, 512];

    public static async Task Tokens(Report report, TimeSpan duration)
    {
        List<(double, double)> refreshes = [], cold = [], pages = [];
        foreach (var rows in Stored)
        {
            var (silo, _, first) = await BenchSilo.StartFilled(rows);
            await using var host = silo;
            pages.Add((rows, await PageMilliseconds(host, rows)));
            refreshes.Add((rows, await GrainBench.Refreshes(host, GrainBench.Callers, duration)));
            var random = new Random(1);
            var sample = Enumerable.Range(0, ColdSample).Select(_ => random.Next(rows) + 1).Distinct()
                .Select(n => (new TokenId(Fill.IdOf(n)), first.Access)).ToList();
            cold.Add((rows, await GrainBench.Verifications(host, sample)));
        }

        report.AtMost("list page of 100 among 1,000,000 tokens, milliseconds", pages[^1].Item2, "among 1,000", pages[0].Item2, 3);
        report.Beside("durable refreshes a second among 1,000,000 tokens", refreshes[^1].Item2, "among 1,000", refreshes[0].Item2);
        report.Beside("cold verifications a second among 1,000,000 tokens", cold[^1].Item2, "among 1,000", cold[0].Item2);
        report.Plot(new(
            "growth-tokens",
            "Operations a second as stored tokens grow (PostgreSQL, grain level)",
            "stored tokens",
            "a second",
            [new("refresh", refreshes), new("cold verification", cold)]));
        report.Plot(new("growth-lists", "A page of 100 from the middle of a list", "stored tokens", "milliseconds", [new("list page", pages)]));
    }

    public static async Task Callers(Report report, TimeSpan duration)
    {
        List<(double, double)> refreshes = [], verifications = [];
        await using var host = await BenchSilo.Start(DatabaseProvider.PostgreSql, PostgreSqlServer.NewDatabase());
        var (id, pair) = await host.Issue();
        foreach (var callers in CallerCounts)
        {
            refreshes.Add((callers, await GrainBench.Refreshes(host, callers, duration)));
            verifications.Add((callers, await GrainBench.WarmVerifications(host, (id, pair.Access), callers, duration / 2)));
        }

        report.Beside("durable refreshes a second, 512 callers", refreshes[^1].Item2, "one caller", refreshes[0].Item2);
        report.Plot(new(
            "growth-callers-refresh", "Durable refreshes a second by callers (PostgreSQL, grain level)", "callers", "a second", [new("refresh", refreshes)]));
        report.Plot(new(
            "growth-callers-verify", "Warm verifications a second by callers (grain level)", "callers", "a second", [new("verification", verifications)]));
    }

    private static async Task<double> PageMilliseconds(BenchSilo host, int rows)
    {
        var request = new ListRequest { OrganizationId = host.Organization, Limit = 100, StartAfter = Fill.NameOf(rows / 2) };
        var catalog = host.Grains.GetGrain<ICatalogGrain>("0");
        List<double> samples = [];
        for (var i = 0; i < 60; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await catalog.ListTokens(request);
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (page.Tokens!.Value.Length != 100)
            {
                throw new InvalidOperationException("the page is short");
            }
        }

        // The first half warms up.
        return samples[30..].Order().ElementAt(15);
    }
}
