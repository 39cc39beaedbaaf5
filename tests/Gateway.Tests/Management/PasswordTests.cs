using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Passwords that have to be changed, that are composed otherwise, and that are guessed.</summary>
public sealed class PasswordTests : IAsyncLifetime
{
    private const string Old = "correct horse battery";
    private const string New = "battery horse correct";

    private readonly Service _service = new();
    private readonly string _name = $"m{Guid.NewGuid():N}@example.com";

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("expired")]
    [InlineData("invited")]
    public async Task A_password_that_must_be_changed_opens_its_change_and_nothing_else(string option)
    {
        await Member(new { name = _name, secret = Old, role_binding = Array.Empty<string>(), options = new { options = new[] { option } } });
        var session = (await Logon(Old)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(option, (string)session["auth_code"]!);
        Assert.NotEmpty((string)session["auth_msg"]!);
        Assert.Equal("", (string)session["token"]!["refresh"]!["secret"]!);
        var (id, secret) = ((string)session["refresh_token_id"]!, (string)session["token"]!["access"]!["secret"]!);
        Assert.Equal(
            _service.Clock.GetUtcNow() + TimeSpan.FromMinutes(10),
            (DateTimeOffset)session["token"]!["access"]!["expires"]!, TimeSpan.FromSeconds(1));

        (await _service.Get("/v1/organization", secret)).IsProblem(HttpStatusCode.Unauthorized);
        (await _service.Put($"/v1/tokens/{id}/refresh", secret)).IsProblem(HttpStatusCode.Unauthorized);
        (await _service.Introspect(secret, secret)).Is(HttpStatusCode.Unauthorized);
        Assert.False((bool)(await _service.Introspect(_service.Admin, secret)).Json["active"]!);
        Assert.False(await _service.IsActive(secret));
        foreach (var hint in new[] { null, "access_token", "refresh_token" })
        {
            var asked = await _service.Post(
                "/lifecycle/v1/introspect", _service.Admin, new JsonObject { ["tokens"] = new JsonArray(secret), ["token_type_hint"] = hint });
            Assert.Equal("""[{"active":false}]""", asked.Is(HttpStatusCode.OK).Json["items"]!.ToJsonString());
        }

        (await _service.Get($"/access/verify?organization_id={_service.OrganizationId}&kind=session,password-change", secret)).Is(HttpStatusCode.Unauthorized);

        (await Change(secret, "wrong", New)).IsProblem(HttpStatusCode.Unauthorized);
        (await Change(secret, Old, New)).Is(HttpStatusCode.OK);
        (await Change(secret, New, Old)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Equal("success", (string)(await Logon(New)).Is(HttpStatusCode.OK).Result["auth_code"]!);
        (await Logon(Old)).IsProblem(HttpStatusCode.Unauthorized);
    }

    /// <summary>In whatever form its letters are composed.</summary>
    [Fact]
    public async Task A_password_is_changed_to_another_one_only()
    {
        const string composed = "caf\u00e9 horse battery";
        const string decomposed = "cafe\u0301 horse battery";
        await Member(new { name = _name, secret = composed, options = new { options = new[] { "expired" } } });
        var secret = (string)(await Logon(composed)).Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;
        (await Change(secret, composed, composed)).IsProblem(HttpStatusCode.BadRequest, "/new_secret");
        (await Change(secret, composed, decomposed)).IsProblem(HttpStatusCode.BadRequest, "/new_secret");
        (await Change(secret, composed, New)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_token_of_a_change_lives_ten_minutes_and_revokes_itself()
    {
        await Member(new { name = _name, secret = Old, options = new { options = new[] { "expired" } } });
        var (late, revoked) = (await ChangeToken(), await ChangeToken());
        (await _service.Revoke(revoked, revoked)).Is(HttpStatusCode.OK);
        (await Change(revoked, Old, New)).IsProblem(HttpStatusCode.Unauthorized);
        _service.Clock.Advance(TimeSpan.FromMinutes(10));
        (await Change(late, Old, New)).IsProblem(HttpStatusCode.Unauthorized);
        (await Change(await ChangeToken(), Old, New)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_lasts_half_a_year_where_nobody_says_otherwise()
    {
        await Member(new { name = _name, secret = Old });
        _service.Clock.Advance(TimeSpan.FromHours(4320) - TimeSpan.FromMinutes(1));
        Assert.Equal("success", (string)(await Logon(Old)).Result["auth_code"]!);
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("expired", (string)(await Logon(Old)).Result["auth_code"]!);
    }

    [Fact]
    public async Task A_deleted_members_change_is_refused()
    {
        var id = await Member(new { name = _name, secret = Old, options = new { options = new[] { "expired" } } });
        var secret = await ChangeToken();
        (await _service.Delete($"/v1/members/{id}", _service.Admin)).Is(HttpStatusCode.NoContent);
        (await Change(secret, Old, New)).IsProblem(HttpStatusCode.Unauthorized);
    }

    /// <summary>One keyboard sends a letter and its accent as one character, another as two (RFC 8265).</summary>
    [Fact]
    public async Task A_password_is_the_same_however_its_letters_are_composed()
    {
        const string composed = "Fl\u00fcgelt\u00fcr\u00a0gr\u00fcn";
        await Member(new { name = _name, secret = composed });
        (await Logon(composed.Normalize(NormalizationForm.FormD))).Is(HttpStatusCode.OK);
        (await Logon(composed.Replace('\u00a0', ' '))).Is(HttpStatusCode.OK);
        (await Logon(composed)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Failed_logons_are_one_audit_row_a_name_address_and_minute()
    {
        var mistaken = (await _service.Create("viewer")).Access;
        await Fail(_service.OrganizationId, _name, 3);
        await Fail(_service.OrganizationId, mistaken, 2);
        await Fail(Guid.NewGuid().ToString(), _name, 1);
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        await Fail(_service.OrganizationId, "later", 1);

        var trail = (await _service.Get("/v1/audit/organizations?limit=1000&filter=code[eq]401", _service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal(2, trail.Count);
        Assert.Contains(trail, row => (string)row!["response"]! == $"logon.failed logon/{_name} 3x");
        Assert.All(trail, row => Assert.Equal(
            ("failure", "127.0.0.1", "POST"),
            ((string)row!["status"]!, (string)row["remote_addr"]!, (string)row["method"]!)));
        Assert.DoesNotContain(mistaken, trail.ToJsonString());

        // Where no attempt follows, the next end of the grain writes them.
        await _service.RestartAsync();
        var all = (await _service.Get("/v1/audit/organizations?limit=1000&filter=code[eq]401", _service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Contains(all, row => (string)row!["response"]! == "logon.failed logon/later 1x");
    }

    private async Task Fail(string organization, string name, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await Logon("wrong password", name, organization)).IsProblem(HttpStatusCode.Unauthorized);
        }
    }

    private async Task<string> Member(object wanted) =>
        (string)(await _service.Post("/v1/members", _service.Admin, wanted)).Is(HttpStatusCode.Created).Result["member"]!["id"]!;

    private async Task<string> ChangeToken() =>
        (string)(await Logon(Old)).Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;

    private Task<Answer> Logon(string secret, string? name = null, string? organization = null) => _service.Post(
        $"/v1/auth/logon/{organization ?? _service.OrganizationId}", null, new JsonObject { ["name"] = name ?? _name, ["secret"] = secret });

    private Task<Answer> Change(string bearer, string from, string to) =>
        _service.Post("/v1/auth/change_password", bearer, new { old_secret = from, new_secret = to });
}
