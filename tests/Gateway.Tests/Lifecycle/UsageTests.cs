using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>How often tokens were used, and from where.</summary>
public sealed class UsageTests(Service service) : IClassFixture<Service>
{
    private const string Root = "/lifecycle/v1/tokens";

    [Fact]
    public async Task Uses_and_refusals_are_told_with_the_network_and_the_kind_of_client()
    {
        var made = await service.Create("viewer");
        (await Use(made.Access)).Is(HttpStatusCode.OK);
        (await Use(made.Access)).Is(HttpStatusCode.OK);
        (await service.Post($"{Root}/{made.Id}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        (await Use(made.Access)).Is(HttpStatusCode.Unauthorized);
        var usage = await Told(made.Id, usage => (long?)usage["refused"]?["disabled"] == 1);
        Assert.Equal((2, true), ((long)usage["accepted"]!, (bool)usage["kept"]!));
        var hours = usage["hours"]!.AsArray().OfType<JsonNode>().ToList();
        Assert.Equal(2, hours.Sum(hour => (long)hour["accepted"]!));
        Assert.EndsWith(":00:00Z", (string?)hours[0]["start"]);
        var address = Assert.Single(usage["addresses"]!.AsArray())!;
        Assert.Equal(("127.0.0.0/24", "deployer"), ((string?)address["address"], (string?)address["client"]));
        Assert.Equal((string?)address["last_at"], (string?)usage["last_used"]!["at"]);

        foreach (var token in new[] { await Get($"{Root}/{made.Id}"), (await Get($"{Root}?filter=id[eq]{made.Id}"))["items"]![0]! })
        {
            Assert.Equal(
                ("127.0.0.0/24", "deployer"),
                ((string?)token["last_used_from"]!["address"], (string?)token["last_used_from"]!["client"]));
            Assert.NotNull(token["last_used_at"]);
        }
    }

    [Fact]
    public async Task Of_a_number_of_uses_as_many_are_accepted_as_there_are_and_the_rest_is_refused()
    {
        var made = (await service.Post(Root, service.Admin, new { permission_set = "viewer", uses = 5 })).Is(HttpStatusCode.Created).Json;
        var (id, secret) = ((string)made["id"]!, (string)made["secrets"]!["access"]!);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Use(secret)));
        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        var usage = await Told(id, usage => usage["refused"]?.AsObject().Count > 0 && HasUse(usage));
        Assert.Equal(
            (5, 27), ((long)usage["accepted"]!, usage["refused"]!.AsObject().Sum(reason => (long)reason.Value!)));
    }

    [Fact]
    public async Task An_introspection_notes_the_address_that_it_was_told_and_never_that_of_the_server_that_asks()
    {
        var told = await service.Create("viewer");
        var untold = await service.Create("viewer");
        var listed = await service.Create("viewer");
        (await Introspect(told.Access, "2001:db8:77:1::5")).Is(HttpStatusCode.OK);
        (await Introspect(untold.Access, null)).Is(HttpStatusCode.OK);
        (await service.Post(
            "/lifecycle/v1/introspect", service.Admin,
            new { tokens = new[] { listed.Access }, client_ip = "::ffff:198.51.100.7" }))
            .Is(HttpStatusCode.OK);
        (await Introspect(told.Access, "somewhere")).Is(HttpStatusCode.BadRequest);
        (await service.Post(
            "/lifecycle/v1/introspect", service.Admin, new { tokens = new[] { "x" }, client_ip = "1.2.3" + "x" }))
            .Is(HttpStatusCode.BadRequest);
        Assert.Equal("2001:db8:77::/48", (string?)(await Told(told.Id, HasAddress))["addresses"]![0]!["address"]);
        Assert.Equal("198.51.100.0/24", (string?)(await Told(listed.Id, HasAddress))["last_used"]!["address"]);
        var unknown = await Told(untold.Id, usage => (long)usage["accepted"]! > 0);
        Assert.Empty(unknown["addresses"]!.AsArray());
        Assert.Equal((1, null), ((long)unknown["accepted"]!, (string?)unknown["last_used"]!["address"]));
    }

    [Fact]
    public async Task What_was_never_used_is_found_by_the_time_of_its_last_use()
    {
        var (name, used) = ($"n{Guid.NewGuid():N}"[..12], await service.Create("viewer"));
        var never = await service.Create("viewer", name: name);
        (await Use(used.Access)).Is(HttpStatusCode.OK);
        await Told(used.Id, HasUse);
        var since = Uri.EscapeDataString(service.Clock.GetUtcNow().AddDays(-90).ToString("O"));
        var items = (await Get($"{Root}?filter=last_used_at[lt]{since}&order=last_used_at&limit=1000"))["items"]!.AsArray();
        Assert.Contains(items, item => (string?)item!["id"] == never.Id);
        Assert.DoesNotContain(items, item => (string?)item!["id"] == used.Id);
        Assert.All(items, item => Assert.Null(item!["last_used_at"]));
        var all = (await Get($"{Root}?order=last_used_at[desc]&limit=1000"))["items"]!.AsArray().Select(item => (string?)item!["id"]).ToList();
        Assert.True(all.IndexOf(used.Id) < all.IndexOf(never.Id));
        Assert.True(all.IndexOf(never.Id) > 0);
    }

    private sealed class Forgetful : Service
    {
        protected override string[] Settings => ["--TokenActors:Usage:Enabled", "false"];
    }

    [Fact]
    public async Task Where_the_operator_keeps_no_usage_it_is_said_and_only_the_last_use_is_known()
    {
        Forgetful forgetful = new();
        await forgetful.InitializeAsync();
        try
        {
            var made = await forgetful.Create("viewer");
            (await forgetful.Get("/v1/tokens", made.Access)).Is(HttpStatusCode.OK);
            forgetful.Clock.Advance(TimeSpan.FromMinutes(1));
            var usage = await Eventually.Finds<JsonNode>(
                async () =>
                    (await forgetful.Get($"{Root}/{made.Id}/usage?days=1", forgetful.Admin)).Is(HttpStatusCode.OK).Json,
                told => told["last_used"] is not null);
            Assert.Equal((false, 0, 0, 0), ((bool)usage["kept"]!, (int)usage["accepted"]!, usage["hours"]!.AsArray().Count, usage["addresses"]!.AsArray().Count));
            Assert.Null(usage["last_used"]!["address"]);
        }
        finally
        {
            await forgetful.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("days=0")]
    [InlineData("days=36")]
    [InlineData("days=1.5")]
    [InlineData("days=-1")]
    [InlineData("days=1&days=2")]
    [InlineData("days=99999999999999999999")]
    public async Task Days_that_are_not_kept_are_refused(string query) =>
        (await service.Get($"{Root}/{service.DefaultTokenId}/usage?{query}", service.Admin)).Is(HttpStatusCode.BadRequest);

    /// <summary>Hours are written last.</summary>
    private static bool HasUse(JsonNode usage) => (long?)usage["accepted"] > 0;

    /// <summary>Written with the count of uses; the time of the last one may be told before.</summary>
    private static bool HasAddress(JsonNode usage) => usage["addresses"]!.AsArray().Count > 0;

    private Task<Answer> Use(string secret) => service.Send(
        HttpMethod.Get, Root, [("Authorization", $"Bearer {secret}"), ("User-Agent", "deployer/1.2 (linux)")]);

    private Task<Answer> Introspect(string secret, string? clientIp)
    {
        Dictionary<string, string> form = new() { ["token"] = secret };
        if (clientIp is not null)
        {
            form["client_ip"] = clientIp;
        }

        return service.Send(HttpMethod.Post, "/oauth2/introspect", service.Admin, form);
    }

    private async Task<JsonNode> Get(string path) =>
        (await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Json;

    /// <summary>The usage of a token once it is written, which the next full minute does.</summary>
    private Task<JsonNode> Told(string id, Func<JsonNode, bool> condition)
    {
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        return Eventually.Finds<JsonNode>(async () => await Get($"{Root}/{id}/usage?days=1"), condition);
    }
}
