using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Tests.LaunchDarkly;

/// <summary>LaunchDarkly access tokens on the wire.</summary>
[Collection("service")]
public sealed class LaunchDarklyTests(Service service)
{
    private const string Tokens = "/api/v2/tokens";

    private Task<Answer> Send(HttpMethod method, string path, string? bearer, object? body = null, params (string, string)[] headers) =>
        service.Send(method, path, [.. headers, .. bearer is null ? [] : new[] { ("Authorization", bearer) }], body);

    private Task<Answer> Get(string path, string? bearer) => Send(HttpMethod.Get, path, bearer);

    private Task<Answer> Post(string path, string? bearer, object? body = null) =>
        Send(HttpMethod.Post, path, bearer, body);

    private Task<Answer> Patch(JsonObject token, string patch, string? bearer = null) =>
        Send(HttpMethod.Patch, $"{Tokens}/{Id(token)}", bearer ?? service.Admin, patch);

    private async Task<JsonObject> Create(object? body = null, string? bearer = null) =>
        (await Post(Tokens, bearer ?? service.Admin, body ?? new { name = "t", role = "reader" })).Is(HttpStatusCode.Created).Json;

    private static string Id(JsonObject token) => (string)token["_id"]!;

    private static string Secret(JsonObject token) => (string)token["token"]!;

    private async Task<bool> Works(string secret) => (await Get(Tokens, secret)).Status == HttpStatusCode.OK;

    private static Answer IsError(Answer answer, HttpStatusCode status, string code)
    {
        answer.Is(status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(code, (string)answer.Json["code"]!);
        Assert.NotEmpty((string)answer.Json["message"]!);
        return answer;
    }

    /// <summary>Terraform asks for the roles of a token that it has made, and would give the token up without
    /// them.</summary>
    [Fact]
    public async Task A_role_is_shown_by_its_name_which_is_its_id_and_key()
    {
        var name = $"role-{Guid.NewGuid():N}"[..20];
        (await service.Post("/v1/roles", service.Admin, new { name, permission_set = "viewer" })).Is(HttpStatusCode.Created);
        var token = await Create(new { name = "t", customRoleIds = new[] { name } });
        Assert.Equal(name, (string)token["customRoleIds"]![0]!);
        var role = (await Get($"/api/v2/roles/{name}", service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((name, name, name), ((string)role["_id"]!, (string)role["key"]!, (string)role["name"]!));
        Assert.Equal($"/api/v2/roles/{name}", (string)role["_links"]!["self"]!["href"]!);
        Assert.Equal(["_id", "key", "name", "policy", "_links"], role.Select(field => field.Key));
        Assert.Equal("[]", role["policy"]!.ToJsonString());
        IsError(await Get("/api/v2/roles/there-is-none", service.Admin), HttpStatusCode.NotFound, "not_found");
        IsError(await Get($"/api/v2/roles/{name}", null), HttpStatusCode.Unauthorized, "unauthorized");

        // What may not read it on the Management API may not read it here; a token of LaunchDarkly reads what it named.
        var issuer = (await service.Create("token-issuer")).Access;
        (await service.Get($"/v1/roles/{name}", issuer)).Is(HttpStatusCode.Forbidden);
        IsError(await Get($"/api/v2/roles/{name}", issuer), HttpStatusCode.Forbidden, "forbidden");
        IsError(await Get("/api/v2/roles/viewer", issuer), HttpStatusCode.Forbidden, "forbidden");
        (await Get($"/api/v2/roles/{name}", Secret(await Create(new { name = "own", role = "writer" })))).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/v2/projects")]
    [InlineData("/api/v2/members/me")]
    public async Task What_this_service_does_not_have_is_not_there_in_words_that_its_clients_read(string path) =>
        IsError(await service.Get(path, null), HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task A_caller_is_told_who_it_is_and_how_much_is_left()
    {
        var token = await Create(new { name = "who", role = "reader", serviceToken = true });
        var answer = (await Get("/api/v2/caller-identity", Secret(token))).Is(HttpStatusCode.OK);
        Assert.Equal(
            (Id(token), "who", true),
            ((string)answer.Json["tokenId"]!, (string)answer.Json["tokenName"]!, (bool)answer.Json["serviceToken"]!));
        Assert.True(int.Parse(answer.Headers["X-Ratelimit-Global-Remaining"]) > 0);
        Assert.True(long.Parse(answer.Headers["X-Ratelimit-Reset"]) >= service.Clock.GetUtcNow().AddMinutes(-1).ToUnixTimeMilliseconds());
    }

    /// <summary>Seconds where milliseconds are due would end the former secret at once.</summary>
    [Fact]
    public async Task An_expiry_in_seconds_is_400_and_the_former_secret_lives()
    {
        var token = await Create();
        IsError(
            await Post($"{Tokens}/{Id(token)}/reset?expiry=1800000000", service.Admin), HttpStatusCode.BadRequest,
            "invalid_request");
        Assert.True(await Works(Secret(token)));
    }

    /// <summary>Another member of the organization with a logon of its own.</summary>
    private async Task<string> NewMember(params string[] roles)
    {
        var member = new MemberId(Guid.NewGuid());
        CallContext Command() => new() { CommandId = Guid.NewGuid() };
        Assert.NotNull(await service.Grains.GetGrain<IMemberGrain>(member.ToString()).Create(new CreateMember
        {
            Context = Command(), OrganizationId = OrganizationId.Parse(service.OrganizationId), Name = $"m{member.Value:N}", RoleBinding = [.. roles],
            Password = Passwords.Derive("correct horse battery"),
        }));
        var id = SecretMint.NewTokenId(service.Clock);
        var pair = SecretMint.Mint(TokenProfile.Logon, id);
        var issued = await service.Grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(new IssueToken
        {
            Context = Command(), Profile = TokenProfile.Logon.Name, OrganizationId = OrganizationId.Parse(service.OrganizationId), MemberId = member,
            Roles = [.. roles], Secrets = pair.ToMinted(),
        });
        Assert.Null(issued.Refusal);
        return pair.Access.Reveal();
    }

    /// <summary>When such a role is made later, nobody would look at what the token gets by it.</summary>
    [Fact]
    public async Task A_custom_role_that_does_not_exist_is_refused()
    {
        string[] roles = [$"later-{Guid.NewGuid():N}"[..20]];
        (await service.Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { customRoleIds = roles })).Is(HttpStatusCode.BadRequest);
        var made = (await service.Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { role = "reader", serviceToken = true })).Is(HttpStatusCode.Created).Json;
        var patch = $$"""[{"op":"remove","path":"/role"},{"op":"add","path":"/customRoleIds","value":["{{roles[0]}}"]}]""";
        (await service.Send(HttpMethod.Patch, $"/api/v2/tokens/{made["_id"]}", [("Authorization", service.Admin)], patch)).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Create_201_shows_the_secret_once_and_later_its_last_four_characters()
    {
        var answer = (await Post(Tokens, service.Admin, new { name = "ci", description = "for CI", role = "writer", serviceToken = true, defaultApiVersion = 20191212 })).Is(HttpStatusCode.Created);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var token = answer.Json;
        Assert.Matches("^[0-9a-f]{24}$", Id(token));
        Assert.StartsWith("api-", Secret(token));
        Assert.Equal(("ci", "for CI", "writer", true, 20191212), ((string)token["name"]!, (string)token["description"]!, (string)token["role"]!, (bool)token["serviceToken"]!, (int)token["defaultApiVersion"]!));
        Assert.Equal("[]", token["customRoleIds"]!.ToJsonString());
        Assert.Equal("[]", token["inlineRole"]!.ToJsonString());
        Assert.Equal(token["creationDate"]!.ToJsonString(), token["lastModified"]!.ToJsonString());
        Assert.True((service.Clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds((long)token["creationDate"]!)).Duration() < TimeSpan.FromMinutes(1));
        Assert.False(token.ContainsKey("lastUsed"));
        Assert.Equal($"{Tokens}/{Id(token)}", (string)token["_links"]!["self"]!["href"]!);
        Assert.Equal("application/json", (string)token["_links"]!["parent"]!["type"]!);
        Assert.True(await Works(Secret(token)));
        var shown = (await Get($"{Tokens}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(Secret(token)[^4..], Secret(shown));
        Assert.True((long)shown["lastUsed"]! >= (long)shown["creationDate"]!);
    }

    [Theory]
    [InlineData("""{"role":"god"}""")]
    [InlineData("""{"role":"reader","customRoleIds":["x"]}""")]
    [InlineData("""{"role":"reader","inlineRole":[{"effect":"allow","actions":["*"],"resources":["*"]}]}""")]
    [InlineData("""{"customRoleIds":"x"}""")]
    [InlineData("""{"customRoleIds":[1]}""")]
    [InlineData("""{"inlineRole":[{"effect":"permit","actions":["*"],"resources":["*"]}]}""")]
    [InlineData("""{"inlineRole":[{"effect":"allow","actions":["*"]}]}""")]
    [InlineData("""{"inlineRole":[{"effect":"allow","resources":["*"]}]}""")]
    [InlineData("""{"inlineRole":[{"effect":"allow","actions":["*"],"notActions":["*"],"resources":["*"]}]}""")]
    [InlineData("""{"inlineRole":[{"effect":"allow","actions":["*"],"resources":["*"],"notResources":["x"]}]}""")]
    [InlineData("""{"inlineRole":[1]}""")]
    [InlineData("""{"inlineRole":{}}""")]
    [InlineData("""{"defaultApiVersion":20200101}""")]
    [InlineData("""{"serviceToken":"yes"}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":"a\u0000b"}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public async Task Create_400_for_what_is_wrong_with_the_body(string body) =>
        IsError(await Post(Tokens, service.Admin, body), HttpStatusCode.BadRequest, "invalid_request");

    /// <summary>In UTF-16 units, which columns count as well; U+1F511 has two.</summary>
    [Theory]
    [InlineData("n")]
    [InlineData("\ud83d\udd11")]
    public async Task A_name_has_up_to_1024_characters_and_no_more(string letter)
    {
        var longest = string.Concat(Enumerable.Repeat(letter, 1024 / letter.Length));
        var token = await Create(new { name = longest, role = "reader" });
        Assert.Equal(
            longest, (string?)(await Get($"{Tokens}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK).Json["name"]);
        IsError(
            await Post(Tokens, service.Admin, new { name = longest + "n", role = "reader" }), HttpStatusCode.BadRequest,
            "invalid_request");
        var other = await Create();
        Assert.Equal(longest, (string?)(await Patch(other, Rename(longest))).Is(HttpStatusCode.OK).Json["name"]);
        IsError(await Patch(other, Rename(longest + "n")), HttpStatusCode.BadRequest, "invalid_request");

        static string Rename(string name) => $$"""[{"op":"replace","path":"/name","value":"{{name}}"}]""";
    }

    [Fact]
    public async Task A_token_without_a_role_is_a_reader_and_unknown_fields_are_ignored()
    {
        var token = await Create("""{"owner":"me","expiry":5}""");
        Assert.Equal("reader", (string)token["role"]!);
        Assert.False((bool)token["serviceToken"]!);
        Assert.Equal(20240415, (int)token["defaultApiVersion"]!);
        IsError(await Post(Tokens, Secret(token), new { role = "reader" }), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_personal_token_sees_service_tokens_and_its_own_members()
    {
        var other = await NewMember("administrator");
        var mine = await Create(new { name = "mine", role = "reader" });
        var theirs = await Create(new { name = "theirs", role = "admin" }, other);
        var shared = await Create(new { name = "shared", role = "reader", serviceToken = true }, other);
        async Task<HashSet<string>> Seen(string bearer, string query = "?limit=1000") =>
            [.. (await Get(Tokens + query, bearer)).Is(HttpStatusCode.OK).Json["items"]!.AsArray().Select(t => (string)t!["_id"]!)];

        var byReader = await Seen(Secret(mine));
        Assert.True(byReader.IsSupersetOf([Id(mine), Id(shared)]));
        Assert.DoesNotContain(Id(theirs), byReader);
        Assert.DoesNotContain(Id(theirs), await Seen(Secret(mine), "?limit=1000&showAll=true"));
        Assert.DoesNotContain(Id(mine), await Seen(Secret(theirs)));
        Assert.Contains(Id(mine), await Seen(Secret(theirs), "?limit=1000&showAll=true"));
        var byService = await Seen(Secret(shared));
        Assert.Contains(Id(shared), byService);
        Assert.DoesNotContain(Id(mine), byService);
        Assert.DoesNotContain(Id(theirs), byService);
        var admin = await Create(new { name = "svc admin", role = "admin", serviceToken = true });
        Assert.True(
            (await Seen(Secret(admin), "?limit=1000&showAll=true")).IsSupersetOf([Id(mine), Id(theirs), Id(shared)]));

        IsError(await Get($"{Tokens}/{Id(theirs)}", Secret(mine)), HttpStatusCode.NotFound, "not_found");
        (await Get($"{Tokens}/{Id(shared)}", Secret(mine))).Is(HttpStatusCode.OK);
        (await Get($"{Tokens}/{Id(mine)}", Secret(theirs))).Is(HttpStatusCode.OK);
        IsError(
            await Send(HttpMethod.Delete, $"{Tokens}/{Id(mine)}", Secret(mine)), HttpStatusCode.Forbidden, "forbidden");
        IsError(
            await Send(HttpMethod.Delete, $"{Tokens}/{Id(theirs)}", Secret(mine)), HttpStatusCode.NotFound,
            "not_found");
    }

    [Fact]
    public async Task A_personal_token_dies_with_its_member_and_shrinks_with_it_and_a_service_token_does_not()
    {
        var bearer = await NewMember("administrator");
        var personal = await Create(new { role = "admin" }, bearer);
        var shared = await Create(new { role = "admin", serviceToken = true }, bearer);
        var member = (await service.Introspect(service.Admin, Secret(personal))).Json["sub"]!;
        var grain = service.Grains.GetGrain<IMemberGrain>((string)member!);
        await grain.BindRoles(new CallContext { CommandId = Guid.NewGuid() }, ["viewer"]);
        IsError(await Post(Tokens, Secret(personal), new { role = "reader" }), HttpStatusCode.Forbidden, "forbidden");
        await Create(new { role = "reader", serviceToken = true }, Secret(shared));
        await grain.SetStatus(new CallContext { CommandId = Guid.NewGuid() }, MemberStatus.Disabled);
        IsError(await Get(Tokens, Secret(personal)), HttpStatusCode.Unauthorized, "unauthorized");
        Assert.True(await Works(Secret(shared)));
    }

    [Fact]
    public async Task The_list_comes_in_pages_with_links_and_whole_for_older_versions()
    {
        var (_, _, boss) = await service.NewOrganization();
        var ids = new List<string>();
        for (var i = 0; i < 27; i++)
        {
            ids.Add(Id(await Create(new { name = $"n{i}", role = "reader" }, boss.Access)));
        }

        var first = (await Get(Tokens, boss.Access)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(25, first["items"]!.AsArray().Count);
        Assert.Equal(27, (int)first["totalCount"]!);
        Assert.Equal($"{Tokens}?limit=25&offset=25", (string)first["_links"]!["next"]!["href"]!);
        Assert.False(first["_links"]!.AsObject().ContainsKey("prev"));
        List<string> seen = [];
        for (var href = $"{Tokens}?limit=10"; ;)
        {
            var page = (await Get(href, boss.Access)).Json;
            seen.AddRange(page["items"]!.AsArray().Select(t => (string)t!["_id"]!));
            if (page["_links"]!["next"] is not { } next)
            {
                Assert.Equal($"{Tokens}?limit=10&offset=10", (string)page["_links"]!["prev"]!["href"]!);
                break;
            }

            href = (string)next["href"]!;
        }

        Assert.Equal(ids, seen);
        var old = (await Send(HttpMethod.Get, Tokens, boss.Access, null, ("LD-API-Version", "20191212"))).Json;
        Assert.Equal(27, old["items"]!.AsArray().Count);
        Assert.Empty((await Get($"{Tokens}?offset=27", boss.Access)).Json["items"]!.AsArray());
        var byOld = await Create(
            new { role = "admin", serviceToken = true, defaultApiVersion = 20160426 }, boss.Access);
        Assert.Equal(28, (await Get($"{Tokens}?showAll=true", Secret(byOld))).Json["items"]!.AsArray().Count);
        foreach (var query in new[] { "limit=0", "limit=x", "offset=-1", "showAll=maybe", "limit=1&limit=2" })
        {
            IsError(await Get($"{Tokens}?{query}", boss.Access), HttpStatusCode.BadRequest, "invalid_request");
        }
    }

    [Fact]
    public async Task A_reset_with_expiry_keeps_the_old_secret_until_then_and_without_ends_it()
    {
        var token = await Create();
        var until = service.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds();
        var reset = (await Post($"{Tokens}/{Id(token)}/reset?expiry={until}", service.Admin)).Is(HttpStatusCode.OK);
        Assert.Equal("no-store", reset.Headers["Cache-Control"]);
        Assert.Equal(Id(token), Id(reset.Json));
        Assert.True(await Works(Secret(token)) && await Works(Secret(reset.Json)));
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(await Works(Secret(token)));
        Assert.True(await Works(Secret(reset.Json)));
        var again = (await service.Send(HttpMethod.Post, $"{Tokens}/{Id(token)}/reset", [("Authorization", service.Admin)], """{"expiry":99999999999999}""", "application/x-www-form-urlencoded")).Is(HttpStatusCode.OK).Json;
        Assert.False(await Works(Secret(reset.Json)));
        Assert.True(await Works(Secret(again)));
        var past = (await Post($"{Tokens}/{Id(token)}/reset?expiry=-1", service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.False(await Works(Secret(again)));
        Assert.True(await Works(Secret(past)));
        foreach (var query in new[] { "expiry=soon", "expiry=", "expiry=1&expiry=2", "expiry=9223372036854775807" })
        {
            IsError(
                await Post($"{Tokens}/{Id(token)}/reset?{query}", service.Admin), HttpStatusCode.BadRequest,
                "invalid_request");
        }
    }

    [Fact]
    public async Task A_token_that_reset_itself_and_lost_the_answer_gets_it_again()
    {
        var token = await Create(new { role = "admin" });
        var path = $"{Tokens}/{Id(token)}/reset";
        var reset = (await Post(path, Secret(token))).Is(HttpStatusCode.OK);
        Assert.False(await Works(Secret(token)));
        Assert.Equal(reset.Body, (await Post(path, Secret(token))).Is(HttpStatusCode.OK).Body);
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        IsError(await Post(path, Secret(token)), HttpStatusCode.Unauthorized, "unauthorized");
        Assert.True(await Works(Secret(reset.Json)));
    }

    [Fact]
    public async Task Patches_change_the_fields_that_may_be_changed()
    {
        var token = await Create(new { name = "a", role = "reader" });
        var patched = (await Patch(token, """[{"op":"replace","path":"/name","value":"b"},{"op":"add","path":"/description","value":"d"},{"op":"test","path":"/role","value":"reader"}]""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("b", "d"), ((string)patched["name"]!, (string)patched["description"]!));
        Assert.Equal(Secret(token)[^4..], Secret(patched));
        Assert.True((long)patched["lastModified"]! >= (long)token["lastModified"]!);

        var promoted = (await Patch(token, """{"comment":"because","patch":[{"op":"replace","path":"/role","value":"admin"}]}""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("admin", (string)promoted["role"]!);
        await Create(new { role = "reader" }, Secret(token));

        var inline = (await Patch(token, """[{"op":"remove","path":"/role"},{"op":"replace","path":"/inlineRole","value":[{"effect":"allow","actions":["createAccessToken"],"resources":["service-token/*"]}]}]""")).Is(HttpStatusCode.OK).Json;
        Assert.False(inline.ContainsKey("role"));
        Assert.Equal("createAccessToken", (string)inline["inlineRole"]![0]!["actions"]![0]!);
        IsError(await Post(Tokens, Secret(token), new { role = "reader" }), HttpStatusCode.Forbidden, "forbidden");
        await Create(new { role = "reader", serviceToken = true }, Secret(token));

        var custom = (await Patch(token, """[{"op":"remove","path":"/inlineRole"},{"op":"add","path":"/customRoleIds","value":["viewer"]}]""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("""["viewer"]""", custom["customRoleIds"]!.ToJsonString());
        Assert.Equal("[]", custom["inlineRole"]!.ToJsonString());
        var back = (await Patch(token, """[{"op":"remove","path":"/customRoleIds"},{"op":"add","path":"/role","value":"reader"}]""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("reader", (string)back["role"]!);
    }

    [Theory]
    [InlineData("""[{"op":"replace","path":"/_id","value":"x"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","path":"/token","value":"x"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","path":"/serviceToken","value":true}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","path":"/defaultApiVersion","value":20160426}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","path":"/creationDate","value":1}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"add","path":"/extra","value":1}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"move","from":"/_id","path":"/name"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","path":"/role","value":"god"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","path":"/name","value":7}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"remove","path":"/role"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"change","path":"/name","value":"x"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","path":"/name"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"replace","value":"x"}]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[1]""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""{"name":"x"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""[{"op":"remove","path":"/inlineRole"}]""", HttpStatusCode.UnprocessableEntity, "patch_failed")]
    [InlineData("""[{"op":"remove","path":"/description"}]""", HttpStatusCode.UnprocessableEntity, "patch_failed")]
    [InlineData("""[{"op":"test","path":"/name","value":"other"}]""", HttpStatusCode.UnprocessableEntity, "patch_failed")]
    [InlineData("""[{"op":"replace","path":"/customRoleIds/5","value":"x"}]""", HttpStatusCode.UnprocessableEntity, "patch_failed")]
    public async Task Patches_that_do_not_apply_change_nothing(string patch, HttpStatusCode status, string code)
    {
        var token = await Create(new { name = "a", role = "reader" });
        IsError(await Patch(token, patch), status, code);
        var after = (await Get($"{Tokens}/{Id(token)}", service.Admin)).Json;
        Assert.Equal(
            ("a", "reader", (long)token["lastModified"]!),
            ((string)after["name"]!, (string)after["role"]!, (long)after["lastModified"]!));
    }

    [Fact]
    public async Task Patches_at_once_lose_no_update()
    {
        var token = await Create(new { name = "a", role = "reader" });
        var answers = await Task.WhenAll(
            Patch(token, """[{"op":"replace","path":"/name","value":"b"}]"""), Patch(token, """[{"op":"replace","path":"/description","value":"d"}]"""));
        Assert.All(answers, a => a.Is(HttpStatusCode.OK));
        var after = (await Get($"{Tokens}/{Id(token)}", service.Admin)).Json;
        Assert.Equal(("b", "d"), ((string)after["name"]!, (string)after["description"]!));
    }

    [Fact]
    public async Task An_inline_role_is_enforced_on_the_tokens_it_names_and_gives_no_more_than_itself()
    {
        var target = await Create(new { name = "target", role = "reader", serviceToken = true });
        var other = await Create(new { name = "other", role = "reader", serviceToken = true });
        object Statement(string effect, string action, string resource) => new { effect, actions = new[] { action }, resources = new[] { resource } };
        var keeper = await Create(new
        {
            serviceToken = true,
            inlineRole = new[] { Statement("allow", "*AccessToken*", "service-token/*"), Statement("deny", "deleteAccessToken", $"service-token/{Id(other)}"), Statement("deny", "updateAccessTokenPolicy", "*") },
        });
        (await Post($"{Tokens}/{Id(target)}/reset", Secret(keeper))).Is(HttpStatusCode.OK);
        (await Patch(target, """[{"op":"replace","path":"/name","value":"new"}]""", Secret(keeper))).Is(HttpStatusCode.OK);
        IsError(
            await Send(HttpMethod.Delete, $"{Tokens}/{Id(other)}", Secret(keeper)), HttpStatusCode.Forbidden,
            "forbidden");
        IsError(await Patch(target, """[{"op":"add","path":"/inlineRole","value":[{"effect":"allow","actions":["*"],"resources":["*"]}]},{"op":"remove","path":"/role"}]""", Secret(keeper)), HttpStatusCode.Forbidden, "forbidden");
        IsError(await Patch(target, """[{"op":"replace","path":"/role","value":"admin"}]""", Secret(keeper)), HttpStatusCode.Forbidden, "forbidden");
        IsError(
            await Post(Tokens, Secret(keeper), new { role = "admin", serviceToken = true }), HttpStatusCode.Forbidden,
            "forbidden");
        IsError(
            await Post(Tokens, Secret(keeper), new { customRoleIds = new[] { "administrator" }, serviceToken = true }),
            HttpStatusCode.Forbidden, "forbidden");
        IsError(await Post(Tokens, Secret(keeper), new { serviceToken = true, inlineRole = new[] { Statement("allow", "*", "*") } }), HttpStatusCode.Forbidden, "forbidden");
        await Create(new { role = "reader", serviceToken = true }, Secret(keeper));
        (await Send(HttpMethod.Delete, $"{Tokens}/{Id(target)}", Secret(keeper))).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Delete_204_ends_the_token()
    {
        var token = await Create();
        var answer = (await Send(HttpMethod.Delete, $"{Tokens}/{Id(token)}", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.Equal("", answer.Body);
        IsError(await Get(Tokens, Secret(token)), HttpStatusCode.Unauthorized, "unauthorized");
        IsError(await Get($"{Tokens}/{Id(token)}", service.Admin), HttpStatusCode.NotFound, "not_found");
        IsError(
            await Send(HttpMethod.Delete, $"{Tokens}/{Id(token)}", service.Admin), HttpStatusCode.NotFound,
            "not_found");
        IsError(await Post($"{Tokens}/{Id(token)}/reset", service.Admin), HttpStatusCode.NotFound, "not_found");
        IsError(await Patch(token, "[]"), HttpStatusCode.NotFound, "not_found");
        IsError(await Get($"{Tokens}/nonsense", service.Admin), HttpStatusCode.NotFound, "not_found");
        IsError(
            await Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin), HttpStatusCode.MethodNotAllowed,
            "method_not_allowed");
    }

    [Fact]
    public async Task The_bearer_stands_bare_and_a_strangers_finds_nothing()
    {
        var token = await Create();
        IsError(await Get(Tokens, null), HttpStatusCode.Unauthorized, "unauthorized");
        IsError(await Get(Tokens, "Bearer " + Secret(token)), HttpStatusCode.Unauthorized, "unauthorized");
        IsError(
            await Get(Tokens, "api-3f1c2f9e-7f67-4ab1-8f4e-1f1d6f6c0000"), HttpStatusCode.Unauthorized, "unauthorized");
        var (_, _, stranger) = await service.NewOrganization();
        foreach (var (method, path, body) in new[] { ("GET", "", null), ("PATCH", "", "[]"), ("DELETE", "", null), ("POST", "/reset", (string?)null) })
        {
            IsError(
                await Send(new HttpMethod(method), $"{Tokens}/{Id(token)}{path}", stranger.Access, body),
                HttpStatusCode.NotFound, "not_found");
        }

        Assert.True(await Works(Secret(token)));
    }

    [Fact]
    public async Task A_method_may_be_tunnelled_through_post()
    {
        var token = await Create();
        (await Send(HttpMethod.Post, $"{Tokens}/{Id(token)}", service.Admin, """[{"op":"replace","path":"/name","value":"t2"}]""", ("X-HTTP-Method-Override", "PATCH"))).Is(HttpStatusCode.OK);
        (await Send(HttpMethod.Post, $"{Tokens}/{Id(token)}", service.Admin, null, ("X-HTTP-Method-Override", "DELETE"))).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Introspection_tells_the_same_story()
    {
        var token = await Create(new { name = "told", role = "writer" });
        var story = (await service.Introspect(service.Admin, Secret(token))).Json;
        Assert.True((bool)story["active"]!);
        Assert.Equal("launchdarkly", (string)story["profile"]!);
        Assert.Equal("writer", (string)story["claims"]!["launchdarkly"]!["role"]!);
        Assert.Equal((string)token["memberId"]!, ((string)story["sub"]!).Replace("-", "")[..24]);
        var reset = (await Post($"{Tokens}/{Id(token)}/reset?expiry={service.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds()}", service.Admin)).Json;
        Assert.Equal("secondary", (string)(await service.Introspect(service.Admin, Secret(token))).Json["slot"]!);
        Assert.Equal("primary", (string)(await service.Introspect(service.Admin, Secret(reset))).Json["slot"]!);
        await Send(HttpMethod.Delete, $"{Tokens}/{Id(token)}", service.Admin);
        Assert.Equal("""{"active":false}""", (await service.Introspect(service.Admin, Secret(reset))).Body);
    }

    [Fact]
    public async Task Calls_under_a_key_are_answered_again_and_a_lost_outcome_is_503()
    {
        Task<Answer> Keyed(string path, object? body, string key) =>
            Send(HttpMethod.Post, path, service.Admin, body, ("Idempotency-Key", key));
        var created = (await Keyed(Tokens, """{"role":"reader"}""", "ld")).Is(HttpStatusCode.Created);
        Assert.Equal(created.Body, (await Keyed(Tokens, """{"role":"reader"}""", "ld")).Body);
        IsError(await Keyed(Tokens, """{"role":"admin"}""", "ld"), HttpStatusCode.Conflict, "idempotency_key_reused");
        var path = $"{Tokens}/{Id(created.Json)}/reset";
        var reset = (await Keyed(path, null, "ld-reset")).Is(HttpStatusCode.OK);
        Assert.Equal(reset.Body, (await Keyed(path, null, "ld-reset")).Body);
        Assert.NotEqual(Secret(reset.Json), Secret((await Post(path, service.Admin)).Json));
        service.Faults.Next(Fault.Lost, Fault.Lost);
        var lost = IsError(await Post(path, service.Admin), HttpStatusCode.ServiceUnavailable, "service_unavailable");
        Assert.Equal("false", lost.Headers["x-should-retry"]);
    }
}
