using System.Net;

namespace TokenActors.Gateway.Tests.OAuth;

[Collection("service")]
public sealed class OAuthTests(Service service)
{
    /// <summary>What a client added to a secret is told of, and makes no revocation find nothing.</summary>
    [Theory]
    [InlineData("\u200b", "")]
    [InlineData("Bearer ", "")]
    [InlineData("\"", "\"")]
    public async Task A_secret_with_more_around_it_is_400(string before, string after)
    {
        var made = await service.Create();
        Assert.Equal("invalid_request", (string)(await service.Revoke(service.Admin, before + made.Access + after)).Is(HttpStatusCode.BadRequest).Json["error"]!);
        Assert.True(await service.IsActive(made.Access));
    }

    [Fact]
    public async Task An_active_token_tells_its_story()
    {
        var made = await service.Create("viewer", ttl: "2h");
        var answer = (await service.Introspect(service.Admin, made.Access)).Is(HttpStatusCode.OK);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var json = answer.Json;
        Assert.True((bool)json["active"]!);
        Assert.Equal("viewer", (string)json["scope"]!);
        Assert.Equal("Bearer", (string)json["token_type"]!);
        Assert.Equal(made.Id, (string)json["jti"]!);
        Assert.Equal(7200, (long)json["exp"]! - (long)json["iat"]!);
        Assert.Equal("primary", (string)json["slot"]!);
        Assert.Equal("access", (string)json["token_use"]!);
        Assert.Equal(
            "refresh",
            (string)(await service.Introspect(service.Admin, made.Refresh, "refresh_token")).Json["token_use"]!);
    }

    [Fact]
    public async Task Whatever_is_not_active_is_exactly_that()
    {
        var (_, _, foreign) = await service.NewOrganization();
        var gone = await service.Create();
        await service.Delete($"/v1/tokens/{gone.Id}", service.Admin);
        foreach (var token in new[] { foreign.Access, gone.Access, gone.Refresh, "nonsense", service.Admin[..^2] + "zz" })
        {
            Assert.Equal("""{"active":false}""", (await service.Introspect(service.Admin, token)).Is(HttpStatusCode.OK).Body);
        }
    }

    [Fact]
    public async Task Introspecting_a_spent_refresh_secret_is_never_reuse()
    {
        var made = await service.Create();
        var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        await service.Put($"/v1/tokens/{made.Id}/refresh", next.Refresh);
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(await service.IsActive(made.Refresh));
        Assert.DoesNotContain(await service.Store.AuditOf(made.Id), a => a.Event == "token.reuse_detected");
    }

    [Fact]
    public async Task Introspection_counts_as_presentation()
    {
        var made = await service.Create();
        var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        await service.Introspect(service.Admin, next.Refresh, "refresh_token");
        service.Clock.Advance(TimeSpan.FromSeconds(61));
        (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
    }

    /// <summary>A refresh secret opens nothing, so that a resource server must not let it in.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData("access_token", false)]
    [InlineData("something_else", false)]
    [InlineData("refresh_token", true)]
    public async Task A_refresh_secret_is_active_only_by_its_hint(string? hint, bool active)
    {
        var made = await service.Create();
        Assert.Equal(
            active,
            (bool)(await service.Introspect(service.Admin, made.Refresh, hint)).Is(HttpStatusCode.OK).Json["active"]!);
        Assert.True(
            (bool)(await service.Introspect(service.Admin, made.Access, hint)).Is(HttpStatusCode.OK).Json["active"]!);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData(" ")]
    [InlineData("\t")]
    public async Task Blanks_around_a_secret_hide_no_token_from_its_revocation(string blank)
    {
        var made = await service.Create();
        (await service.Revoke(service.Admin, made.Access + blank)).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(made.Access));
        var other = await service.Create();
        (await service.Revoke(service.Admin, blank + other.Access)).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(other.Access));
    }

    /// <summary>Possession is enough, also of a kind that opens no route, and of either half.</summary>
    [Fact]
    public async Task Every_kind_of_token_revokes_itself()
    {
        var mcp = (await service.Post("/v1/tokens/mcp", service.Admin, new { scope = new { type = "management" } })).Is(HttpStatusCode.Created);
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var integration = (await service.Post(
            $"/v1/integrations/{account}", service.Admin, new { provider_config = new { type = "siem_mock_siem" } }))
            .Is(HttpStatusCode.Created).Result["integration"]!;
        var connector = (await service.Post($"/v1/tokens/{account}/{(string)integration["id"]!}", service.Admin, new { })).Is(HttpStatusCode.Created);
        var viewer = await service.Create("viewer");
        var refreshed = await service.Create("member");
        string[] secrets = [(string)mcp.Result["secret"]!, (string)connector.Result["secret"]!, viewer.Access, refreshed.Refresh];
        foreach (var secret in secrets)
        {
            (await service.Revoke(secret, secret)).Is(HttpStatusCode.OK);
            Assert.False((bool)(await service.Introspect(service.Admin, secret, "refresh_token")).Json["active"]!);
            (await service.Revoke(secret, secret)).Is(HttpStatusCode.Unauthorized);
        }

        // What is not its own token takes an access secret that opens the API.
        (await service.Revoke((await service.Create()).Refresh, viewer.Access)).Is(HttpStatusCode.Unauthorized);
    }

    /// <summary>Of a session and of the other APIs, whose secrets open nothing at this one else.</summary>
    [Fact]
    public async Task A_session_and_the_tokens_of_other_apis_revoke_themselves()
    {
        var tokens = $"/client/v4/accounts/{Guid.Parse(service.OrganizationId):N}/access/service_tokens";
        var password = new { name = "administrator", secret = (string?)service.Bootstrap["member_secret"] };
        var session = await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, password);
        var cloudflare = await service.Post(tokens, service.Admin, new { name = "c" });
        var launch = await service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { role = "reader" });
        var flow = await service.Post(
            "/api/v2/token", service.Admin, new { type = "user", name = "f", principal = "u" });
        foreach (var made in new[]
        {
            session.Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"],
            cloudflare.Is(HttpStatusCode.Created).Result["client_secret"],
            launch.Is(HttpStatusCode.Created).Json["token"], flow.Is(HttpStatusCode.OK).Json["token"],
        })
        {
            var secret = (string)made!;
            Assert.True(await service.IsActive(secret));
            (await service.Revoke(secret, secret)).Is(HttpStatusCode.OK);
            Assert.False(await service.IsActive(secret), $"{secret[..7]} lives on");
            (await service.Revoke(secret, secret)).Is(HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Without_an_issuer_there_is_no_metadata(string path) =>
        (await service.Get(path, null)).IsProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task Errors_are_those_of_oauth()
    {
        var unauthorized = (await service.Introspect(null, service.Admin)).Is(HttpStatusCode.Unauthorized);
        Assert.Equal("invalid_token", (string)unauthorized.Json["error"]!);
        Assert.StartsWith("Bearer", unauthorized.Headers["WWW-Authenticate"]);
        var member = await service.Create("member");
        Assert.Equal("insufficient_scope", (string)(await service.Introspect(member.Access, service.Admin)).Is(HttpStatusCode.Forbidden).Json["error"]!);
        foreach (var path in new[] { "/oauth2/introspect", "/oauth2/revoke" })
        {
            async Task<string> Error(HttpStatusCode status, object? body, string contentType = "application/x-www-form-urlencoded") =>
                (string)(await service.Send(HttpMethod.Post, path, service.Admin, body, contentType: contentType)).Is(status).Json["error"]!;
            Assert.Equal("invalid_request", await Error(HttpStatusCode.BadRequest, null));
            Assert.Equal("invalid_request", await Error(HttpStatusCode.BadRequest, "token="));
            Assert.Equal("invalid_request", await Error(HttpStatusCode.BadRequest, "token=a&token=b"));
            Assert.Equal("invalid_request", await Error(
                HttpStatusCode.BadRequest, "token=a&token_type_hint=refresh_token&token_type_hint=access_token"));
            Assert.Equal(
                "invalid_request", await Error(HttpStatusCode.BadRequest, "token=a&client_id=one&client_id=two"));
            Assert.Equal("invalid_request", await Error(HttpStatusCode.UnsupportedMediaType, "{}", "application/json"));
            (await service.Get($"{path}?token={service.Admin}", service.Admin)).IsProblem(
                HttpStatusCode.MethodNotAllowed);
        }

        (await service.Send(HttpMethod.Post, $"/oauth2/introspect?token={service.Admin}", service.Admin)).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Revoking_a_primary_deletes_and_a_secondary_removes()
    {
        var made = await service.Create();
        var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        var answer = (await service.Revoke(service.Admin, made.Access)).Is(HttpStatusCode.OK);
        Assert.Equal("", answer.Body);
        Assert.False(await service.IsActive(made.Access));
        Assert.True(await service.IsActive(next.Access));
        (await service.Revoke(service.Admin, next.Refresh)).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(next.Access));
        (await service.Get($"/v1/tokens/{made.Id}/info", service.Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Revoking_what_is_unknown_or_foreign_is_200_and_changes_nothing()
    {
        var (_, _, foreign) = await service.NewOrganization();
        foreach (var token in new[] { "nonsense", foreign.Access })
        {
            (await service.Revoke(service.Admin, token)).Is(HttpStatusCode.OK);
        }

        (await service.Get("/v1/organization", foreign.Access)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_may_revoke_itself_and_a_default_token_is_disabled()
    {
        var member = await service.Create("member");
        var other = await service.Create("member");
        (await service.Revoke(member.Access, other.Access)).Is(HttpStatusCode.Forbidden);
        (await service.Revoke(member.Access, member.Refresh)).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(member.Access));
        var (_, _, token) = await service.NewOrganization();
        (await service.Revoke(token.Access, token.Access)).Is(HttpStatusCode.OK);
        (await service.Get("/v1/organization", token.Access)).IsProblem(HttpStatusCode.Unauthorized);
    }
}
