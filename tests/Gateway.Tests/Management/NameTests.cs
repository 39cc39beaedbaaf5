using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>What names are unique in, what they find, and how lists compare them.</summary>
[Collection("service")]
public sealed class NameTests(Service service)
{
    private const string Password = "correct horse battery";

    private string Admin => service.Admin;

    private static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..24];

    private static string Id(JsonNode node) => (string)node["id"]!;

    private async Task<string> Account() =>
        Id((await service.Post("/v1/accounts", Admin, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!);

    private async Task<string> Integration(string account, string name, string? bearer = null) =>
        Id((await service.Post(
            $"/v1/integrations/{account}", bearer ?? Admin,
            new { name, provider_config = new { type = "siem_mock_siem" } }))
            .Is(HttpStatusCode.Created).Result["integration"]!);

    private async Task<string> Credential(string owner, string name, HttpStatusCode status = HttpStatusCode.Created)
    {
        var answer = await service.Post(
            $"/v1/credentials/{owner}", Admin, new { name, config = new { type = "secret", secret = "s3cret" } });
        return status == HttpStatusCode.Created ? Id(answer.Is(status).Result) : answer.IsProblem(status).Body;
    }

    private async Task<string> Narrowed(string account) =>
        (await service.Create("administrator", new { accounts = new { ids = new[] { account } } })).Access;

    /// <summary>Keyboards write a letter and its accent in one character or in two, and names are kept in
    /// one.</summary>
    [Fact]
    public async Task A_member_is_found_by_its_name_in_whichever_form_it_is_typed()
    {
        var host = Unique("h");
        var (composed, decomposed) = ($"x\u00e9@{host}.example.com", $"xe\u0301@{host}.example.com");
        var made = Id((await service.Post(
            "/v1/members", Admin,
            new { name = decomposed, secret = "correct horse battery", role_binding = new[] { "viewer" } }))
            .Is(HttpStatusCode.Created).Result["member"]!);
        foreach (var name in new[] { composed, decomposed, decomposed.ToUpperInvariant() })
        {
            var typed = Uri.EscapeDataString(name);
            Assert.Equal(made, Id((await service.Get($"/v1/members/{typed}", Admin)).Is(HttpStatusCode.OK).Result));
            foreach (var op in new[] { "eq", "in", "like" })
            {
                Assert.Equal(made, Id(Assert.Single((await service.Get($"/v1/members?filter=name[{op}]{typed}", Admin)).Is(HttpStatusCode.OK).Result.AsArray())!));
            }

            foreach (var op in new[] { "neq", "not in", "not like" })
            {
                Assert.DoesNotContain(
                    (await service.Get($"/v1/members?filter=name[{Uri.EscapeDataString(op)}]{typed}", Admin)).Is(HttpStatusCode.OK).Result.AsArray(), member => Id(member!) == made);
            }
        }

        (await service.Get($"/v1/members/{Uri.EscapeDataString("xe\u0300@" + host + ".example.com")}", Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Accounts_share_names_of_integrations_and_credentials_and_learn_none_of_each_other()
    {
        var (one, two, name) = (await Account(), await Account(), Unique("same"));
        var first = await Integration(one, name);
        var bearer = await Narrowed(two);
        var second = await Integration(two, name.ToUpperInvariant(), bearer);
        (await service.Post(
            $"/v1/integrations/{two}", bearer, new { name, provider_config = new { type = "siem_mock_siem" } }))
            .IsProblem(HttpStatusCode.Conflict);
        Assert.Equal(
            first, Id((await service.Get($"/v1/integrations/{one}/{name}", Admin)).Is(HttpStatusCode.OK).Result));
        Assert.Equal(
            second, Id((await service.Get($"/v1/integrations/{two}/{name}", Admin)).Is(HttpStatusCode.OK).Result));
        Assert.Equal(
            second, Id((await service.Get($"/v1/integrations/{two}/{name}", bearer)).Is(HttpStatusCode.OK).Result));

        // An account's own credentials and those of its integrations are one set of names.
        var key = Unique("key");
        await Credential(one, key);
        await Credential(first, key, HttpStatusCode.Conflict);
        var other = await Credential(second, key);
        await Credential(two, key, HttpStatusCode.Conflict);
        Assert.Equal(
            other, Id((await service.Get($"/v1/credentials/{second}/{key}", Admin)).Is(HttpStatusCode.OK).Result));
        (await service.Get($"/v1/credentials/{two}/{key}", Admin)).IsProblem(HttpStatusCode.NotFound);

        // Where the path has no account, a name finds what alone is in reach.
        (await service.Get($"/v1/credentials/{name}/{key}", Admin)).IsProblem(HttpStatusCode.NotFound);
        Assert.Equal(
            other, Id((await service.Get($"/v1/credentials/{name}/{key}", bearer)).Is(HttpStatusCode.OK).Result));

        (await service.Send(HttpMethod.Patch, $"/v1/integrations/{one}/{first}", Admin, """[{"op":"replace","path":"/name","value":"renamed"}]"""))
            .Is(HttpStatusCode.OK);
        (await service.Delete($"/v1/integrations/{one}/renamed", Admin)).Is(HttpStatusCode.NoContent);
        Assert.Equal(
            other, Id((await service.Get($"/v1/credentials/{name}/{key}", Admin)).Is(HttpStatusCode.OK).Result));
    }

    [Fact]
    public async Task Integration_points_share_names_of_credentials_and_an_account_has_them_too()
    {
        async Task<string> Point() =>
            Id((await service.Post("/v1/integration-points", Admin, new { connector = "siem", environments = new { } }))
                .Is(HttpStatusCode.Created).Result);
        var (one, two, name) = (await Point(), await Point(), Unique("key"));
        var first = await Credential(one, name);
        await Credential(one, name.ToUpperInvariant(), HttpStatusCode.Conflict);
        var second = await Credential(two, name);
        await Credential(two, name, HttpStatusCode.Conflict);
        var accounts = await Credential(await Account(), name);
        Assert.Equal(3, new[] { first, second, accounts }.Distinct().Count());
        foreach (var (point, credential) in new[] { (one, first), (two, second) })
        {
            Assert.Equal(
                credential,
                Id((await service.Get($"/v1/credentials/{point}/{name}", Admin)).Is(HttpStatusCode.OK).Result));
            Assert.Equal(
                credential,
                Id(Assert.Single((await service.Get($"/v1/credentials/{point}?filter=name[eq]{name}", Admin))
                    .Is(HttpStatusCode.OK).Result.AsArray())!));
        }

        (await service.Delete($"/v1/credentials/{one}/{name}", Admin)).Is(HttpStatusCode.NoContent);
        Assert.Equal(
            second, Id((await service.Get($"/v1/credentials/{two}/{name}", Admin)).Is(HttpStatusCode.OK).Result));
    }

    [Fact]
    public async Task Integrations_of_one_name_are_each_on_one_page()
    {
        var name = Unique("shared");
        List<string> made = [];
        for (var i = 0; i < 4; i++)
        {
            made.Add(await Integration(await Account(), name));
        }

        var page = (await service.Get($"/v1/integrations?limit=2&filter=name[eq]{name.ToUpperInvariant()}", Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal(made.Order(), page.Select(item => Id(item!)).Order());
        Assert.Empty((await service.Get($"/v1/integrations?limit=2&filter=name[eq]{name}&start_after={name}", Admin)).Is(HttpStatusCode.OK).Result.AsArray());
    }

    [Fact]
    public async Task A_tenant_takes_the_name_of_another_and_the_name_then_finds_neither_at_the_log_on()
    {
        var (name, theirs) = (Unique("tenant"), Unique("other"));
        async Task<JsonNode> Tenant(string called) =>
            (await service.Post(
                "/v1/suborgs", Admin,
                new { name = called, member = new { name = "boss@example.com", secret = Password } }))
            .Is(HttpStatusCode.Created).Result;
        Task<Answer> LogOn(string organization) =>
            service.Post($"/v1/auth/logon/{organization}", null, new { name = "Boss@Example.com", secret = Password });
        var (first, root) = (await Tenant(name), (string)(await service.Get("/v1/organization", Admin)).Result["name"]!);
        (await service.Post("/v1/suborgs", Admin, new { name = name.ToUpperInvariant() })).IsProblem(HttpStatusCode.Conflict);
        Assert.Equal(
            Id(first["organization"]!),
            Id((await service.Get($"/v1/suborgs/{name.ToUpperInvariant()}", Admin)).Is(HttpStatusCode.OK).Result));
        (await LogOn(name)).Is(HttpStatusCode.OK);

        // A tenant below another root, as the grains make it.
        var (organization, _, token) = await service.NewOrganization();
        (await service.Send(HttpMethod.Patch, "/v1/organization", token.Access, $$"""[{"op":"replace","path":"/name","value":"{{name}}"}]"""))
            .Is(HttpStatusCode.OK);
        (await LogOn(name)).IsProblem(HttpStatusCode.Unauthorized);
        (await LogOn(Id(first["organization"]!))).Is(HttpStatusCode.OK);
        Assert.Equal(
            Id(first["organization"]!),
            Id((await service.Get($"/v1/suborgs/{name}", Admin)).Is(HttpStatusCode.OK).Result));
        (await service.Send(HttpMethod.Patch, "/v1/organization", token.Access, $$"""[{"op":"replace","path":"/name","value":"{{theirs}}"}]"""))
            .Is(HttpStatusCode.OK);
        (await LogOn(name)).Is(HttpStatusCode.OK);
        Assert.NotEqual(organization.ToString(), Id(first["organization"]!));
        Assert.NotEqual(name, root);
    }

    [Fact]
    public async Task Suborganizations_are_listed_by_page_order_and_filter()
    {
        var prefix = Unique("paged");
        foreach (var i in Enumerable.Range(0, 3))
        {
            (await service.Post("/v1/suborgs", Admin, new { name = $"{prefix}{i}", contact = $"ops{i}@example.com" })).Is(HttpStatusCode.Created);
        }

        async Task<string> Names(string query) => string.Join(
            ' ', (await service.Get($"/v1/suborgs?filter=name[like]{prefix}*&{query}", Admin)).Is(HttpStatusCode.OK).Result.AsArray().Select(o => ((string)o!["name"]!)[^1]));
        Assert.Equal("0 1 2", await Names(""));
        Assert.Equal("1 2", await Names($"start_after={prefix.ToUpperInvariant()}0"));
        Assert.Equal("2 1", await Names("order=created_at[desc]&limit=2"));
        Assert.Equal("1", await Names("filter=contact[eq]ops1@example.com"));
        Assert.Equal("0 1 2", await Names("filter=organization_type[eq]standard&filter=state[neq]disabled"));
        (await service.Get("/v1/suborgs?filter=founding[eq]true", Admin)).IsProblem(
            HttpStatusCode.BadRequest, "filter");
    }

    [Theory]
    [InlineData("/v1/tokens", """{"name":"NAME","permission_set":"viewer","resources":{}}""", "/v1/tokens/NAME/info")]
    [InlineData("/v1/accounts", """{"name":"NAME"}""", "/v1/accounts/NAME")]
    [InlineData("/v1/roles", """{"name":"NAME","permission_set":"viewer"}""", "/v1/roles/NAME")]
    [InlineData("/v1/integration-points", """{"name":"NAME","connector":"siem","environments":{}}""", "/v1/integration-points/NAME")]
    [InlineData("/v1/integrations/ACCOUNT", """{"name":"NAME","provider_config":{"type":"siem_mock_siem"}}""", "/v1/integrations/ACCOUNT/NAME")]
    [InlineData("/v1/credentials/ACCOUNT", """{"name":"NAME"}""", "/v1/credentials/ACCOUNT/NAME")]
    [InlineData("/v1/bridges/ACCOUNT", """{"name":"NAME"}""", "/v1/bridges/ACCOUNT/NAME")]
    [InlineData("/v1/mappings", """{"name":"NAME","data":"@"}""", "/v1/mappings/NAME")]
    [InlineData("/v1/organization/webhooks", """{"name":"NAME","url":"https://hooks.example.com/","filters":["all"],"secret":{"value":"a-signing-secret"}}""", "/v1/organization/webhooks/NAME")]
    [InlineData("/v1/suborgs", """{"name":"NAME"}""", "/v1/suborgs/NAME")]
    [InlineData("/lifecycle/v1/tokens", """{"name":"NAME","permission_set":"viewer"}""", null)]
    public async Task A_name_of_any_kind_is_shown_as_it_was_given_and_found_in_any_letter_case(
        string path, string body, string? read)
    {
        var account = await Account();
        string Of(string text, string name) => text.Replace("ACCOUNT", account, StringComparison.Ordinal)
            .Replace("NAME", name, StringComparison.Ordinal);
        async Task<List<string?>> Names(string query) =>
            [.. Items((await service.Get($"{Of(path, "")}?{query}", Admin)).Is(HttpStatusCode.OK).Json).Select(item => (string?)item!["name"])];
        var name = Unique("MiXed");
        var made = (await service.Post(Of(path, ""), Admin, Of(body, name))).Is(HttpStatusCode.Created);
        Assert.Contains($"\"name\":\"{name}\"", made.Body);
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await service.Post(Of(path, ""), Admin, Of(body, name.ToLowerInvariant()))).Status);
        foreach (var spelling in new[] { name, name.ToLowerInvariant(), name.ToUpperInvariant() })
        {
            Assert.Equal([name], await Names($"filter=name[eq]{spelling}"));
            Assert.Equal([name], await Names($"filter=name[like]{spelling[..^2]}*"));
            Assert.DoesNotContain(name, await Names($"filter=name[neq]{spelling}&filter=name[like]mixed*"));
            if (read is not null)
            {
                Assert.Equal(
                    name, (string?)(await service.Get(Of(read, spelling), Admin)).Is(HttpStatusCode.OK).Result["name"]);
                Assert.DoesNotContain(name, await Names($"limit=1000&start_after={spelling}"));
            }
        }

        static JsonArray Items(JsonNode page) => (page["result"] ?? page["items"])!.AsArray();
    }

    [Fact]
    public async Task Members_with_capitals_are_found_and_paged_in_any_letter_case()
    {
        var (_, _, boss) = await service.NewOrganization();
        foreach (var name in new[] { "mix-Alpha@Example.com", "Mix-beta@example.com", "mix-Gamma@Example.com" })
        {
            (await service.Post("/v1/members", boss.Access, new { name, secret = Password, role_binding = new[] { "viewer" } })).Is(HttpStatusCode.Created);
        }

        async Task<JsonArray> List(string query) =>
            (await service.Get($"/v1/members?filter=name[like]MIX-*&{query}", boss.Access)).Is(HttpStatusCode.OK).Result.AsArray();
        async Task<string> Names(string query) =>
            string.Join(' ', (await List(query)).Select(m => ((string)m!["name"]!).Split('@')[0]));
        Assert.Equal("mix-Alpha Mix-beta mix-Gamma", await Names(""));
        Assert.Equal("Mix-beta", await Names("limit=1&start_after=mix-Alpha@Example.com"));
        Assert.Equal("", await Names("limit=1&start_after=mix-Gamma@Example.com"));
        Assert.Equal("mix-Gamma", await Names("filter=name[eq]mix-Gamma@Example.com"));
        Assert.Equal("Mix-beta mix-Gamma", await Names("filter=name[neq]MIX-alpha@example.com"));
        Assert.Equal("mix-Alpha mix-Gamma", await Names("filter=name[not in]\"mix-BETA@example.com\",x"));
        Assert.Equal("mix-Gamma", await Names("order=created_at&start_after=MIX-beta@example.com"));
        Assert.Equal("mix-Gamma@Example.com", (string)(await service.Get("/v1/members/MIX-gamma@example.com", boss.Access)).Is(HttpStatusCode.OK).Result["name"]!);

        var disabled = (await service.Get("/v1/members/mix-beta@example.com", boss.Access)).Result;
        (await service.Send(HttpMethod.Patch, $"/v1/members/{Id(disabled)}", boss.Access, """[{"op":"replace","path":"/state","value":"disabled"}]""")).Is(HttpStatusCode.OK);
        Assert.Equal("Mix-beta", await Names("filter=state[eq]disabled"));
        Assert.Equal("mix-Alpha mix-Gamma", await Names("filter=state[in]enabled,locked"));
        Assert.Equal(
            "mix-Alpha Mix-beta mix-Gamma", await Names("filter=role_binding[eq]viewer&order=role_binding&order=name"));
        Assert.Equal("", await Names("filter=role_binding[not in]viewer,editor"));
        foreach (var field in (await List("limit=1"))[0]!.AsObject().Select(pair => pair.Key))
        {
            Assert.Equal(3, (await List($"order={field}[desc]")).Count);
        }

        // The page just read is deleted, and the list goes on.
        foreach (var member in await List("order=created_at&limit=2"))
        {
            (await service.Delete($"/v1/members/{Id(member!)}", boss.Access)).Is(HttpStatusCode.NoContent);
        }

        Assert.Equal("mix-Gamma", await Names("order=created_at&start_after=Mix-beta@example.com"));
        Assert.Equal(
            "mix-Gamma",
            await Names($"order=created_at&start_after={Uri.EscapeDataString((string)disabled["created_at"]!)}"));
        Assert.Equal("mix-Gamma", await Names($"order=created_at&start_after={Id(disabled)}"));
    }

    [Fact]
    public async Task Tokens_of_a_member_are_listed_with_the_default_tokens_of_integrations_that_it_made()
    {
        var (_, member, boss) = await service.NewOrganization();
        var account = Id(
            (await service.Post("/v1/accounts", boss.Access, "{}")).Is(HttpStatusCode.Created).Result["account"]!);
        var made = (await service.Post(
            $"/v1/integrations/{account}", boss.Access, new { provider_config = new { type = "siem_mock_siem" } }))
            .Is(HttpStatusCode.Created).Result["integration"]!;
        var tokens = (await service.Get($"/v1/tokens?filter=member_id[eq]{member}", boss.Access)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Contains(tokens, token => Id(token!) == (string)made["refresh_token_id"]!);
        Assert.Contains(tokens, token => Id(token!) == boss.Id);
        Assert.Empty((await service.Get($"/v1/tokens?filter=member_id[neq]{member}", boss.Access)).Is(HttpStatusCode.OK).Result.AsArray());
        Assert.Equal(
            (string)made["refresh_token_id"]!,
            Id((await service.Get($"/v1/tokens?filter=owner_id[eq]{Id(made)}", boss.Access)).Is(HttpStatusCode.OK).Result.AsArray().Single()!));
    }

    [Theory]
    [InlineData("/v1/tokens?filter=created_at[gt]2026-01-02", "filter")]
    [InlineData("/v1/tokens?filter=expires[lt]2026-01-02T03:04:05", "filter")]
    [InlineData("/v1/members?filter=last_logon[lt]2026-01-02T03:04:05", "filter")]
    [InlineData("/v1/audit/organizations?start_after=2026-01-02T03:04:05", "start_after")]
    [InlineData("/v1/audit/organizations?filter=created_at[in]2026-01-02T03:04:05Z,2026-01-02", "filter")]
    [InlineData("/v1/accounts?filter=labels[gt]x", "filter")]
    [InlineData("/v1/accounts?filter=name[in]\"a", "filter")]
    public async Task What_a_list_cannot_compare_is_400(string path, string parameter) =>
        (await service.Get(path, Admin)).IsProblem(HttpStatusCode.BadRequest, parameter);
}
