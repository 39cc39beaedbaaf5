using System.Text.Json.Nodes;

namespace TokenActors.Cluster.Tests;

/// <summary>The operator's commands on what a service has stored.</summary>
public sealed class OperatorRecoveryTests : IDisposable
{
    private readonly LoneService _service = new();

    public void Dispose() => _service.Dispose();

    /// <summary>One is encoded as old rows may have it, and one is of a token that is disabled.</summary>
    [Fact]
    public async Task Secrets_in_old_rows_are_dead_after_a_reset_and_one_of_a_disabled_token_is_left_with_an_exit_code()
    {
        var first = await _service.Found();
        var (admin, id) = ((string)first["access_secret"]!, (string)first["refresh_token_id"]!);
        var (other, otherId) = ("", "");
        await _service.Serve(async http =>
        {
            var made = Result(await LoneService.Send(http, HttpMethod.Post, "/v1/tokens", admin, new { permission_set = "viewer", resources = new { } }), 201);
            (other, otherId) = ((string)made["primary"]!["access"]!["secret"]!, (string)made["id"]!);
        });
        var encoded = admin.Replace("_", "%5F", StringComparison.Ordinal);
        await _service.Sql(
            $"UPDATE audit SET path = '/v1/tokens/{encoded}' WHERE number = (SELECT MIN(number) FROM audit)");
        await _service.Sql(
            $"UPDATE audit SET user_agent = 'tool/{other}' WHERE number = (SELECT MAX(number) FROM audit)");

        var (code, output) = await _service.Operate("audit-secrets");
        Assert.True(code == 1 && output.Contains(id, StringComparison.Ordinal) && output.Contains(otherId, StringComparison.Ordinal), output);
        Assert.DoesNotContain(admin, output);
        (code, output) = await _service.Operate("audit-secrets", "--reset", "--dry-run");
        Assert.True(code == 0 && output.Contains("Would reset 2 tokens", StringComparison.Ordinal), output);
        await _service.Serve(async http =>
        {
            Assert.Equal(200, (await LoneService.Send(http, HttpMethod.Get, "/v1/organization", admin)).Status);
            Result(await LoneService.Send(http, HttpMethod.Post, $"/lifecycle/v1/tokens/{otherId}/disable", admin), 200);
        });

        (code, output) = await _service.Operate("audit-secrets", "--reset");
        Assert.True(code == 1, output);
        Assert.Contains($"Reset token {id}.", output);
        Assert.Contains($"Token {otherId} is disabled and cannot be reset", output);
        Assert.Contains("Failed. Secrets of 1 tokens are left", output);
        await _service.Serve(async http => Assert.Equal(
            401, (await LoneService.Send(http, HttpMethod.Get, "/v1/organization", admin)).Status));
        (code, output) = await _service.Operate("audit-secrets");
        Assert.True(code == 1 && output.Contains(otherId, StringComparison.Ordinal) && !output.Contains(id, StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task A_reset_of_all_secrets_in_old_rows_ends_well()
    {
        var first = await _service.Found();
        await _service.Sql($"UPDATE audit SET path = '/v1/tokens/{first["refresh_secret"]}' WHERE number = (SELECT MIN(number) FROM audit)");
        var (code, output) = await _service.Operate("audit-secrets", "--reset");
        Assert.True(
            code == 0 && output.Contains($"Reset token {first["refresh_token_id"]}.", StringComparison.Ordinal),
            output);
        (code, output) = await _service.Operate("audit-secrets");
        Assert.True(code == 0 && output.Contains("No audit row holds a secret", StringComparison.Ordinal), output);
    }

    /// <summary>Whoever took the first for the one that is meant would disable another tenant.</summary>
    [Fact]
    public async Task A_name_that_two_organizations_bear_is_answered_like_an_unknown_one()
    {
        var admin = (string)(await _service.Found())["access_secret"]!;
        List<string> ids = [];
        await _service.Serve(async http =>
        {
            foreach (var name in new[] { "twin", "another" })
            {
                var made = Result(
                    await LoneService.Send(http, HttpMethod.Post, "/v1/suborgs", admin, new { name }), 201);
                ids.Add((string)made["organization"]!["id"]!);
            }
        });
        var (code, output) = await _service.Operate("disable-organization", "another");
        Assert.True(code == 0, output);

        // Below different parents, as a root and a tenant of another may be.
        await _service.Sql($"UPDATE records SET name = 'twin', name_scope = '{Guid.NewGuid()}', name_key = 'twin' WHERE id = '{ids[1]}'");
        foreach (string[] how in new string[][] { [], ["--dry-run"] })
        {
            foreach (var verb in new[] { "disable-organization", "enable-organization" })
            {
                var (twin, unknown) = (await _service.Operate([verb, "twin", .. how]), await _service.Operate([verb, "nobody", .. how]));
                Assert.Equal((1, "Failed. There is no organization 'twin'."), (twin.Code, twin.Output.Trim()));
                Assert.Equal(
                    (twin.Code, twin.Output),
                    (unknown.Code, unknown.Output.Replace("nobody", "twin", StringComparison.Ordinal)));
            }
        }

        (code, output) = await _service.Operate("disable-organization", ids[0]);
        Assert.True(code == 0 && output.Contains(ids[0], StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task A_pepper_that_is_forgotten_takes_credentials_and_refresh_halves_along_and_the_list_says_how_long_any_waits()
    {
        var admin = (string)(await _service.Found())["access_secret"]!;
        var longest = DateTimeOffset.MinValue;
        await _service.Serve(async http =>
        {
            var lasting = new { permission_set = "viewer", resources = new { }, token_ttl = "8760h" };
            longest = (DateTimeOffset)Result(await LoneService.Send(http, HttpMethod.Post, "/v1/tokens", admin, lasting), 201)["expires"]!;
            var account = (string)Result(await LoneService.Send(http, HttpMethod.Post, "/v1/accounts", admin, new { }), 201)["account"]!["id"]!;
            object credential = new { name = "c", config = new { type = "token", secret = "hunter2-hunter2" } };
            Result(await LoneService.Send(http, HttpMethod.Post, $"/v1/credentials/{account}", admin, credential), 201);
        });
        _service.Ring.Add(LoneService.NewPepper("p2"));
        await _service.Serve(_ => Task.CompletedTask);
        _service.Ring.Reverse();
        var (code, output) = await _service.Operate("pepper", "list");
        Assert.True(code == 0, output);
        Assert.Contains("credential: 1 records, until 'pepper retire' moves them", output);
        Assert.Matches(@"member: 1 records, until they are shown or end, the last at \d{4}-\d\d-\d\d ", output);
        Assert.Contains($"token: 2 records, until they are shown or end, the last at {longest:yyyy-MM-dd HH}:", output);

        (code, output) = await _service.Operate("pepper", "retire", "p1", "--force", "--dry-run");
        Assert.True(code == 0, output);
        Assert.Contains("1 credentials cannot be opened: their providers' secrets must be entered again", output);
        Assert.Contains("2 tokens refuse secrets that were not shown since, refresh halves above all", output);
        Assert.Contains("1 members cannot log on", output);
        (code, output) = await _service.Operate("pepper", "retire", "--help");
        Assert.Contains("refresh halves", output);
        Assert.Contains("providers' secrets in credentials", output.ReplaceLineEndings(" "));
        Assert.Equal(0, code);
    }

    private static JsonNode Result((int Status, JsonNode? Body) answer, int expected)
    {
        Assert.True(answer.Status == expected, $"{answer.Status}: {answer.Body}");
        return answer.Body?["result"] ?? answer.Body ?? throw new InvalidOperationException("the answer is empty");
    }
}
