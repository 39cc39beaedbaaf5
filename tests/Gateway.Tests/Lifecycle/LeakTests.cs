using System.Net;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What a scanner reports is revoked, and the scanner learns nothing.</summary>
[Collection("service")]
public sealed class LeakTests(Service service)
{
    private const string Route = "/lifecycle/v1/leaks";

    [Fact]
    public async Task Every_reported_secret_of_the_organization_is_revoked_and_the_answer_never_differs()
    {
        var (_, _, foreign) = await service.NewOrganization();
        var refresh = await service.Create();
        var disabled = await service.Create("viewer");
        var kept = await service.Create();
        var mcp = (string)(await service.Post(
            "/v1/tokens/mcp", service.Admin, new { scope = new { type = "management" } }))
            .Is(HttpStatusCode.Created).Result["secret"]!;
        string[] reported = [refresh.Refresh, $"curl -H 'Authorization: Bearer {disabled.Access}' https://x", mcp, foreign.Access, "nothing"];
        var answer = (await service.Post(Route, service.Admin, new { secrets = reported })).Is(HttpStatusCode.Accepted);
        Assert.Equal("", answer.Body);
        foreach (var secret in new[] { refresh.Access, disabled.Access, mcp })
        {
            Assert.False(await service.IsActive(secret));
        }

        Assert.True(await service.IsActive(kept.Access));
        (await service.Get("/v1/organization", foreign.Access)).Is(HttpStatusCode.OK);
        var again = (await service.Post(Route, service.Admin, new { secrets = reported })).Is(HttpStatusCode.Accepted);
        Assert.Equal((answer.Body, answer.ContentType), (again.Body, again.ContentType));
    }

    [Fact]
    public async Task The_trail_says_that_it_leaked_and_who_said_so()
    {
        var scanner = await service.Create();
        var leaked = await service.Create();
        (await service.Post(Route, scanner.Access, new { secrets = new[] { leaked.Access } })).Is(HttpStatusCode.Accepted);
        var rows = (await service.Store.AuditOf(leaked.Id)).Where(row => row.Event is "token.leaked" or "token.deleted").ToList();
        Assert.Equal(["token.leaked", "token.deleted"], rows.Select(row => row.Event));
        Assert.All(rows, row => Assert.Equal(scanner.Id, row.ActorTokenId));
    }

    /// <summary>Who found a secret could end it without any grant.</summary>
    [Fact]
    public async Task A_scanner_that_may_do_little_ends_what_may_do_much_in_its_organization_alone()
    {
        var wide = await service.Create();
        var secret = new Secret(wide.Access);
        Assert.True(SecretFormat.TryParse(wide.Access, out var id));
        var grain = service.Grains.GetGrain<IRefreshTokenGrain>(id.ToString());
        var caller = (await grain.Verify(new VerifyToken { Presented = secret.Fingerprint() })).Caller! with
        {
            TokenId = new TokenId(Guid.NewGuid()),
            Grant = Grant.Nothing,
        };
        RevokeToken By(Caller who, bool leaked) => new()
        {
            Context = new CallContext { CommandId = Guid.NewGuid(), Caller = who }, Presented = secret.Fingerprint(), Leaked = leaked,
        };
        Assert.Equal(TokenRefusal.BeyondGrant, (await grain.Revoke(By(caller, leaked: false))).Refusal);
        Assert.Equal(TokenRefusal.NotFound, (await grain.Revoke(By(caller with { OrganizationId = new OrganizationId(Guid.NewGuid()) }, leaked: true))).Refusal);
        Assert.Null((await grain.Revoke(By(caller, leaked: true))).Refusal);
        Assert.False(await service.IsActive(wide.Access));
    }

    [Theory]
    [InlineData("disable", false)]
    [InlineData("notice", true)]
    public async Task The_policy_says_what_becomes_of_it(string onLeak, bool lives)
    {
        await using var own = new OwnService();
        await own.InitializeAsync();
        var tag = (await own.Get("/lifecycle/v1/policy", own.Admin)).Headers["ETag"];
        (string, string)[] headers = [("Authorization", $"Bearer {own.Admin}"), ("If-Match", tag)];
        (await own.Send(HttpMethod.Put, "/lifecycle/v1/policy", headers, new { on_leak = onLeak })).Is(HttpStatusCode.OK);
        var leaked = await own.Create("viewer");
        (await own.Post(Route, own.Admin, new { secrets = new[] { leaked.Access } })).Is(HttpStatusCode.Accepted);
        Assert.Equal(lives, await own.IsActive(leaked.Access));
        var events = (await own.Store.AuditOf(leaked.Id)).Select(row => row.Event).ToList();
        Assert.Contains("token.leaked", events);
        Assert.DoesNotContain("token.deleted", events);
        Assert.Equal(!lives, events.Contains("token.disabled"));
    }

    [Fact]
    public async Task A_leaked_secondary_takes_only_itself_and_a_spent_secret_nothing()
    {
        var made = await service.Create();
        var next = Made.From((await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK));
        (await service.Post(Route, service.Admin, new { secrets = new[] { made.Access } })).Is(HttpStatusCode.Accepted);
        Assert.False(await service.IsActive(made.Access));
        Assert.True(await service.IsActive(next.Access));
        var before = (await service.Store.AuditOf(made.Id)).Count;
        (await service.Post(Route, service.Admin, new { secrets = new[] { made.Access, made.Refresh } })).Is(HttpStatusCode.Accepted);
        Assert.True(await service.IsActive(next.Access));
        Assert.Equal(before, (await service.Store.AuditOf(made.Id)).Count);
    }

    [Fact]
    public async Task Who_may_delete_no_tokens_or_not_all_gets_403()
    {
        (await service.Post(Route, (await service.Create("viewer")).Access, new { secrets = new[] { "x" } })).Is(HttpStatusCode.Forbidden);
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var narrowed = await service.Create("administrator", new { accounts = new { ids = new[] { account } } });
        (await service.Post(Route, narrowed.Access, new { secrets = new[] { "x" } })).Is(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("{}", "/secrets")]
    [InlineData("""{"secrets":[]}""", "/secrets")]
    [InlineData("""{"secrets":[{}]}""", "/secrets/0")]
    [InlineData("""{"secrets":["x"],"live":true}""", "/live")]
    public async Task What_is_wrong_with_the_body_is_400_that_points_to_it(string body, string pointer)
    {
        var problem = (await service.Post(Route, service.Admin, body)).Is(HttpStatusCode.BadRequest);
        Assert.Equal("application/problem+json", problem.ContentType);
        Assert.Equal(pointer, (string)problem.Json["errors"]![0]!["pointer"]!);
    }

    [Fact]
    public async Task More_than_a_hundred_are_400() =>
        (await service.Post(Route, service.Admin, new { secrets = Enumerable.Repeat("x", 101) })).Is(HttpStatusCode.BadRequest);

    private sealed class OwnService : Service, IAsyncDisposable
    {
        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}
