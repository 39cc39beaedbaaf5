namespace TokenActors.Client.Tests.Cli;

/// <summary><c>ta webhook listen</c> where the program that it posts to, or the service, answers otherwise than it
/// should.</summary>
public sealed class ListenTests
{
    private const string Problem = """{"type":"urn:tokenactors:problem:no","detail":"Your secret has ended."}""";

    /// <summary>What the program answers, and what a line says of it: a webhook of the service fares alike.</summary>
    [Theory]
    [InlineData(200, "200")]
    [InlineData(204, "204")]
    [InlineData(302, "302")]
    [InlineData(307, "307")]
    [InlineData(404, "404")]
    [InlineData(410, "410")]
    [InlineData(500, "500")]
    [InlineData(0, null)]
    public async Task What_the_program_answers_is_told_and_it_goes_on(int status, string? said)
    {
        await using var program = await StubService.Start((context, _) =>
        {
            if (status == 0)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            context.Response.Headers.Location = "/elsewhere";
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var stub = await Trail(Row(1, "token.issued"), Row(2, "token.rotated"), Row(3, "token.deleted"));
        using var ta = new Ta(stub.Url, "ta_org_secret") { Time = new HastyTime() };
        var result = (
            await ta.Run($"webhook listen --forward-to {program.Url}hook").WaitAsync(TimeSpan.FromSeconds(30))).Is(4);
        var lines = result.Output.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("  token.rotated  s-2  ", lines[0], StringComparison.Ordinal);
        Assert.Contains("  token.deleted  s-3  ", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line =>
            Assert.True(said is null ? line.Length > 60 : line.EndsWith($"  {said}", StringComparison.Ordinal), line));
        Assert.Equal(["/hook", "/hook"], program.Asked.Select(asked => asked.Target));
        Assert.All(program.Asked, asked => Assert.Equal("", asked.Bearer));
        Assert.EndsWith(
            "Your secret has ended. (no) Sign in with: ta auth login\n", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>A page of a proxy in place of the trail passes by, as a service that is away does.</summary>
    [Theory]
    [InlineData(200, "<html>Back soon</html>")]
    [InlineData(200, "")]
    [InlineData(503, "<html>Back soon</html>")]
    [InlineData(302, "")]
    [InlineData(429, "")]
    public async Task A_page_in_place_of_the_trail_passes_by(int status, string body)
    {
        await using var program = await StubService.Start(200, "");
        var asked = 0;
        await using var stub = await StubService.Start((context, _) => ++asked switch
        {
            1 => StubService.Answer(context, 200, Page(Row(1, "token.issued"))),
            2 or 3 => StubService.Answer(context, status, body),
            4 => StubService.Answer(context, 200, Page(Row(1, "token.issued"), Row(2, "token.reset"))),
            _ => StubService.Answer(context, 401, Problem),
        });
        using var ta = new Ta(stub.Url, "ta_org_secret") { Time = new HastyTime() };
        var result = (
            await ta.Run($"webhook listen --forward-to {program.Url}").WaitAsync(TimeSpan.FromSeconds(30))).Is(4);
        Assert.Contains("token.reset", Assert.Single(result.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Single(result.Errors.Split('\n'), line => line.Contains("until it is back", StringComparison.Ordinal));
        Assert.Single(program.Asked);
    }

    /// <summary>Some refusals do not pass: a person has to do something.</summary>
    [Theory]
    [InlineData(400, 5)]
    [InlineData(401, 4)]
    [InlineData(403, 5)]
    [InlineData(404, 3)]
    public async Task A_trail_that_may_not_be_read_ends_it_at_once(int status, int code)
    {
        await using var stub = await StubService.Start(status, Problem);
        using var ta = new Ta(stub.Url, "ta_org_secret");
        var result = (await ta.Run("webhook listen --forward-to http://127.0.0.1:9/")).Is(code);
        Assert.Empty(result.Output);
        Assert.DoesNotContain("whsec_", result.Errors, StringComparison.Ordinal);
        Assert.Single(stub.Asked);
    }

    /// <summary>The body says what the trail knows, and no field twice or empty.</summary>
    [Fact]
    public async Task What_is_posted_names_the_thing_and_who_did_it()
    {
        await using var program = await StubService.Start(200, "");
        await using var stub = await Trail(
            Row(1, "token.issued"),
            Row(2, "account.updated").Replace("\"subject_kind\"",
                "\"token_id\":\"t-9\",\"member_id\":\"m-9\",\"account_id\":\"\",\"subject_kind\"",
                    StringComparison.Ordinal));
        using var ta = new Ta(stub.Url, "ta_org_secret") { Time = new HastyTime() };
        (await ta.Run($"webhook listen --forward-to {program.Url}")).Is(4);
        var body = System.Text.Json.Nodes.JsonNode.Parse(Assert.Single(program.Asked).Body)!;
        Assert.Equal("account.updated", (string?)body["type"]);
        Assert.Equal(
            ["actor_member_id", "actor_token_id", "id", "kind", "organization_id", "version"],
            body["data"]!.AsObject().Select(field => field.Key).Order());
        Assert.Equal("s-2", (string?)body["data"]!["id"]);
        Assert.Equal("2030-01-01T00:00:02Z", (string?)body["timestamp"]);
    }

    /// <summary>The trail with one row, then with all of them, then refused.</summary>
    private static Task<StubService> Trail(params string[] rows)
    {
        var asked = 0;
        return StubService.Start((context, _) => ++asked switch
        {
            1 => StubService.Answer(context, 200, Page(rows[0])),
            2 => StubService.Answer(context, 200, Page(rows)),
            _ => StubService.Answer(context, 401, Problem),
        });
    }

    private static string Page(params string[] rows) => $$"""{"items":[{{string.Join(',', rows)}}]}""";

    private static string Row(int number, string happened) => $$"""
        {"number":{{number}},"at":"2030-01-01T00:00:0{{number}}Z","organization_id":"o","event":"{{happened}}","subject_kind":"token",
        "subject_id":"s-{{number}}","subject_version":1,"outcome":"done","command_id":"c"}
        """;
}
