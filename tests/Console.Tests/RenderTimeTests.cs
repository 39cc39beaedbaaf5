using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace TokenActors.WebConsole.Tests;

/// <summary>
/// How long the service takes for the pages of tokens, from the request to the end of the answer, among many tokens:
/// 20,000, or <c>TOKENACTORS_LIST_ROWS=1000000</c>. A quarter of the rounds of each page lies within 100 ms, whatever
/// else the machine does meanwhile; the medians are written out.
/// </summary>
public sealed class RenderTimeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int PageSize = 50;
    private const int Batch = 10_000;
    private const int Warming = 3;
    private const int Rounds = 15;
    private const double MostMilliseconds = 100;

    private static readonly int Many = int.Parse(
        Environment.GetEnvironmentVariable("TOKENACTORS_LIST_ROWS") ?? "20000", CultureInfo.InvariantCulture);

    /// <summary>What the pages offer, but for the order of names, which nothing has sorted (decision 53).</summary>
    private static readonly string[] Lists =
    [
        "/console/tokens", "/console/tokens?order=expires_at%5Basc%5D", "/console/tokens?order=last_used_at%5Bdesc%5D",
        "/console/tokens?order=last_used_at%5Basc%5D", "/console/tokens?state=active", "/console/tokens?kind=adhoc",
        "/console/tokens?label=common", "/console/tokens?ends=3650", "/console/tokens?q=copy",
    ];

    private readonly Timed _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Pages_of_tokens_are_rendered_within_a_tenth_of_a_second()
    {
        var sample = await _service.Post(
            "/lifecycle/v1/tokens", _service.Admin, new { permission_set = "viewer", labels = new[] { "common" } });
        await _service.RestartAsync(() => Fill((string)sample.Is(HttpStatusCode.Created).Json["id"]!));
        using var visitor = await new Visitor(_service.Http.BaseAddress!).SignIn("root", "administrator", (string)_service.Bootstrap["member_secret"]!);
        List<string> slow = [];
        foreach (var path in Lists)
        {
            await Measure(path, _ => path, () => visitor.Page.QuerySelectorAll("#tokens tbody tr").Length == PageSize);
        }

        await visitor.Get("/console/tokens");
        var next = visitor.Page.QuerySelector("a[rel=next]")!.GetAttribute("href")!;
        await Measure(
            "the next page", _ => next, () => visitor.Page.QuerySelectorAll("#tokens tbody tr").Length == PageSize);

        // Each of another token, which nobody has asked for before.
        await visitor.Get(next);
        var tokens = visitor.Page.QuerySelectorAll("#tokens tbody td.lead a").Select(link => link.GetAttribute("href")!).ToList();
        await Measure(
            "the page of a token", round => tokens[round],
            () => visitor.Page.QuerySelector("h1") is { TextContent: not "" });
        Assert.True(slow is [], string.Join('\n', slow));

        async Task Measure(string what, Func<int, string> path, Func<bool> isWhole)
        {
            List<double> times = [];
            for (var round = 0; round < Warming + Rounds; round++)
            {
                _service.Times.Clear();
                await visitor.Get(path(round));
                Assert.True(isWhole(), $"{what}: {visitor.Status} {visitor.Text}");
                times.Add(_service.Times.Single().TotalMilliseconds);
            }

            var sorted = times.Skip(Warming).Order().ToList();
            var line = string.Create(
                CultureInfo.InvariantCulture, $"{what,-40} {sorted[0]:F1} to {sorted[^1]:F1} ms, median {sorted[Rounds / 2]:F1}, among {Many}");
            output.WriteLine(line);
            if (sorted[Rounds / 4] > MostMilliseconds)
            {
                slow.Add(line);
            }
        }
    }

    /// <summary>Copies of one token under ids, names and times of their own, with what lists keep beside
    /// them.</summary>
    private async Task Fill(string sample)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_service.Folder, "tokenactors.db")};Pooling=False");
        await connection.OpenAsync();
        var columns = await Columns(connection);
        var values = columns.Select(column => column switch
        {
            "id" => "s.id",
            "name" or "name_key" => "'copy-' || s.n",
            "state" => "replace(r.state, r.id, s.id)",
            "created_at" or "expires_at" => $"r.{column} - s.n * 1000000",
            _ => $"r.{column}",
        });
        for (var from = 1; from <= Many; from += Batch)
        {
            var copies = $"(WITH RECURSIVE c(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM c WHERE n < {Math.Min(Many, from + Batch - 1)}) "
                + "SELECT n, printf('%08x-0000-4000-8000-%012x', (n * 2654435761) % 4294967296, n) AS id FROM c) s";
            await Execute(
                connection,
                "BEGIN IMMEDIATE; "
                + $"INSERT INTO records ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM {copies} "
                + $"JOIN records r ON r.kind = 'token' AND r.id = '{sample}'; "
                + Beside("token_uses", "last_used_at", "r.created_at") + Beside(
                    "token_ends", "ends_at", "COALESCE(r.expires_at, 0)")
                + Beside("token_labels", "label", "'common'") + "COMMIT");

            string Beside(string table, string column, string value) =>
                $"INSERT INTO {table} (service_id, organization_id, token_id, {column}) SELECT r.service_id, r.organization_id, r.id, {value} "
                + $"FROM {copies} JOIN records r ON r.kind = 'token' AND r.id = s.id AND r.service_id = (SELECT MAX(service_id) FROM records); ";
        }

        await Execute(connection, "PRAGMA analysis_limit = 1000; ANALYZE");
    }

    private static async Task<List<string>> Columns(SqliteConnection connection)
    {
        await using var command = new SqliteCommand("SELECT name FROM pragma_table_info('records')", connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<string> columns = [];
        while (await rows.ReadAsync())
        {
            columns.Add(rows.GetString(0));
        }

        return columns;
    }

    private static async Task Execute(SqliteConnection connection, string statement)
    {
        await using var command = new SqliteCommand(statement, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Timed : Service, IStartupFilter
    {
        public ConcurrentQueue<TimeSpan> Times { get; } = new();

        protected override TimeProvider Time => TimeProvider.System;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext http, RequestDelegate rest) =>
            {
                var started = Stopwatch.GetTimestamp();
                await rest(http);
                Times.Enqueue(Stopwatch.GetElapsedTime(started));
            });
            next(app);
        };

        protected override void Configure(IServiceCollection services) => services.AddSingleton<IStartupFilter>(this);
    }
}
