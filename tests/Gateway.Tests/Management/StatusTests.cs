using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Grains.Abstractions.Status;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>What integrations are used for: counted where their tokens are verified, and reported by
/// connectors.</summary>
[Collection("service")]
public sealed class StatusTests(Service service)
{
    private sealed record Integration(string Account, string Id, string Token, string Access, string Refresh)
    {
        public string Path => $"/v1/status/{Account}/{Id}";
    }

    [Fact]
    public async Task An_integration_that_was_never_used_is_there_with_zeros()
    {
        var integration = await NewIntegration();
        var status = await Status(integration);
        Assert.Equal(
            ("unused", 0, 0, integration.Account, integration.Id),
            ((string)status["status"]!, (long)status["requests"]!, (long)status["failed"]!, (string)status["account_id"]!, (string)status["integration_id"]!));
        Assert.Empty(await Events(integration, 0));
        var hours = await Hours($"{integration.Path}/timeseries");
        Assert.Equal(24, hours.Count);
        Assert.All(hours, hour => Assert.Equal((0, 0), ((long)hour!["succeeded"]!, (long)hour["failed"]!)));
        Assert.Equal(24, hours.Select(hour => (string)hour!["created_at"]!).Distinct().Count());
    }

    /// <summary>The first use goes to the token's grain, later ones are read where they are asked.</summary>
    [Fact]
    public async Task Every_verification_of_its_token_is_a_request()
    {
        var integration = await NewIntegration();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await service.IsActive(integration.Access));
        }

        Assert.True(await service.IsActive(await NewSingle(integration, "10m")));
        (await service.Get($"/access/verify?organization_id={service.OrganizationId}&kind=integration", integration.Access)).Is(HttpStatusCode.OK);
        await Requests(integration, 22);
        var status = await Status(integration);
        Assert.Equal(("ok", 0), ((string)status["status"]!, (long)status["failed"]!));
        Assert.Equal(22, (await Hours($"{integration.Path}/timeseries")).Sum(hour => (long)hour!["succeeded"]!));
        Assert.Empty(await Events(integration, 0));
    }

    [Fact]
    public async Task A_refused_secret_that_was_once_its_own_is_a_failure_with_its_reason_and_a_guess_is_none()
    {
        var integration = await NewIntegration();
        Assert.False(await service.IsActive(integration.Access[..^12] + "000000000000"));
        (await service.Put($"/v1/tokens/{integration.Token}/refresh", integration.Refresh)).Is(HttpStatusCode.OK);
        Assert.True(await service.IsActive(integration.Access));
        (await service.Put($"/v1/tokens/{integration.Id}/{integration.Token}/reset", service.Admin)).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(integration.Access));
        var single = await NewSingle(integration, "1s");
        service.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await service.IsActive(single));
        await Requests(integration, 2);
        var failure = Assert.Single(await Events(integration, 1))!;
        Assert.Equal(("expired", integration.Id), ((string)failure["status"]!, (string)failure["integration_id"]!));
        var status = await Status(integration);
        Assert.Equal(("failures", 1), ((string)status["status"]!, (long)status["failed"]!));
    }

    [Fact]
    public async Task A_flood_of_refusals_is_counted_and_writes_a_bounded_number_of_events()
    {
        var integration = await NewIntegration();
        var single = await NewSingle(integration, "1s");
        service.Clock.Advance(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 150; i++)
        {
            Assert.False(await service.IsActive(single));
        }

        await Requests(integration, 150);
        var events = await Events(integration, 1);
        Assert.InRange(events.Count, 1, 200);
        Assert.Equal(events.Count, events.Select(e => (string)e!["created_at"]!).Distinct().Count());
    }

    [Fact]
    public async Task A_connector_reports_with_its_integration_s_token()
    {
        var integration = await NewIntegration();
        (await Report(integration, integration.Access, new
        {
            requests = 10, failed = 2, cpu_time = 1500, db_ops = 3, api_ops = 4, in_bytes = 5, out_bytes = 6,
            errors = new object[] { new { status = "timeout", error = "the provider did not answer" }, new { status = "quota" } },
        })).Is(HttpStatusCode.NoContent);
        (await Report(integration, integration.Access, new { requests = 1 })).Is(HttpStatusCode.NoContent);
        await Requests(integration, 11);
        var status = await Status(integration);
        Assert.Equal(
            [2, 1500, 3, 4, 5, 6],
            new[] { "failed", "cpu_time", "db_ops", "api_ops", "in_bytes", "out_bytes" }.Select(name => (long)status[name]!));
        var events = await Events(integration, 2);
        Assert.Equal(["timeout", "quota"], events.Select(e => (string)e!["status"]!));
        Assert.Equal("the provider did not answer", (string)events[0]!["error"]!);
        Assert.Equal(11, (long)events[0]!["request"]!);
    }

    [Fact]
    public async Task Another_service_reports_by_the_grain()
    {
        var integration = await NewIntegration();
        var grain = service.Grains.GetGrain<IIntegrationStatusGrain>("0");
        var report = new IntegrationReport
        {
            OrganizationId = new(Guid.Parse(service.OrganizationId)), IntegrationId = Guid.Parse(integration.Id),
            Counts = new IntegrationCounts { Requests = 3, InBytes = 7 },
            Errors = [new IntegrationError { Status = new string('x', 5000), Error = "cannot\0be stored" }],
        };
        Assert.True(await grain.Report(report));
        Assert.False(await grain.Report(report with { IntegrationId = Guid.NewGuid() }));
        Assert.False(await grain.Report(report with { OrganizationId = new(Guid.NewGuid()) }));
        await Requests(integration, 3);
        Assert.Equal(100, ((string)Assert.Single(await Events(integration, 1))!["status"]!).Length);
    }

    [Fact]
    public async Task A_report_of_another_integration_is_404_and_of_another_bearer_401()
    {
        var (integration, other) = (await NewIntegration(), await NewIntegration());
        (await Report(integration, other.Access, new { requests = 1 })).IsProblem(HttpStatusCode.NotFound);
        (await Report(integration with { Account = other.Account }, integration.Access, new { requests = 1 })).IsProblem(HttpStatusCode.NotFound);
        (await Report(integration, service.Admin, new { requests = 1 })).IsProblem(HttpStatusCode.Unauthorized);
        (await Report(integration, integration.Refresh, new { requests = 1 })).IsProblem(HttpStatusCode.Unauthorized);
        (await Report(integration, "ta_int_" + new string('x', 71), new { requests = 1 })).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get(integration.Path, integration.Access)).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"requests":-1}""", "/requests")]
    [InlineData("""{"requests":9000000000000000000}""", "/requests")]
    [InlineData("""{"requests":1,"failed":2}""", "/failed")]
    [InlineData("""{"errors":{}}""", "/errors")]
    [InlineData("""{"errors":[{"error":"x"}]}""", "/errors/0/status")]
    [InlineData("""{"errors":[{"status":"x","more":1}]}""", "/errors/0/more")]
    [InlineData("""{"more":1}""", "/more")]
    public async Task A_report_that_is_wrong_is_told_where(string body, string pointer)
    {
        var integration = await NewIntegration();
        (await Report(integration, integration.Access, body)).IsProblem(HttpStatusCode.BadRequest, pointer);
    }

    [Fact]
    public async Task A_reset_begins_the_counts_anew_and_is_audited()
    {
        var integration = await NewIntegration();
        (await Report(integration, integration.Access, new { requests = 5, failed = 5 })).Is(HttpStatusCode.NoContent);
        (await service.Put(integration.Path, service.Admin)).Is(HttpStatusCode.NoContent);
        var status = await Status(integration);
        Assert.Equal(("unused", 0), ((string)status["status"]!, (long)status["requests"]!));
        Assert.Equal(5, (await Hours($"{integration.Path}/timeseries")).Sum(hour => (long)hour!["failed"]!));
        (await Report(integration, integration.Access, new { requests = 1 })).Is(HttpStatusCode.NoContent);
        await Requests(integration, 1);
        var trail = (await service.Get($"/v1/audit/organizations?filter=integration_id[eq]{integration.Id}&filter=method[eq]PUT", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Contains("integration.status_reset", (string)Assert.Single(trail)!["response"]!);
    }

    [Fact]
    public async Task Events_are_paged_by_their_time_in_either_order_and_filtered()
    {
        var integration = await NewIntegration();
        foreach (var word in new[] { "one", "two", "three" })
        {
            (await Report(integration, integration.Access, new { requests = 1, errors = new[] { new { status = word } } })).Is(HttpStatusCode.NoContent);
        }

        await Requests(integration, 3);
        await Events(integration, 3);
        var first = Assert.Single((await service.Get($"{integration.Path}/events?limit=1", service.Admin)).Result.AsArray())!;
        Assert.Equal("one", (string)first["status"]!);
        Assert.Equal("two three", await Words(integration, $"?start_after={(string)first["created_at"]!}"));
        Assert.Equal("three two one", await Words(integration, "?order=created_at[desc]"));
        Assert.Equal("two three", await Words(integration, "?filter=status[like]t*"));
        (await service.Get($"{integration.Path}/events?order=status", service.Admin)).IsProblem(
            HttpStatusCode.BadRequest, "order");
        (await service.Get($"{integration.Path}/events?start_after=one", service.Admin)).IsProblem(
            HttpStatusCode.BadRequest, "start_after");
        (await service.Get($"{integration.Path}/events?filter=request[eq]1", service.Admin)).IsProblem(
            HttpStatusCode.BadRequest, "filter");
        (await service.Get($"{integration.Path}/timeseries?interval=minute", service.Admin)).IsProblem(
            HttpStatusCode.BadRequest, "interval");
        (await service.Get($"{integration.Path}/timeseries?interval=hour", service.Admin)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_list_is_by_account_and_integration_with_what_is_asked_for_beside()
    {
        var (_, _, boss) = await service.NewOrganization();
        var made = new[] { await NewIntegration(boss.Access), await NewIntegration(boss.Access), await NewIntegration(boss.Access) };
        var sorted = made.OrderBy(i => i.Account, StringComparer.Ordinal).ToArray();
        Assert.Equal(sorted.Select(i => i.Id), await Ids(boss.Access, ""));
        Assert.Equal(
            sorted.Skip(1).Select(i => i.Id),
            await Ids(boss.Access, $"?start_after={sorted[0].Account},{sorted[0].Id}"));
        Assert.Equal(sorted.Take(2).Select(i => i.Id), await Ids(boss.Access, "?limit=2"));
        Assert.Equal(
            made.Select(i => i.Id).OrderDescending(StringComparer.Ordinal),
            await Ids(boss.Access, "?order=integration_id[desc]"));
        Assert.Equal([made[1].Id], await Ids(boss.Access, $"?filter=integration_id[eq]{made[1].Id}"));
        Assert.Equal([made[2].Id], await Ids(boss.Access, $"?filter=account_id[eq]{made[2].Account}"));
        (await service.Get("/v1/status?start_after=nothing", boss.Access)).IsProblem(
            HttpStatusCode.BadRequest, "start_after");
        (await service.Get("/v1/status?filter=requests[gt]1", boss.Access)).IsProblem(
            HttpStatusCode.BadRequest, "filter");
        (await service.Get("/v1/status?expand=nothing", boss.Access)).IsProblem(HttpStatusCode.BadRequest, "expand");

        var plain = (await service.Get("/v1/status", boss.Access)).Is(HttpStatusCode.OK).Result[0]!.AsObject();
        Assert.False(plain.ContainsKey("account") || plain.ContainsKey("integration"));
        foreach (var words in new[] { "expand=all", "expand=accounts&expand=integrations", "expand=account&expand=integration" })
        {
            var whole = (await service.Get($"/v1/status?{words}", boss.Access)).Is(HttpStatusCode.OK).Result[0]!;
            Assert.Equal(
                ((string)whole["account_id"]!, (string)whole["integration_id"]!),
                ((string)whole["account"]!["id"]!, (string)whole["integration"]!["id"]!));
        }
    }

    [Fact]
    public async Task The_organization_s_hours_are_those_of_its_integrations_together()
    {
        var (_, _, boss) = await service.NewOrganization();
        var (one, two) = (await NewIntegration(boss.Access), await NewIntegration(boss.Access));
        (await Report(one, one.Access, new { requests = 5, failed = 1, in_bytes = 10 })).Is(HttpStatusCode.NoContent);
        (await Report(two, two.Access, new { requests = 7, failed = 2, in_bytes = 20 })).Is(HttpStatusCode.NoContent);
        await Requests(two, 7, boss.Access);
        var result = (await service.Get("/v1/status/timeseries", boss.Access)).Is(HttpStatusCode.OK).Result;
        Assert.Equal("1h", (string)result["interval"]!);
        Assert.Equal(TimeSpan.FromDays(1), (DateTimeOffset)result["end_time"]! - (DateTimeOffset)result["start_time"]!);
        var hours = result["series"]!.AsArray();
        Assert.Equal(24, hours.Count);
        Assert.Equal((9, 3, 30), (Sum("succeeded"), Sum("failed"), Sum("in_bytes")));

        long Sum(string name) => hours.Sum(hour => (long)hour![name]!);
    }

    private Task<Answer> Report(Integration integration, string bearer, object body) =>
        service.Post($"{integration.Path}/report", bearer, body);

    /// <summary>Waits for the minute in which what was counted is written.</summary>
    private async Task Requests(Integration integration, long expected, string? bearer = null)
    {
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var deadline = TimeProvider.System.GetTimestamp();
        long counted;
        while ((counted = (long)(await Status(integration, bearer))["requests"]!) != expected)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(10),
                $"{counted} of {expected} requests were written in time");
            await Task.Yield();
        }
    }

    private async Task<JsonNode> Status(Integration integration, string? bearer = null) =>
        (await service.Get(integration.Path, bearer ?? service.Admin)).Is(HttpStatusCode.OK).Result;

    /// <summary>They are written after the counts.</summary>
    private async Task<JsonArray> Events(Integration integration, int atLeast)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        JsonArray events;
        while ((events = (await service.Get($"{integration.Path}/events?limit=1000", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray()).Count < atLeast)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(10),
                $"{events.Count} of {atLeast} events were written in time");
            await Task.Yield();
        }

        return events;
    }

    private async Task<string> Words(Integration integration, string query) => string.Join(
        ' ', (await service.Get($"{integration.Path}/events{query}", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray().Select(e => (string)e!["status"]!));

    private async Task<JsonArray> Hours(string path) =>
        (await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Result["series"]!.AsArray();

    private async Task<List<string>> Ids(string bearer, string query) =>
        [.. (await service.Get($"/v1/status{query}", bearer)).Is(HttpStatusCode.OK).Result.AsArray().Select(status => (string)status!["integration_id"]!)];

    private async Task<string> NewSingle(Integration integration, string ttl) => (string)(await service.Post(
        $"/v1/tokens/{integration.Account}/{integration.Id}", service.Admin, new { token_ttl = ttl })).Is(HttpStatusCode.Created).Result["secret"]!;

    private async Task<Integration> NewIntegration(string? bearer = null)
    {
        bearer ??= service.Admin;
        var account = (string)(await service.Post("/v1/accounts", bearer, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var made = (await service.Post($"/v1/integrations/{account}", bearer, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created).Result;
        var (integration, token) = (made["integration"]!, made["token"]!);
        return new Integration(
            account, (string)integration["id"]!, (string)integration["refresh_token_id"]!, (string)token["access"]!["secret"]!, (string)token["refresh"]!["secret"]!);
    }
}
