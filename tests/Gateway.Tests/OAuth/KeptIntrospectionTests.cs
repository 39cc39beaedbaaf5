using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Identity;
using TokenActors.Gateway.OAuth;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Tests.OAuth;

/// <summary>
/// What is said of a token that is asked about again and again is kept, and never said again once something changed.
/// </summary>
[Collection("service")]
public sealed class KeptIntrospectionTests(Service service)
{
    private const string Inactive = """{"active":false}""";
    private const string Password = "correct horse battery";

    [Fact]
    public void What_is_said_of_one_verification_is_kept_from_the_second_time_on()
    {
        var kept = new KeptIntrospections();
        var (id, verification) = (new TokenId(Guid.NewGuid()), new Verification());
        Introspection first = new() { Active = true }, second = new() { Active = true };
        kept.Note(id, verification, first);
        Assert.Null(kept.Find(id, verification));
        kept.Note(id, verification, second);
        Assert.Same(second, kept.Find(id, verification));
    }

    /// <summary>Equal is not the same: only of the very verification is known that nothing changed.</summary>
    [Fact]
    public void Of_an_equal_verification_nothing_is_kept()
    {
        var kept = new KeptIntrospections();
        var (id, verification) = (new TokenId(Guid.NewGuid()), new Verification());
        kept.Note(id, verification, Introspection.Inactive);
        kept.Note(id, verification, Introspection.Inactive);
        Assert.Null(kept.Find(id, verification with { }));
        Assert.Null(kept.Find(new TokenId(Guid.NewGuid()), new Verification()));
    }

    [Fact]
    public void What_takes_the_place_of_another_is_kept_in_its_stead()
    {
        var kept = new KeptIntrospections();
        var id = new TokenId(Guid.NewGuid());
        Verification before = new(), after = new();
        Introspection said = new() { Active = true };
        foreach (var verification in new[] { before, before, after, after })
        {
            kept.Note(id, verification, said);
        }

        Assert.Null(kept.Find(id, before));
        Assert.Same(said, kept.Find(id, after));
    }

    [Fact]
    public async Task A_life_that_changes_is_said_anew()
    {
        var made = await service.Create("viewer", ttl: "2h");
        var before = (long)(await Asked(made.Access))["exp"]!;
        (await service.Send(
            HttpMethod.Patch, $"/lifecycle/v1/tokens/{made.Id}",
            [("Authorization", "Bearer " + service.Admin), ("If-Match", "*")], new { life = "3h" },
            "application/merge-patch+json")).Is(HttpStatusCode.OK);
        Assert.NotEqual(before, (long)(await Asked(made.Access))["exp"]!);
    }

    [Fact]
    public async Task A_pair_that_another_takes_the_place_of_is_said_to_be_the_secondary()
    {
        var made = await service.Create("viewer");
        Assert.Equal("primary", (string)(await Asked(made.Access))["slot"]!);
        (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
        Assert.Equal("secondary", (string)(await Asked(made.Access))["slot"]!);
    }

    [Fact]
    public async Task A_token_that_is_disabled_is_inactive_and_one_that_is_enabled_again_active()
    {
        var made = await service.Create("viewer");
        Assert.True((bool)(await Asked(made.Access))["active"]!);
        await Command(made, "disable");
        Assert.Equal(Inactive, (await Asked(made.Access)).ToJsonString());
        await Command(made, "enable");
        Assert.True((bool)(await Asked(made.Access))["active"]!);
    }

    [Fact]
    public async Task A_member_that_is_named_otherwise_is_said_anew()
    {
        var name = $"{Guid.NewGuid():N}@example.com";
        var member = (await service.Post("/v1/members", service.Admin, new { name, secret = Password, role_binding = new[] { "viewer" } }))
            .Is(HttpStatusCode.Created).Result["member"]!;
        var session = (string)(await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = Password }))
            .Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;
        Assert.Equal(name, (string)(await Asked(session))["username"]!);
        var patch = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/name", ["value"] = "new-" + name });
        (await service.Send(HttpMethod.Patch, $"/v1/members/{(string)member["id"]!}", service.Admin, patch.ToJsonString()))
            .Is(HttpStatusCode.OK);
        Assert.Equal("new-" + name, (string)(await Asked(session))["username"]!);
    }

    /// <summary>Who may see a token is asked each time, whatever is kept of it.</summary>
    [Fact]
    public async Task What_is_kept_is_said_to_nobody_who_may_not_see_the_token()
    {
        var made = await service.Create("viewer");
        var (_, _, foreign) = await service.NewOrganization();
        var narrowed = await service.Create("viewer", new { accounts = new { ids = new[] { Guid.NewGuid() } } });
        await Asked(made.Access);
        foreach (var bearer in new[] { foreign, narrowed })
        {
            Assert.Equal(Inactive, (await service.Introspect(bearer.Access, made.Access)).Is(HttpStatusCode.OK).Body);
        }
    }

    /// <summary>So often that what was said is kept, and each time the same.</summary>
    private async Task<JsonObject> Asked(string secret)
    {
        HashSet<string> said = [];
        for (var i = 0; i < 4; i++)
        {
            said.Add((await service.Introspect(service.Admin, secret)).Is(HttpStatusCode.OK).Body);
        }

        return JsonNode.Parse(Assert.Single(said))!.AsObject();
    }

    private async Task Command(Made token, string command) =>
        (await service.Post($"/lifecycle/v1/tokens/{token.Id}/{command}", service.Admin, new { })).Is(HttpStatusCode.OK);
}
