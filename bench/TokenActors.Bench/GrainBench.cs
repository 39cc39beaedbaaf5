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
        await using (var host = await Host.Start(StorageOptions.PostgreSql, database))
        {
            var upserts = PgBench("upsert", duration);
            var refreshes = await Refreshes(host, duration);
            report.Ratio("durable refresh, grain level, PostgreSQL / pgbench upserts", refreshes, upserts, 2);
        }

        var tokens = new List<(TokenId Id, Secret Access)>();
        await using (var host = await Host.Start(StorageOptions.PostgreSql, database))
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

        await using (var host = await Host.Start(StorageOptions.PostgreSql, database))
        {
            var selects = PgBench("select", duration);
            report.Ratio("cold verification, grain level / pgbench selects", await ColdVerifications(host, tokens), selects, 0.5);
            report.Figure("warm verification, grain level, per second", await WarmVerifications(host, tokens[0], duration));
        }

        await Lists(report);
        await Sqlite(report, duration);
    }

    private static async Task<double> Refreshes(Host host, TimeSpan duration)
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => host.Issue()));
        await Load.PerSecond(Callers, TimeSpan.FromSeconds(12), (i, running) => RefreshLoop(host, tokens, i, running));
        return await Load.PerSecond(Callers, duration, (i, running) => RefreshLoop(host, tokens, i, running));
    }

    private static async Task<long> RefreshLoop(Host host, (TokenId Id, SecretPair Pair)[] tokens, int i, Func<bool> running)
    {
        long count = 0;
        while (running())
        {
            var (id, pair) = tokens[i];
            var next = SecretMint.Mint(TokenProfile.Organization, id);
            var answer = await host.Grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Refresh(new RefreshToken
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

    private static async Task<double> ColdVerifications(Host host, List<(TokenId Id, Secret Access)> tokens)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(tokens, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (token, _) => await host.Verify(token));
        return tokens.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task<double> WarmVerifications(Host host, (TokenId Id, Secret Access) token, TimeSpan duration) =>
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

    /// <summary>A page of 100 from the middle of the list, among a thousand and among many more rows of one organization.</summary>
    private static async Task Lists(Report report)
    {
        const int many = 1_000_000;
        var times = new List<double>();
        foreach (var rows in new[] { 1_000, many })
        {
            var database = PostgreSqlServer.NewDatabase();
            await using var host = await Host.Start(StorageOptions.PostgreSql, database);
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

    private static async Task Sqlite(Report report, TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-bench-").FullName;
        var file = StoreFactory.SqliteFile(Path.Combine(folder, "bench.db"));
        await using (var host = await Host.Start(StorageOptions.Sqlite, file))
        {
            var single = OneRowTransactions(file, duration);
            report.Ratio("durable refresh, grain level, SQLite FULL / one-row transactions", await Refreshes(host, duration), single, 10);
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

    /// <summary>A silo in this process, with an organization of its own.</summary>
    private sealed class Host(IHost host, string folder) : IAsyncDisposable
    {
        private MemberId _member;

        public IGrainFactory Grains { get; } = host.Services.GetRequiredService<IGrainFactory>();

        public OrganizationId Organization { get; private set; }

        public static async Task<Host> Start(string provider, string connectionString)
        {
            var folder = Path.Combine(Path.GetTempPath(), "tokenactors-bench-data");
            Directory.CreateDirectory(folder);
            var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["TokenActors:DataDirectory"] = folder,
                ["TokenActors:Storage:Provider"] = provider,
                ["TokenActors:Storage:ConnectionString"] = connectionString,
                ["TokenActors:Secrets:Peppers:0:Id"] = "bench",
                ["TokenActors:Secrets:Peppers:0:Key"] = Convert.ToBase64String(new byte[32]),
            });
            List<string> problems = [];
            await builder.AddEmbeddedSilo(ServiceOptions.Read(builder.Configuration, problems), TimeProvider.System);
            var host = builder.Build();
            await host.StartAsync();
            var made = new Host(host, folder);
            var root = await made.Grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, Domain.Organizations.OrganizationType.Root);
            made.Organization = root!.Id;
            made._member = (await made.Grains.GetGrain<IRefreshTokenGrain>(root.RefreshTokenId.ToString()).Get(root.Id)).Token!.MemberId;
            return made;
        }

        public async Task<(TokenId Id, SecretPair Pair)> Issue()
        {
            var id = SecretMint.NewTokenId(TimeProvider.System);
            var pair = SecretMint.Mint(TokenProfile.Organization, id);
            var answer = await Grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(new IssueToken
            {
                Context = new CallContext { CommandId = Guid.CreateVersion7() },
                Profile = TokenProfile.Organization.Name,
                OrganizationId = Organization,
                MemberId = _member,
                FullName = "first",
                PermissionSet = PermissionSets.Viewer,
                Resources = Resources.All,
                Secrets = pair.ToMinted(),
            });
            return answer.Refusal is null ? (id, pair) : throw new InvalidOperationException(answer.Refusal.ToString());
        }

        public async Task Verify((TokenId Id, Secret Access) token)
        {
            var verification = await Grains.GetGrain<IRefreshTokenGrain>(token.Id.ToString()).Verify(new VerifyToken { Presented = token.Access.Fingerprint() });
            if (verification.Refusal is { } refusal)
            {
                throw new InvalidOperationException(refusal.ToString());
            }
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
