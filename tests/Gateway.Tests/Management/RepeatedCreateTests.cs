using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Creates that make several things at once, asked again under their idempotency key.</summary>
[Collection("service")]
public sealed class RepeatedCreateTests(Service service)
{
    private const string Inline =
        """{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"token","secret":"hunter2-hunter2"}}}""";

    private const string SynqlyIntegrations = "/v1/tokens/synqly-integrations";

    /// <summary>A create that is about to be asked.</summary>
    /// <param name="Path">where</param>
    /// <param name="Bearer">by whom</param>
    /// <param name="Body">what for</param>
    /// <param name="OtherBody">what else could be asked for</param>
    private sealed record Wanted(string Path, string Bearer, string Body, string OtherBody);

    public static TheoryData<string> Kinds() =>
        ["suborganization", "suborganization without a member", "integration", "bridge", "synqly-integrations"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_create_repeated_under_its_key_answers_the_same_secrets(string kind)
    {
        var wanted = await Prepare(kind);
        var first = (await Post(wanted, "again")).Is(HttpStatusCode.Created);
        var secret = SecretIn(first);

        // Whoever is of another organization is told nothing of a token, so that a suborganization's is asked about
        // itself.
        var asking = kind.StartsWith("sub", StringComparison.Ordinal) ? secret : wanted.Bearer;
        Assert.True((bool)(await service.Introspect(asking, secret)).Json["active"]!);
        Assert.Equal(first.Body, (await Post(wanted, "again")).Is(HttpStatusCode.Created).Body);
        await service.RestartAsync();
        var rows = await Rows();
        Assert.Equal(first.Body, (await Post(wanted, "again")).Is(HttpStatusCode.Created).Body);
        Assert.Equal(rows, await Rows());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Creates_at_once_under_one_key_make_one_of_each(string kind)
    {
        var wanted = await Prepare(kind);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post(wanted, "together")));
        Assert.All(answers, answer => answer.Is(HttpStatusCode.Created));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Another_request_under_the_key_is_409_and_makes_nothing(string kind)
    {
        var wanted = await Prepare(kind);
        var first = (await Post(wanted, "other")).Is(HttpStatusCode.Created);
        var rows = await Rows();
        (await Post(wanted with { Body = wanted.OtherBody }, "other")).IsProblem(HttpStatusCode.Conflict);
        Assert.Equal(rows, await Rows());
        Assert.Equal(first.Body, (await Post(wanted, "other")).Body);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task After_ten_minutes_the_key_is_409_and_makes_nothing(string kind)
    {
        var wanted = await Prepare(kind);
        (await Post(wanted, "old")).Is(HttpStatusCode.Created);
        var rows = await Rows();
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        (await Post(wanted, "old")).IsProblem(HttpStatusCode.Conflict);
        Assert.Equal(rows, await Rows());
    }

    /// <summary>Ids follow from the key, and no id is used twice.</summary>
    [Theory]
    [InlineData("suborganization")]
    [InlineData("suborganization without a member")]
    [InlineData("integration")]
    [InlineData("bridge")]
    public async Task The_key_of_what_was_deleted_is_409_and_makes_nothing(string kind)
    {
        var wanted = await Prepare(kind);
        var made = (await Post(wanted, "dead")).Is(HttpStatusCode.Created).Result;
        var id = (string)(made[kind] ?? made["organization"])!["id"]!;
        (await service.Delete($"{wanted.Path}/{id}", wanted.Bearer)).Is(HttpStatusCode.NoContent);
        var rows = await Rows();
        (await Post(wanted, "dead")).IsProblem(HttpStatusCode.Conflict);
        Assert.Equal(rows, await Rows());
    }

    [Theory]
    [InlineData("suborganization")]
    [InlineData("integration")]
    [InlineData("bridge")]
    public async Task A_name_that_is_taken_is_not_kept_under_the_key(string kind)
    {
        var wanted = await Prepare(kind);
        var name = $"taken-{Guid.NewGuid():N}";
        var body = JsonNode.Parse(wanted.Body)!;
        body["name"] = name;
        var named = wanted with { Body = body.ToJsonString() };
        var owner = (await Post(named, key: null)).Is(HttpStatusCode.Created).Result;
        (await Post(named, "kept")).IsProblem(HttpStatusCode.Conflict);
        var id = (string)(owner[kind] ?? owner["organization"])!["id"]!;
        (await service.Delete($"{wanted.Path}/{id}", wanted.Bearer)).Is(HttpStatusCode.NoContent);
        var made = (await Post(named, "kept")).Is(HttpStatusCode.Created);
        Assert.Equal(made.Body, (await Post(named, "kept")).Body);
    }

    [Fact]
    public async Task A_refused_synqly_integrations_token_makes_no_account()
    {
        var (_, _, boss) = await service.NewOrganization();
        var account = (await service.Post("/v1/accounts", boss.Access, "{}")).Is(HttpStatusCode.Created);
        var elsewhere = account.Result["account"]!["id"];
        var narrow = await service.Create(
            "administrator", new { accounts = new { ids = new[] { (string)elsewhere! } } }, bearer: boss.Access);
        var rows = await Rows();
        (await service.Post(SynqlyIntegrations, narrow.Access, "{}", "refused")).IsProblem(HttpStatusCode.Forbidden);
        (await service.Post(SynqlyIntegrations, boss.Access, """{"token_ttl":"1ns"}""", "refused")).IsProblem(HttpStatusCode.BadRequest);
        Assert.Equal(rows, await Rows());
        (await service.Post(SynqlyIntegrations, boss.Access, "{}", "refused")).Is(HttpStatusCode.Created);
    }

    /// <summary>Nothing is ever sealed under a password.</summary>
    [Fact]
    public async Task A_log_on_takes_no_key()
    {
        var body = new { name = "administrator", secret = (string)service.Bootstrap["member_secret"]! };
        var path = $"/v1/auth/logon/{service.OrganizationId}";
        var first = (await service.Post(path, null, body, "logon")).Is(HttpStatusCode.OK).Result;
        var second = (await service.Post(path, null, body, "logon")).Is(HttpStatusCode.OK).Result;
        Assert.NotEqual((string)first["refresh_token_id"]!, (string)second["refresh_token_id"]!);
        Assert.NotEqual((string)first["token"]!["access"]!["secret"]!, (string)second["token"]!["access"]!["secret"]!);
        var row = await service.Store.Read(new("token", (string)first["refresh_token_id"]!));
        Assert.DoesNotContain("sealed", row?.State, StringComparison.OrdinalIgnoreCase);
        Assert.Null(row?.Sealed);
    }

    private static string SecretIn(Answer answer)
    {
        if (answer.Result["credential"] is { } credential)
        {
            return (string)credential!;
        }

        var token = answer.Result["token"]!;
        return (string)(token["primary"] ?? token)["access"]!["secret"]!;
    }

    private Task<Answer> Post(Wanted wanted, string? key) => service.Post(wanted.Path, wanted.Bearer, wanted.Body, key);

    /// <summary>Each test has bearers of its own, so that keys do not meet.</summary>
    private async Task<Wanted> Prepare(string kind)
    {
        var name = $"n{Guid.NewGuid():N}";
        if (kind == "synqly-integrations")
        {
            var (_, _, boss) = await service.NewOrganization();
            return new Wanted(SynqlyIntegrations, boss.Access, "{}", """{"token_ttl":"2h"}""");
        }

        var bearer = (await service.Create()).Access;
        if (kind is "integration" or "bridge")
        {
            var account = (await service.Post("/v1/accounts", bearer, "{}")).Is(HttpStatusCode.Created).Result["account"]!["id"];
            if (kind == "bridge")
            {
                return new Wanted($"/v1/bridges/{account}", bearer, "{}", """{"description":"Other"}""");
            }

            var other = Inline.Replace("hunter2", "hunter3", StringComparison.Ordinal);
            return new Wanted($"/v1/integrations/{account}", bearer, Inline, other);
        }

        var member = kind == "suborganization" ? $$""","member":{"name":"boss@example.com","secret":"correct horse battery"}""" : "";
        return new Wanted(
            "/v1/suborgs", bearer, $$"""{"name":"{{name}}"{{member}}}""", $$"""{"name":"{{name}}","fullname":"Other"{{member}}}""");
    }

    /// <summary>How many rows of each kind the whole service has, tombstones among them.</summary>
    private async Task<string> Rows()
    {
        List<string> counts = [];
        foreach (var kind in new[] { "organization", "member", "account", "integration", "bridge", "credential", "token" })
        {
            counts.Add($"{kind}: {(await service.Store.AllOfKind(kind)).Count}");
        }

        return string.Join(", ", counts);
    }
}
