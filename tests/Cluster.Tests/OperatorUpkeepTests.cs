using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TokenActors.Cluster.Tests;

/// <summary>What an operator does from time to time: verifies the trail from the anchor that was kept, and replaces a
/// pepper.</summary>
public sealed partial class OperatorUpkeepTests : IDisposable
{
    private readonly LoneService _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_verification_prints_the_anchor_for_the_next_one_which_finds_a_chain_cut_off()
    {
        await _service.Found();
        await Link();
        var (code, output) = await _service.Operate("verify-audit");
        Assert.True(code == 0, output);
        var anchor = Anchor().Match(output).Groups["anchor"].Value;
        Assert.StartsWith("1:", anchor, StringComparison.Ordinal);
        Assert.Contains($"Keep it outside of the database; --since {anchor} goes on from there", output);

        // Where nothing was linked since, it stays the anchor; a link later there is another.
        (code, output) = await _service.Operate("verify-audit", "--since", anchor);
        Assert.True(code == 0 && output.Contains("0 rows in 0 links after link 1", StringComparison.Ordinal), output);
        Assert.Equal(anchor, Anchor().Match(output).Groups["anchor"].Value);
        await _service.Operate("disable-organization", "root");
        await Link();
        (code, output) = await _service.Operate("verify-audit", "--since", anchor);
        Assert.True(code == 0, output);
        Assert.Matches("[1-9][0-9]* rows in 1 links after link 1", output);
        var next = Anchor().Match(output).Groups["anchor"].Value;
        Assert.StartsWith("2:", next, StringComparison.Ordinal);

        // What is cut off at the end leaves a chain that is whole.
        await _service.Sql("DELETE FROM audit WHERE number > (SELECT last_number FROM audit_links WHERE link = 1)");
        await _service.Sql("DELETE FROM audit_links WHERE link = 2");
        Assert.Equal(0, (await _service.Operate("verify-audit")).Code);
        (code, output) = await _service.Operate("verify-audit", "--since", next);
        Assert.True(code == 1 && output.Contains("cut off", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task A_verification_names_rows_ahead_of_the_clock_and_fails_on_a_pepper_that_nobody_named()
    {
        await _service.Found();
        await Link();
        await _service.Operate("disable-organization", "root");
        var ahead = await _service.Sql("SELECT MAX(number) FROM audit");
        await _service.Sql($"UPDATE audit SET at = 4102444800000000 WHERE number = {ahead}");
        var (code, output) = await _service.Operate("verify-audit");
        Assert.True(
            code == 0 && output.Contains($"Row {ahead} is dated 2100-01-01T00:00:00", StringComparison.Ordinal),
            output);
        Assert.Matches("[1-9][0-9]* rows are not linked yet", output);

        _service.Ring[0] = LoneService.NewPepper("p2");
        (code, output) = await _service.Operate("verify-audit");
        Assert.True(code == 1 && output.Contains("link 1 was made under pepper 'p1', which the ring lacks", StringComparison.Ordinal), output);
        (code, output) = await _service.Operate("verify-audit", "--unknown-pepper", "p3");
        Assert.True(code == 1, output);
        (code, output) = await _service.Operate("verify-audit", "--unknown-pepper", "p3", "--unknown-pepper", "p1");
        Assert.True(
            code == 0 && output.Contains("1 links made under p3, p1 were not verified.", StringComparison.Ordinal),
            output);
    }

    [Fact]
    public async Task A_pepper_that_is_retired_is_left_by_credentials_and_secrets_of_webhooks_without_anybody_showing_them()
    {
        var admin = (string)(await _service.Found())["access_secret"]!;
        await _service.Serve(async http =>
        {
            async Task<JsonNode?> Make(string path, object body)
            {
                var (status, made) = await LoneService.Send(http, HttpMethod.Post, path, admin, body);
                Assert.True(status == 201, $"{path}: {made}");
                return made;
            }

            var account = (string)(await Make("/v1/accounts", new { }))!["result"]!["account"]!["id"]!;
            foreach (var name in new[] { "one", "two", "gone" })
            {
                await Make(
                    $"/v1/credentials/{account}",
                    new { name, config = new { type = "token", secret = "hunter2-hunter2" } });
            }

            Assert.Equal(
                204,
                (await LoneService.Send(http, HttpMethod.Delete, $"/v1/credentials/{account}/gone", admin)).Status);
            string[] filters = ["all"], types = ["token.issued"];
            await Make(
                "/v1/organization/webhooks", new { name = "w", url = "https://hooks.example.com/", filters, secret = new { value = "a-signing-secret" } });
            await Make("/lifecycle/v1/webhooks", new { url = "https://hooks.example.com/", types });
        });
        const string swept = "SELECT group_concat(kind || ' ' || count, ', ') FROM (SELECT kind, COUNT(*) AS count FROM records "
            + "WHERE status = 'live' AND kind IN ('credential', 'webhook', 'event_endpoint') AND state LIKE '%\"pepper_id\":\"";
        string Under(string pepper) => $"{swept}{pepper}\"%' GROUP BY kind ORDER BY kind)";

        // The third is the one that the organization's webhook has of its own.
        var all = await _service.Sql(Under("p1"));
        Assert.Equal("credential 3, event_endpoint 1, webhook 1", all);

        _service.Ring.Add(LoneService.NewPepper("p2"));
        await _service.Serve(_ => Task.CompletedTask);
        _service.Ring.Reverse();
        var (code, output) = await _service.Operate("pepper", "retire", "p1");
        Assert.True(code == 0 && output.Contains("Moved 5 credentials and secrets of webhooks to pepper p2.", StringComparison.Ordinal), output);
        Assert.Equal("", await _service.Sql(Under("p1")) ?? "");
        Assert.Equal(all, await _service.Sql(Under("p2")));
        (code, output) = await _service.Operate("pepper", "list");
        Assert.True(code == 0, output);
        Assert.DoesNotContain(
            "credential", output[output.IndexOf("Pepper p1", StringComparison.Ordinal)..].Split("Pepper p2")[0]);

        // A second time nothing is left to move.
        (code, output) = await _service.Operate("pepper", "retire", "p1");
        Assert.True(code == 0 && output.Contains("Moved 0 credentials", StringComparison.Ordinal), output);
    }

    /// <summary>Has the service link all rows there are, which are old enough for that; what it adds meanwhile is
    /// not.</summary>
    private async Task Link()
    {
        var last = await _service.Sql("SELECT MAX(number) FROM audit");
        await _service.Sql(
            "UPDATE audit SET at = at - 3600000000 WHERE number > (SELECT COALESCE(MAX(last_number), 0) FROM audit_links)");
        await _service.Serve(_ => Eventually.Holds(
            async () => await _service.Sql("SELECT MAX(last_number) FROM audit_links") == last, $"rows until {last} are linked"));
    }

    [GeneratedRegex(@"^Anchor: (?<anchor>\d+:[0-9a-f]+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Anchor();
}
