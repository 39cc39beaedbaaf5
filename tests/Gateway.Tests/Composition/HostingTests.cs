using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using TokenActors.Gateway.Composition;
using TokenActors.Gateway.Http;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Tests.Composition;

/// <summary>Starting, bootstrap, limits, health and OpenAPI.</summary>
public sealed class HostingTests
{
    private sealed class Limited : Service
    {
        protected override string[] Settings =>
        [
            "--TokenActors:RateLimits:PerToken", "5", "--TokenActors:RateLimits:FailuresPerAddress", "5",
            "--TokenActors:RateLimits:LogonsPerName", "2",
        ];
    }

    private sealed class Forged : Service
    {
        protected override TimeProvider Time => TimeProvider.System;

        protected override string[] Settings => ["--TokenActors:RateLimits:PerToken", "5"];
    }

    private sealed class Disabling : Service
    {
        protected override string[] Settings => ["--TokenActors:Tokens:ReuseDetection", "Disable", "--TokenActors:Tokens:RefreshGrace", "0s", "--TokenActors:Tokens:MostLiveTokens", "3"];
    }

    private sealed class CutChildren : Service
    {
        protected override string[] Settings => ["--TokenActors:Tokens:ChildLife", "Parent"];
    }

    private sealed class OnPostgreSql : Service
    {
        public string Connection { get; } = PostgreSqlServer.NewDatabase();

        protected override string[] Settings =>
            ["--TokenActors:Storage:Provider", "postgresql", "--TokenActors:Storage:ConnectionString", Connection];
    }

    private static async Task With<TService>(Func<TService, Task> test)
        where TService : Service, new()
    {
        var service = new TService();
        await service.InitializeAsync();
        try
        {
            await test(service);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public Task A_token_that_asks_too_often_is_429_and_introspection_is_not() => With<Limited>(async service =>
    {
        Answer answer;
        var sent = 0;
        do
        {
            answer = await service.Get("/v1/organization", service.Admin);
        }
        while (answer.Status == HttpStatusCode.OK && ++sent < 500);
        answer.IsProblem(HttpStatusCode.TooManyRequests);
        Assert.True(int.Parse(answer.Headers["Retry-After"]) >= 1);
        Assert.True(sent >= 10);
        (await service.Introspect(service.Admin, service.Admin)).Is(HttpStatusCode.OK);
    });

    /// <summary>LaunchDarkly's clients wait until the time in its header, and whoever presents no bearer is told of
    /// none.</summary>
    [Fact]
    public Task A_refusal_of_too_many_requests_has_the_rate_headers_of_LaunchDarkly() => With<Limited>(async service =>
    {
        Task<Answer> Ask(string bearer) => service.Send(HttpMethod.Get, "/api/v2/tokens", [("Authorization", bearer)]);
        var answer = await Eventually.Finds<Answer>(
            async () => await Ask(service.Admin), asked => asked.Status != HttpStatusCode.OK);
        answer.Is(HttpStatusCode.TooManyRequests);
        Assert.Equal(
            ("0", "0"),
            (answer.Headers["X-Ratelimit-Global-Remaining"], answer.Headers["X-Ratelimit-Route-Remaining"]));
        Assert.InRange(
            long.Parse(answer.Headers["X-Ratelimit-Reset"]) - service.Clock.GetUtcNow().ToUnixTimeMilliseconds(), 0,
            1000);
        Assert.True(answer.Headers.ContainsKey("Retry-After"));

        answer = await Eventually.Finds<Answer>(
            async () => await Ask("nonsense"), asked => asked.Status != HttpStatusCode.Unauthorized);
        Assert.DoesNotContain("X-Ratelimit-Reset", answer.Is(HttpStatusCode.TooManyRequests).Headers.Keys);
    });

    [Fact]
    public Task Too_many_failures_of_one_address_are_429_before_any_grain_is_asked() => With<Limited>(async service =>
    {
        for (var i = 0; i < 5; i++)
        {
            (await service.Get("/v1/organization", "nonsense")).IsProblem(HttpStatusCode.Unauthorized);
        }

        var refused = (await service.Get("/v1/organization", "nonsense")).IsProblem(HttpStatusCode.TooManyRequests);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"]), 1, 12);

        // A twelfth of a minute fills a fifth of the bucket: one more failure, whether somebody asks meanwhile or not.
        service.Clock.Advance(TimeSpan.FromSeconds(6));
        (await service.Get("/v1/organization", "nonsense")).IsProblem(HttpStatusCode.TooManyRequests);
        service.Clock.Advance(TimeSpan.FromSeconds(7));
        (await service.Get("/v1/organization", "nonsense")).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get("/v1/organization", "nonsense")).IsProblem(HttpStatusCode.TooManyRequests);
    });

    /// <summary>A forged secret that bears the id of a token takes nothing from that token's bucket.</summary>
    [Fact]
    public Task Forged_secrets_leave_the_rightful_bearer_alone() => With<Forged>(async service =>
    {
        var made = await service.Create();
        for (var i = 0; i < 60; i++)
        {
            var forged = Domain.Secrets.SecretFormat.Compose(
                "ta_org_", Domain.Identity.TokenId.Parse(made.Id),
                System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
            (await service.Put($"/v1/tokens/{made.Id}/refresh", forged.Reveal())).IsProblem(HttpStatusCode.Unauthorized);
        }

        (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
    });

    [Fact]
    public Task Logons_are_limited_for_known_and_unknown_names_alike() => With<Limited>(async service =>
    {
        foreach (var name in new[] { "administrator", "nobody" })
        {
            for (var i = 0; i < 2; i++)
            {
                (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = "wrong" })).IsProblem(HttpStatusCode.Unauthorized);
            }

            (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = "wrong" })).IsProblem(HttpStatusCode.TooManyRequests);
        }
    });

    /// <summary>Random names fall under no limit by name: the address has one, which is asked before anything is
    /// derived.</summary>
    [Fact]
    public Task Logons_that_fail_count_against_their_address() => With<Limited>(async service =>
    {
        for (var i = 0; i < 5; i++)
        {
            (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name = $"nobody{i}", secret = "wrong" })).IsProblem(HttpStatusCode.Unauthorized);
        }

        (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name = "nobody", secret = "wrong" })).IsProblem(HttpStatusCode.TooManyRequests);
    });

    /// <summary>Where every place to derive is taken, whoever is let through to one is 503, and whoever is limited is
    /// still 429.</summary>
    [Fact]
    public Task No_password_is_derived_of_a_name_that_is_limited() => With<Limited>(async service =>
    {
        Task<Answer> LogOn(string name) =>
            service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = "wrong" });
        for (var i = 0; i < 2; i++)
        {
            (await LogOn("administrator")).IsProblem(HttpStatusCode.Unauthorized);
        }

        using var leave = new ManualResetEventSlim();
        var hashing = service.Get<PasswordHashing>();
        var taken = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2) + PasswordHashing.MostWaiting)
            .Select(_ => hashing.OnACore(() => leave.Wait(TimeSpan.FromSeconds(60)), CancellationToken.None)).ToList();
        (await LogOn("nobody")).IsProblem(HttpStatusCode.ServiceUnavailable);
        (await LogOn("administrator")).IsProblem(HttpStatusCode.TooManyRequests);
        leave.Set();
        await Task.WhenAll(taken);
    });

    [Fact]
    public Task An_organizations_id_and_name_share_one_limit_of_logons() => With<Limited>(async service =>
    {
        foreach (var organization in new[] { service.OrganizationId, "root" })
        {
            (await service.Post($"/v1/auth/logon/{organization}", null, new { name = "nobody", secret = "wrong" })).IsProblem(HttpStatusCode.Unauthorized);
        }

        (await service.Post("/v1/auth/logon/ROOT", null, new { name = "Nobody", secret = "wrong" })).IsProblem(
            HttpStatusCode.TooManyRequests);
    });

    [Fact]
    public Task A_replay_disables_where_the_operator_wants_it_and_live_tokens_are_bounded() => With<Disabling>(async service =>
    {
        var made = await service.Create();
        var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        Assert.Equal(next, Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)));
        await service.IsActive(next.Access);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.False(await service.IsActive(next.Access));
        await service.Create();
        (await service.Post("/v1/tokens", service.Admin, """{"permission_set":"viewer","resources":{}}""")).IsProblem(HttpStatusCode.Conflict);
    });

    [Fact]
    public Task A_child_lives_no_longer_than_its_parent_where_the_operator_wants_it() => With<CutChildren>(async service =>
    {
        var parent = await service.Create(ttl: "1h");
        async Task<DateTimeOffset> End(string id) =>
            (DateTimeOffset)(await service.Get($"/v1/tokens/{id}/info", service.Admin)).Result["expires"]!;
        var child = await service.Create("viewer", bearer: parent.Access, ttl: "8760h");
        var end = await End(parent.Id);
        Assert.Equal(end, await End(child.Id));

        // Its own refresh takes it no further, also after its parent's was renewed.
        service.Clock.Advance(TimeSpan.FromMinutes(30));
        Made.From((await service.Put($"/v1/tokens/{parent.Id}/refresh", parent.Refresh)).Is(HttpStatusCode.OK));
        Made.From((await service.Put($"/v1/tokens/{child.Id}/refresh", child.Refresh)).Is(HttpStatusCode.OK));
        Assert.Equal(end, await End(child.Id));
        Assert.True(await End(parent.Id) > end);
    });

    [Fact]
    public Task A_replay_under_the_tokens_name_disables_it_as_one_by_its_id() => With<Disabling>(async service =>
    {
        var made = await service.Create(name: "by-name");
        var next = Made.From(await service.Put("/v1/tokens/by-name/refresh", made.Refresh));
        await service.IsActive(next.Access);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        (await service.Put("/v1/tokens/by-name/refresh", made.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.False(await service.IsActive(next.Access));
    });

    /// <summary>Whoever waits longer than the response time-out of 5 s has given up.</summary>
    [PostgreSqlFact]
    public Task Refreshes_while_another_locks_the_table_are_503_within_the_response_time_out() => With<OnPostgreSql>(async service =>
    {
        List<Made> made = [];
        for (var i = 0; i < 12; i++)
        {
            made.Add(await service.Create());
        }

        await using (var locking = new Npgsql.NpgsqlConnection(service.Connection + ";Pooling=false"))
        {
            await locking.OpenAsync();
            await using var transaction = await locking.BeginTransactionAsync();
            await using var command = new Npgsql.NpgsqlCommand(
                "LOCK TABLE records IN ACCESS EXCLUSIVE MODE", locking, transaction);
            await command.ExecuteNonQueryAsync();
            for (var round = 0; round < 2; round++)
            {
                var answers = await Task.WhenAll(made.Select(async token =>
                {
                    var began = Stopwatch.GetTimestamp();
                    var answer = await service.Put($"/v1/tokens/{token.Id}/refresh", token.Refresh);
                    return (answer.Status, Took: Stopwatch.GetElapsedTime(began));
                }));
                Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
                // The response time-out of 5 s, and a second for a machine that is busy with other tests.
                Assert.All(answers, answer => Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(6)));
            }
        }

        var since = Stopwatch.GetTimestamp();
        while ((await service.Put($"/v1/tokens/{made[0].Id}/refresh", made[0].Refresh)).Status != HttpStatusCode.OK)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(20), "it is served again in time");
        }
    });

    /// <summary>Sessions of before stay read-only after a failover, when new ones are not.</summary>
    [PostgreSqlFact]
    public Task A_service_is_not_ready_while_its_database_is_read_only_and_is_within_seconds_after() => With<OnPostgreSql>(async service =>
    {
        async Task Run(string sql)
        {
            await using var connection = new Npgsql.NpgsqlConnection(
                service.Connection + ";Pooling=false;Options=-c default_transaction_read_only=off");
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        async Task<HttpStatusCode> Ready() => (await service.Get("/health/ready", null)).Status;
        Task<Answer> Change() => service.Post("/v1/accounts", service.Admin, new { });
        Assert.Equal(HttpStatusCode.OK, await Ready());
        var name = new Npgsql.NpgsqlConnectionStringBuilder(service.Connection).Database;
        await Run($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await Run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        var (changed, ready) = (HttpStatusCode.OK, HttpStatusCode.OK);
        await Eventually.Holds(
            async () => ((changed, ready) = ((await Change()).Status, await Ready())) == (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable),
            () => $"it says that it is not ready: {changed} to a change, {ready}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Ready());
        Assert.Equal(HttpStatusCode.OK, (await service.Get("/health/live", null)).Status);

        await Run($"ALTER DATABASE {name} RESET default_transaction_read_only");
        await Eventually.Holds(
            async () => await Ready() == HttpStatusCode.OK, "it is ready again, without a request",
            TimeSpan.FromSeconds(15));
        (await Change()).Is(HttpStatusCode.Created);
    });

    [PostgreSqlFact]
    public Task The_whole_story_on_postgresql() => With<OnPostgreSql>(async service =>
    {
        var made = await service.Create("viewer", name: "pg");
        var next = Made.From((await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK));
        await service.RestartAsync();
        Assert.True(await service.IsActive(next.Access));
        Assert.True(await service.IsActive(made.Access));
        Assert.Equal(next, Made.From(await service.Put("/v1/tokens/pg/refresh", made.Refresh)));
        Assert.Equal("default pg", string.Join(
            ' ', (await service.Get("/v1/tokens", service.Admin)).Result.AsArray().Select(t => (string)t!["name"]!)));
        (await service.Delete("/v1/tokens/pg", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(next.Access));
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => service.Post(
            "/v1/tokens", service.Admin, new { name = $"n{i % 32}", permission_set = "viewer", resources = new { } })));
        Assert.Equal(32, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.Equal(32, answers.Count(a => a.Status == HttpStatusCode.Conflict));
    });

    [Fact]
    public Task Bootstrap_files_are_private_and_later_starts_never_touch_them() => With<Service>(async service =>
    {
        foreach (var file in new[] { "bootstrap.json", "pepper" })
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(service.Folder, file)));
        }

        Assert.Equal(
            ["organization_id", "member_id", "member_name", "member_secret", "refresh_token_id", "access_secret", "refresh_secret"],
            service.Bootstrap.Select(p => p.Key));
        var before = File.GetLastWriteTimeUtc(Path.Combine(service.Folder, "bootstrap.json"));
        await service.RestartAsync();
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(service.Folder, "bootstrap.json")));
        (await service.Get("/v1/organization", service.Admin)).Is(HttpStatusCode.OK);
    });

    [Fact]
    public async Task A_first_start_that_was_cut_short_is_taken_up_from_the_file()
    {
        // A whole first start, of which only the file and the pepper remain: the crash came before the database.
        var folder = Directory.CreateTempSubdirectory("tokenactors-boot-").FullName;
        string[] args = ["--urls", "http://127.0.0.1:0", "--TokenActors:DataDirectory", folder, "--Logging:LogLevel:Default", "Warning"];
        async Task<HttpStatusCode> Start(string? bearer)
        {
            await using var app = await GatewayHost.Build(args, TimeProvider.System);
            await app.StartAsync();
            using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            http.DefaultRequestHeaders.Authorization = bearer is null ? null : new("Bearer", bearer);
            var status = HttpStatusCode.ServiceUnavailable;

            // It may not be ready yet.
            await Eventually.Holds(async () => (status = (await http.GetAsync("/v1/organization")).StatusCode) != HttpStatusCode.ServiceUnavailable);
            await app.StopAsync();
            return status;
        }

        await Start(null);
        var text = await File.ReadAllTextAsync(Path.Combine(folder, "bootstrap.json"));

        // A crash takes the connections along; one that is kept here would still have the file that is deleted.
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(folder, "tokenactors.db*"))
        {
            File.Delete(file);
        }

        Assert.Equal(HttpStatusCode.OK, await Start((string)JsonNode.Parse(text)!["access_secret"]!));
        Assert.Equal(text, await File.ReadAllTextAsync(Path.Combine(folder, "bootstrap.json")));
        File.Delete(Path.Combine(folder, "pepper"));
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(null));
        Assert.Contains("pepper is missing", missing.Message);
        Assert.False(File.Exists(Path.Combine(folder, "pepper")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_all_named_and_secrets_are_not_shown()
    {
        var problem = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.Build(
        [
            "--TokenActors:Storage:Provider", "Oracle", "--TokenActors:Tokens:RefreshGrace", "-5s",
            "--TokenActors:Tokens:ReuseDetection", "Ignore",
            "--TokenActors:RateLimits:PerToken", "many", "--TokenActors:Secrets:Peppers:0:Id", "p",
            "--TokenActors:Secrets:Peppers:0:Key", "hunter2hunter2",
            "--TokenActors:ForwardedHeaders:KnownProxies:0", "proxy", "--TokenActors:Cluster:Mode", "Cloud",
            "--TokenActors:Storage:Conection", "x",
        ], TimeProvider.System));
        foreach (var part in new[] { "Storage:Provider is 'Oracle'", "RefreshGrace is '-5s'", "ReuseDetection is 'Ignore'", "PerToken is 'many'", "Peppers:0:Key (not shown)", "KnownProxies:0 is 'proxy'", "Cluster:Mode is 'Cloud'", "Storage:Conection is not a setting" })
        {
            Assert.Contains(part, problem.Message);
        }

        Assert.DoesNotContain("hunter2", problem.Message);
    }

    [Theory]
    [InlineData("TokenActors:Cluster:Tls:Authority is missing", "--TokenActors:Cluster:Tls:Certificate /nowhere/tls.crt")]
    [InlineData(
        "TokenActors:Cluster:Tls:Certificate is '/nowhere/tls.crt'; there is no such file",
        "--TokenActors:Cluster:Tls:Certificate /nowhere/tls.crt --TokenActors:Cluster:Tls:Authority /nowhere/ca.crt")]
    public async Task A_gateway_of_a_cluster_does_not_start_without_the_files_of_its_tls_settings(
        string expected, string settings)
    {
        string[] client = ["--TokenActors:Cluster:Mode", "Client", "--TokenActors:Cluster:Gateways:0", "silos:30000"];
        var problem = await Assert.ThrowsAsync<SettingsException>(
            () => GatewayHost.Build([.. client, .. settings.Split(' ')], TimeProvider.System));
        Assert.Contains(expected, problem.Message);
    }

    [Theory]
    [InlineData("PostgreSql", "nonsense")]
    [InlineData("PostgreSql", "")]
    [InlineData("PostgreSql", "Host=x;Colour=blue")]
    [InlineData("Sqlite", "hunter2")]
    public async Task A_connection_string_that_cannot_be_read_is_named_and_not_shown(string provider, string text)
    {
        var problem = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.Build(
            ["--TokenActors:Storage:Provider", provider, "--TokenActors:Storage:ConnectionString", text], TimeProvider.System));
        Assert.Contains("TokenActors:Storage:ConnectionString", problem.Message);
        Assert.True(text.Length == 0 || !problem.Message.Contains(text));
    }

    [Theory]
    [InlineData("--port 80")]
    [InlineData("serve")]
    [InlineData("--urls")]
    [InlineData("--urls --data x")]
    [InlineData("--TokenActors:Storage:Provider")]
    public async Task A_command_line_that_is_not_understood_serves_nothing(string args)
    {
        var code = await CommandLine.Run(args.Split(' '), _ => throw new InvalidOperationException("it serves"));
        Assert.Equal(ExitCodes.Usage, code);
    }

    [Fact]
    public async Task Settings_may_stand_anywhere_and_short_flags_stand_for_theirs()
    {
        string[] served = [];
        var code = await CommandLine.Run(
            ["--TokenActors:Storage:Provider=Sqlite", "--urls=http://127.0.0.1:1", "--Logging:LogLevel:Default", "Warning", "--data", "x"],
            settings =>
            {
                served = settings;
                return Task.FromResult(7);
            });
        Assert.Equal(7, code);
        Assert.Equal(
            ["--TokenActors:Storage:Provider=Sqlite", "--Logging:LogLevel:Default", "Warning", "--urls", "http://127.0.0.1:1", "--TokenActors:DataDirectory", "x"],
            served);
    }

    [Fact]
    public async Task Help_serves_nothing_and_ends_well() =>
        Assert.Equal(
            ExitCodes.Done, await CommandLine.Run(["--help"], _ => throw new InvalidOperationException("it serves")));

    [Fact]
    public async Task A_taken_port_and_an_address_that_is_none_end_the_start_before_anything_is_written()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var folder = Path.Combine(Path.GetTempPath(), $"tokenactors-none-{Guid.NewGuid():N}");
        foreach (var (url, reason) in new[] { ($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "is in use"), ("nonsense", "is no address") })
        {
            var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => GatewayHost.Build(
                ["--urls", url, "--TokenActors:DataDirectory", folder], TimeProvider.System));
            Assert.Contains(url, problem.Message);
            Assert.Contains(reason, problem.Message);
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public Task Health_answers_without_a_bearer() => With<Service>(async service =>
    {
        foreach (var path in new[] { "startup", "live", "ready" })
        {
            Assert.Equal("""{"status":"ok"}""", (await service.Get($"/health/{path}", null)).Is(HttpStatusCode.OK).Body);
        }

        (await service.Get("/v1/meta/openapi/nothing", null)).Is(HttpStatusCode.NotFound);
    });

    [Fact]
    public Task The_openapi_documents_are_those_that_were_committed() => With<Service>(async service =>
    {
        foreach (var (name, file) in new[] { ("management", "openapi.json"), ("cloudflare", "openapi.cloudflare.json"), ("launchdarkly", "openapi.launchdarkly.json"), ("boomerang", "openapi.boomerang.json"), ("lifecycle", "openapi.lifecycle.json"), ("engine", "openapi.engine.json") })
        {
            var document = (await service.Get($"/v1/meta/openapi/{name}", null)).Is(HttpStatusCode.OK).Json;
            document.Remove("servers");
            var text = document.ToJsonString(new() { WriteIndented = true }) + "\n";
            if (Environment.GetEnvironmentVariable("TOKENACTORS_UPDATE") == "1")
            {
                await File.WriteAllTextAsync(Path.Combine(SourceFolder(), "Documents", file), text);
                continue;
            }

            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Composition", "Documents", file)),
                text);
        }
    });

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetDirectoryName(path)!;
}
