using System.Net;
using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Members;

namespace TokenActors.Gateway.Tests.Management;

[Collection("service")]
public sealed class AuthTests(Service service)
{
    /// <summary>What was opened with the old password ends with it; tokens that were made end where that is asked
    /// for.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_of_password_ends_the_other_sessions_and_tokens_on_request(bool? revokes)
    {
        const string old = "correct horse battery";
        var name = $"m{Guid.NewGuid():N}@example.com";
        (await service.Post("/v1/members", service.Admin, new { name, secret = old, role_binding = new[] { "administrator" } })).Is(HttpStatusCode.Created);
        async Task<string> Session() => (string)(await service.Post(
            $"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = old }))
            .Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;
        var (mine, other) = (await Session(), await Session());
        var (made, madeByOther) = (await service.Create("viewer", bearer: mine), await service.Create("viewer", bearer: other));
        object body = revokes is null
            ? new { old_secret = old, new_secret = "battery horse correct" }
            : new { old_secret = old, new_secret = "battery horse correct", revoke_tokens = revokes };
        (await service.Post("/v1/auth/change_password", mine, body)).Is(HttpStatusCode.OK);

        Assert.True(await service.IsActive(mine));
        Assert.False(await service.IsActive(other));
        Assert.Equal(revokes != true, await service.IsActive(made.Access));
        Assert.False(await service.IsActive(madeByOther.Access));
    }

    private const string Password = "correct horse battery";

    private Task<Answer> Logon(string organization, string name, string secret) =>
        service.Post($"/v1/auth/logon/{organization}", null, new { name, secret });

    [Fact]
    public async Task Logon_200_opens_a_session_by_id_or_name_in_any_letter_case()
    {
        var secret = (string)service.Bootstrap["member_secret"]!;
        foreach (var (organization, name) in new[] { (service.OrganizationId, "administrator"), ("root", "Administrator") })
        {
            var answer = (await Logon(organization, name, secret)).Is(HttpStatusCode.OK);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            var result = answer.Result.AsObject();
            Assert.Equal(
                ["auth_code", "refresh_token_id", "token", "organization", "member"], result.Select(p => p.Key));
            Assert.Equal("success", (string)result["auth_code"]!);
            Assert.Equal("administrator", (string)result["member"]!["name"]!);
            var access = (string)result["token"]!["access"]!["secret"]!;
            Assert.StartsWith("ta_log_", access);
            (await service.Get("/v1/organization", access)).Is(HttpStatusCode.OK);
            var info = (await service.Get($"/v1/tokens/{(string)result["refresh_token_id"]!}/info", access)).Result;
            Assert.Equal("logon", (string)info["token_type"]!);
            (await service.Post("/v1/auth/logoff", access, null)).Is(HttpStatusCode.NoContent);
            (await service.Get("/v1/organization", access)).IsProblem(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Logon_401_looks_alike_for_a_wrong_password_an_unknown_name_and_an_unknown_organization()
    {
        HashSet<string> messages = [];
        foreach (var (organization, name) in new[]
            { (service.OrganizationId, "administrator"), (service.OrganizationId, "nobody"), (Guid.NewGuid().ToString(), "administrator"), ("nowhere", "x") })
        {
            var answer = (await Logon(organization, name, "wrong password")).IsProblem(HttpStatusCode.Unauthorized);
            messages.Add((string)answer.Json["message"]! + (string)answer.Json["type"]!);
        }

        Assert.Single(messages);
    }

    [Fact]
    public async Task The_challenge_of_an_unknown_name_is_stable_and_looks_like_any_other()
    {
        var grain = service.Grains.GetGrain<Grains.Abstractions.Organizations.IOrganizationGrain>(service.OrganizationId);
        var (one, two, known) = (await grain.Challenge("nobody"), await grain.Challenge("NOBODY"), await grain.Challenge("administrator"));
        Assert.Equal(one.Salt, two.Salt);
        Assert.Equal(one.MemberId, two.MemberId);
        Assert.Equal(known.Iterations, one.Iterations);
        Assert.Equal(known.Salt.Length, one.Salt.Length);
    }

    [Theory]
    [InlineData("{}", "/name")]
    [InlineData("""{"name":"x"}""", "/secret")]
    [InlineData("""{"name":"x","secret":"y","otp":"z"}""", "/otp")]
    [InlineData("""{"name":1,"secret":"y"}""", "/name")]
    public async Task Logon_400_names_the_field_and_never_shows_a_secret(string body, string pointer) =>
        (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, body)).IsProblem(
            HttpStatusCode.BadRequest, pointer);

    [Theory]
    [InlineData(MemberStatus.Disabled, "logon-disabled")]
    [InlineData(MemberStatus.Locked, "logon-locked")]
    public async Task Logon_403_says_why_only_to_who_knows_the_password(MemberStatus status, string type)
    {
        var (organization, member, _) = await service.NewOrganization();
        await service.Grains.GetGrain<IMemberGrain>(member.ToString()).SetStatus(
            new() { CommandId = Guid.NewGuid() }, status);
        Assert.EndsWith(type, (string)(await Logon(organization.ToString(), "boss@example.com", Password)).IsProblem(HttpStatusCode.Forbidden).Json["type"]!);
        (await Logon(organization.ToString(), "boss@example.com", "something else")).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Logoff_403_for_what_is_no_session() =>
        (await service.Post("/v1/auth/logoff", service.Admin, null)).IsProblem(HttpStatusCode.Forbidden);

    [Fact]
    public async Task Change_password_200_then_only_the_new_one_works()
    {
        var (organization, _, token) = await service.NewOrganization();
        var changed = (await service.Post("/v1/auth/change_password", token.Access, new { old_secret = Password, new_secret = "another long secret" })).Is(HttpStatusCode.OK);
        Assert.Equal("""{"result":{"auth_code":"success"}}""", changed.Body);
        (await Logon(organization.ToString(), "Boss@example.com", Password)).IsProblem(HttpStatusCode.Unauthorized);
        (await Logon(organization.ToString(), "Boss@example.com", "another long secret")).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("short", "/new_secret")]
    [InlineData("password123", "/new_secret")]
    [InlineData("boss@example.com", "/new_secret")]
    public async Task Change_password_400_for_a_weak_one(string weak, string pointer)
    {
        var (_, _, token) = await service.NewOrganization();
        var answer = (await service.Post("/v1/auth/change_password", token.Access, new { old_secret = Password, new_secret = weak })).IsProblem(HttpStatusCode.BadRequest, pointer);
        Assert.Null(answer.Json["context"]!["parameter"]!["value"]);
    }

    [Fact]
    public async Task Change_password_401_for_a_wrong_old_one()
    {
        var (_, _, token) = await service.NewOrganization();
        (await service.Post("/v1/auth/change_password", token.Access, new { old_secret = "wrong", new_secret = "another long secret" })).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get("/v1/organization", token.Access)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Organization_200_has_the_wires_fields()
    {
        var organization = (await service.Get("/v1/organization", service.Admin)).Is(HttpStatusCode.OK).Result.AsObject();
        Assert.Equal(
            ["name", "created_at", "updated_at", "id", "refresh_token_id", "organization_type", "fullname", "state"],
            organization.Select(p => p.Key));
        Assert.Equal("root", (string)organization["organization_type"]!);
        Assert.Equal(service.DefaultTokenId, (string)organization["refresh_token_id"]!);
    }
}
