using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Roles and members: what they give takes effect at once, and nothing gets around a grant.</summary>
[Collection("service")]
public sealed class RightsTests(Service service)
{
    private const string Password = "correct horse battery";

    private string Admin => service.Admin;

    private static string Unique(string prefix) => $"{prefix}{Guid.NewGuid():N}"[..24];

    private static string Id(JsonNode node) => (string)node["id"]!;

    private async Task<JsonNode> Member(string bearer, params string[] roles) =>
        (await service.Post("/v1/members", bearer, new { name = $"{Unique("m")}@example.com", secret = Password, role_binding = roles })).Is(HttpStatusCode.Created).Result["member"]!;

    private async Task<string> Logon(JsonNode member, string? organization = null) =>
        (string)(await service.Post($"/v1/auth/logon/{organization ?? service.OrganizationId}", null, new { name = (string)member["name"]!, secret = Password })).Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;

    private Task<Answer> Patch(string path, string body, string? bearer = null) =>
        service.Send(HttpMethod.Patch, path, bearer ?? Admin, body);

    [Fact]
    public async Task A_role_gives_what_it_says_and_its_change_or_deletion_acts_on_the_next_call()
    {
        var name = Unique("role");
        var role = (await service.Post("/v1/roles", Admin, new { name, permission_set = "viewer" })).Is(HttpStatusCode.Created).Result;
        var bearer = await Logon(await Member(Admin, name));
        (await service.Get("/v1/accounts", bearer)).Is(HttpStatusCode.OK);
        (await service.Post("/v1/accounts", bearer, "{}")).IsProblem(HttpStatusCode.Forbidden);
        (await Patch($"/v1/roles/{Id(role)}", """[{"op":"replace","path":"/permission_set","value":"account-manager"}]""")).Is(HttpStatusCode.OK);
        (await service.Post("/v1/accounts", bearer, "{}")).Is(HttpStatusCode.Created);
        (await service.Delete($"/v1/roles/{Id(role)}", Admin)).Is(HttpStatusCode.NoContent);
        (await service.Get("/v1/accounts", bearer)).IsProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_role_outlives_a_restart_and_its_name_is_not_one_of_the_built_in_ones()
    {
        var name = Unique("role");
        await service.Post("/v1/roles", Admin, new { name, permission_set = "viewer", resources = new { accounts = new { ids = new[] { "01900000-0000-7000-8000-000000000001" } } } });
        var bearer = await Logon(await Member(Admin, name));
        await service.RestartAsync();
        (await service.Get("/v1/accounts", bearer)).Is(HttpStatusCode.OK);
        (await service.Post("/v1/roles", Admin, new { name = "administrator", permission_set = "viewer" })).IsProblem(HttpStatusCode.Conflict);
        (await service.Post("/v1/roles", Admin, new { permission_set = "everything" })).IsProblem(
            HttpStatusCode.BadRequest, "/permission_set");
    }

    [Fact]
    public async Task A_disabled_or_deleted_member_is_refused_on_the_next_call_with_all_that_was_made_with_it()
    {
        var member = await Member(Admin, "administrator");
        var session = await Logon(member);
        var made = await service.Create("viewer", bearer: session);
        (await Patch($"/v1/members/{Id(member)}", """[{"op":"replace","path":"/state","value":"disabled"}]""")).Is(HttpStatusCode.OK);
        (await service.Get("/v1/organization", session)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get("/v1/organization", made.Access)).IsProblem(HttpStatusCode.Unauthorized);
        (await Patch($"/v1/members/{Id(member)}", """[{"op":"replace","path":"/state","value":"enabled"}]""")).Is(HttpStatusCode.OK);
        (await service.Get("/v1/organization", made.Access)).Is(HttpStatusCode.OK);
        (await service.Delete($"/v1/members/{(string)member["name"]!}", Admin)).Is(HttpStatusCode.NoContent);
        (await service.Get("/v1/organization", session)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get("/v1/organization", made.Access)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get($"/v1/members/{Id(member)}", Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name = (string)member["name"]!, secret = Password })).IsProblem(HttpStatusCode.Unauthorized);
        await service.RestartAsync();
        (await service.Get("/v1/organization", session)).IsProblem(HttpStatusCode.Unauthorized);
        await Member(Admin, "viewer");
    }

    [Fact]
    public async Task Nobody_gets_around_a_grant_by_way_of_roles_or_members()
    {
        var name = Unique("wide");
        var wide = (await service.Post("/v1/roles", Admin, new { name, permission_set = "administrator" })).Is(HttpStatusCode.Created).Result;
        var boss = await Member(Admin, name);
        var narrow = await service.Create(
            "administrator", new { accounts = new { ids = new[] { "01900000-0000-7000-8000-000000000001" } } });
        async Task Refused(HttpMethod method, string path, string? body) =>
            (await service.Send(method, path, narrow.Access, body)).IsProblem(HttpStatusCode.Forbidden);

        await Refused(HttpMethod.Post, "/v1/roles", """{"permission_set":"administrator"}""");
        await Refused(HttpMethod.Patch, $"/v1/roles/{Id(wide)}", """[{"op":"add","path":"/description","value":"x"}]""");
        await Refused(HttpMethod.Delete, $"/v1/roles/{Id(wide)}", null);
        await Refused(HttpMethod.Post, "/v1/members", $$"""{"name":"x@example.com","secret":"{{Password}}","role_binding":["administrator"]}""");
        await Refused(HttpMethod.Post, "/v1/members", $$"""{"name":"x@example.com","secret":"{{Password}}","role_binding":["{{name}}"]}""");
        await Refused(HttpMethod.Patch, $"/v1/members/{Id(boss)}", """[{"op":"replace","path":"/state","value":"disabled"}]""");
        await Refused(HttpMethod.Delete, $"/v1/members/{Id(boss)}", null);

        // Roles and members belong to the organization as a whole: also what lies within its own grant it neither makes
        // nor changes.
        var own = Unique("own");
        var resources = new { accounts = new { ids = new[] { "01900000-0000-7000-8000-000000000001" } } };
        (await service.Post("/v1/roles", narrow.Access, new { name = own, permission_set = "viewer", resources })).IsProblem(HttpStatusCode.Forbidden);
        var made = (await service.Post("/v1/roles", Admin, new { name = own, permission_set = "viewer", resources })).Is(HttpStatusCode.Created).Result;
        var member = await Member(Admin, own);
        await Refused(HttpMethod.Patch, $"/v1/roles/{Id(made)}", """[{"op":"remove","path":"/resources"}]""");
        await Refused(HttpMethod.Patch, $"/v1/members/{Id(member)}", """[{"op":"add","path":"/role_binding/-","value":"administrator"}]""");
        await Refused(HttpMethod.Patch, $"/v1/members/{Id(member)}", """[{"op":"add","path":"/nickname","value":"n"}]""");
        (await service.Get($"/v1/members/{Id(member)}", narrow.Access)).Is(HttpStatusCode.OK);
        (await Patch($"/v1/members/{Id(member)}", """[{"op":"replace","path":"/nickname","value":"n"}]""")).IsProblem(HttpStatusCode.BadRequest, "/0/path");
        (await Patch($"/v1/members/{Id(member)}", """[{"op":"add","path":"/nickname","value":"n"}]""")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_last_administrator_stays_even_where_all_go_at_once()
    {
        var (organization, first, boss) = await service.NewOrganization();
        var path = $"/v1/members/{first.Value}";
        (await service.Delete(path, boss.Access)).IsProblem(HttpStatusCode.Conflict);
        (await Patch(path, """[{"op":"replace","path":"/state","value":"disabled"}]""", boss.Access)).IsProblem(HttpStatusCode.Conflict);
        (await Patch(path, """[{"op":"replace","path":"/role_binding","value":["viewer"]}]""", boss.Access)).IsProblem(HttpStatusCode.Conflict);
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Member(boss.Access, "administrator")));
        var session = await Logon(others[0], organization.ToString());
        var answers = await Task.WhenAll(others[1..].Select(Id).Append(first.ToString()).Append(Id(others[0])).Select(
            id => service.Delete($"/v1/members/{id}", session)));
        Assert.All(answers, a => Assert.True(
            a.Status is HttpStatusCode.NoContent or HttpStatusCode.Conflict or HttpStatusCode.Unauthorized, a.Body));
        Assert.True(answers.Count(a => a.Status == HttpStatusCode.NoContent) <= 4);
        var left = await Task.WhenAll(others.Select(Id).Append(first.ToString()).Select(
            id => service.Grains.GetGrain<Grains.Abstractions.Members.IMemberGrain>(id).Get()));
        Assert.Contains(left, member => member is { Status: Domain.Members.MemberStatus.Enabled } && member.RoleBinding.Contains("administrator"));
    }

    /// <summary>A binding that is dead is no obstacle to anything else, and nobody can add one.</summary>
    [Fact]
    public async Task A_member_whose_role_is_deleted_can_still_be_changed_and_disabled()
    {
        var name = Unique("role");
        var role = (await service.Post("/v1/roles", Admin, new { name, permission_set = "viewer" })).Is(HttpStatusCode.Created).Result;
        var member = await Member(Admin, name);
        (await service.Delete($"/v1/roles/{Id(role)}", Admin)).Is(HttpStatusCode.NoContent);
        (await Patch($"/v1/members/{Id(member)}", """[{"op":"add","path":"/nickname","value":"n"}]""")).Is(HttpStatusCode.OK);
        (await Patch($"/v1/members/{Id(member)}", """[{"op":"add","path":"/role_binding/-","value":"gone"}]""")).IsProblem(HttpStatusCode.BadRequest, "/role_binding");
        (await Patch($"/v1/members/{Id(member)}", """[{"op":"replace","path":"/state","value":"disabled"}]""")).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"name":"nobody","secret":"correct horse battery"}""", "/name")]
    [InlineData("""{"name":"a@example.com","secret":"short"}""", "/secret")]
    [InlineData("""{"name":"01900000-0000-7000-8000-000000000001","secret":"correct horse battery","type":"service"}""", "/name")]
    [InlineData("""{"name":"a@example.com","secret":"password123"}""", "/secret")]
    [InlineData("""{"name":"a@example.com","secret":"correct horse battery","type":"robot"}""", "/type")]
    [InlineData("""{"name":"a@example.com","secret":"correct horse battery","role_binding":["nothing"]}""", "/role_binding")]
    [InlineData("""{"name":"a@example.com","secret":"correct horse battery","options":{"token_ttl":"48h"}}""", "/options/token_ttl")]
    [InlineData("""{"name":"a@example.com","secret":"correct horse battery","options":{"options":["happy"]}}""", "/options/options")]
    [InlineData("""{"name":"a@example.com","secret":"correct horse battery","state":"enabled"}""", "/state")]
    public async Task Create_400_points_at_what_is_wrong_with_a_member(string body, string pointer)
    {
        var answer = (await service.Post("/v1/members", Admin, body)).IsProblem(HttpStatusCode.BadRequest, pointer);
        Assert.DoesNotContain("correct horse", answer.Body);
    }

    [Fact]
    public async Task An_invitation_ends_and_is_given_again_and_who_forgot_the_password_sets_another()
    {
        var own = new Service();
        await own.InitializeAsync();
        try
        {
            var name = $"{Unique("inv")}@example.com";
            var admin = own.Admin;
            Task<Answer> Logon(string secret) =>
                own.Post($"/v1/auth/logon/{own.OrganizationId}", null, new { name, secret });
            async Task Set(string path, string state) =>
                (await own.Send(HttpMethod.Patch, path, admin, $$"""[{"op":"replace","path":"/state","value":"{{state}}"}]""")).Is(HttpStatusCode.OK);
            (await own.Send(HttpMethod.Patch, "/v1/organization", admin, """[{"op":"add","path":"/options","value":{"invite_duration":"24h","forgot_duration":"48h"}}]""")).Is(HttpStatusCode.OK);
            var member = (await own.Post("/v1/members", admin, new { name, secret = Password, options = new { options = new[] { "invited" } } })).Is(HttpStatusCode.Created).Result["member"]!;
            var path = $"/v1/members/{Id(member)}";
            Assert.Equal(
                (DateTimeOffset)member["created_at"]! + TimeSpan.FromHours(24), (DateTimeOffset)member["pin_expires"]!);
            Assert.Equal("invited", (string)(await Logon(Password)).Is(HttpStatusCode.OK).Result["auth_code"]!);

            own.Clock.Advance(TimeSpan.FromHours(25));
            admin = Made.From((await own.Put($"/v1/tokens/{own.DefaultTokenId}/refresh", (string)own.Bootstrap["refresh_secret"]!)).Is(HttpStatusCode.OK)).Access;
            Assert.Contains(
                "invite again", (await Logon(Password)).IsProblem(HttpStatusCode.Forbidden).Body,
                StringComparison.Ordinal);
            await Set(path, "disabled");
            await Set(path, "invited");
            Assert.Equal("invited", (string)(await Logon(Password)).Is(HttpStatusCode.OK).Result["auth_code"]!);

            await Set(path, "forgotten");
            var forgotten = (await Logon(Password)).Is(HttpStatusCode.OK).Result;
            Assert.Equal("expired", (string)forgotten["auth_code"]!);
            const string next = "another horse battery";
            (await own.Post("/v1/auth/change_password", (string)forgotten["token"]!["access"]!["secret"]!, new { old_secret = Password, new_secret = next })).Is(HttpStatusCode.OK);
            Assert.Equal("enabled", (string)(await own.Get(path, admin)).Is(HttpStatusCode.OK).Result["state"]!);
            Assert.Equal("success", (string)(await Logon(next)).Is(HttpStatusCode.OK).Result["auth_code"]!);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("personal", "59s", "must lie between 1m and 24h")]
    [InlineData("service", "2161h", "must lie between 1m and 2160h")]
    public async Task What_a_session_may_last_is_told_in_units_that_are_taken(string type, string life, string message)
    {
        var answer = await service.Post(
            "/v1/members", Admin,
            new { name = "a@example.com", secret = Password, type, options = new { token_ttl = life } });
        Assert.Contains(
            message, answer.IsProblem(HttpStatusCode.BadRequest, "/options/token_ttl").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_member_has_any_word_for_a_name_and_long_sessions_and_an_expired_one_must_change_its_password()
    {
        var name = Unique("svc");
        (await service.Post("/v1/members", Admin, new { name, secret = Password, type = "service", options = new { token_ttl = "2000h" } })).Is(HttpStatusCode.Created);
        (await service.Post("/v1/members", Admin, new { name = name.ToUpperInvariant(), secret = Password, type = "service" })).IsProblem(HttpStatusCode.Conflict);
        var expired = (await service.Post("/v1/members", Admin, new { name = $"{name}@example.com", secret = Password, options = new { options = new[] { "expired" } } })).Is(HttpStatusCode.Created).Result["member"]!;
        var logon = (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name = (string)expired["name"]!, secret = Password })).Is(HttpStatusCode.OK);
        Assert.Equal("expired", (string)logon.Result["auth_code"]!);
    }
}
