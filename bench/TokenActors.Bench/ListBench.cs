using System.Diagnostics;
using Npgsql;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Storage;
using TokenActors.Tests;

namespace TokenActors.Bench;

/// <summary>A page of 100 from the middle of the list, among a thousand and among many more rows of one organization.</summary>
internal static class ListBench
{
    public static async Task Run(Report report)
    {
        const int many = 1_000_000;
        var times = new List<double>();
        foreach (var rows in new[] { 1_000, many })
        {
            var database = PostgreSqlServer.NewDatabase();
            await using var host = await BenchSilo.Start(StorageOptions.PostgreSql, database);
            var (_, _) = await host.Issue();
            await using (var connection = new NpgsqlConnection(database))
            {
                await connection.OpenAsync();
                await using var fill = new NpgsqlCommand(
                    $"""
                    INSERT INTO records (service_id, kind, id, version, command_id, state, organization_id, owner_id, parent_id, member_id, name, name_key, status, created_at, updated_at, expires_at, due_at)
                    SELECT service_id, kind, md5(n::text)::uuid::text, version, command_id, state, organization_id, owner_id, parent_id, member_id, 'n' || lpad(n::text, 8, '0'), 'n' || lpad(n::text, 8, '0'), status, created_at, updated_at, expires_at, expires_at
                    FROM records, generate_series(1, {rows}) n WHERE kind = 'token' AND state LIKE '%"fullname":"first"%' LIMIT {rows};
                    ANALYZE records
                    """, connection) { CommandTimeout = 600 };
                await fill.ExecuteNonQueryAsync();
            }

            var request = new ListRequest { OrganizationId = host.Organization, Limit = 100, StartAfter = $"n{rows / 2:00000000}" };
            var catalog = host.Grains.GetGrain<ICatalogGrain>("0");
            List<double> samples = [];
            for (var i = 0; i < 30; i++)
            {
                var started = Stopwatch.GetTimestamp();
                var page = await catalog.ListTokens(request);
                samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                if (page.Tokens!.Value.Length != 100)
                {
                    throw new InvalidOperationException("the page is short");
                }
            }

            times.Add(samples.Order().ElementAt(samples.Count / 2));
        }

        report.AtMost($"list page of 100 among {many:N0} tokens / among 1,000 (milliseconds)", times[1], times[0], 3);
    }
}
