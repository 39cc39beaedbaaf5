using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace TokenActors.Client.Tests.Cli;

/// <summary>What a service says no to, at once or amid a command, and connections that end.</summary>
public sealed class RefusalTests
{
    private const string Problem = """{"type":"urn:tokenactors:problem:some-code","detail":"Words of the service."}""";

    private static readonly string[] All = [.. CommandLines.Reads, .. CommandLines.Previewed, .. CommandLines.Changes];

    /// <summary>Every command tells the number of the refusal and the words of the service.</summary>
    [Theory]
    [InlineData(401, 4, "ta auth login")]
    [InlineData(403, 5, "ta token can")]
    [InlineData(404, 3, "(some-code)")]
    [InlineData(409, 5, "(some-code)")]
    [InlineData(412, 5, "Somebody changed it meanwhile")]
    [InlineData(413, 5, "(some-code)")]
    [InlineData(428, 5, "(some-code)")]
    [InlineData(429, 5, "Try again in 3600 s.")]
    [InlineData(500, 1, "(some-code)")]
    [InlineData(301, 1, "Check the URL")]
    [InlineData(302, 1, "Check the URL")]
    [InlineData(303, 1, "Check the URL")]
    [InlineData(307, 1, "Check the URL")]
    public async Task Every_command_tells_a_refusal_alike(int status, int code, string advice)
    {
        await using var stub = await StubService.Start((context, _) =>
        {
            context.Response.Headers.Location = "/elsewhere";
            return context.Request.Path == "/elsewhere" ? StubService.Answer(context, 200, "{}")
                : StubService.Answer(context, status, Problem);
        });
        using var ta = new Ta(stub.Url, "ta_org_secret");
        List<string> wrong = [];
        foreach (var line in status == 403 ? All : All.Tenth(status))
        {
            var result = await ta.RunLine(line);
            if (result.Code != code || result.Output.Length > 0
                || result.Errors.TrimEnd().Contains('\n', StringComparison.Ordinal)
                || !result.Errors.StartsWith("ta: Words of the service.", StringComparison.Ordinal)
                || !result.Errors.Contains(advice, StringComparison.Ordinal))
            {
                wrong.Add($"{line}: {result.Code}: {result.Errors.TrimEnd()} {result.Output}");
            }
        }

        Assert.Empty(wrong);
        Assert.DoesNotContain(stub.Asked, asked => asked.Target == "/elsewhere");
    }

    /// <summary>A service that is away for longer than one waits leaves a change open, and a read failed.</summary>
    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_a_service_could_not_say_is_unknown_for_changes_alone(int status)
    {
        await using var stub = await StubService.Start(status, Problem);
        using var ta = new Ta(stub.Url, "ta_org_secret");
        foreach (var line in status == 503 ? CommandLines.Reads : CommandLines.Reads.Tenth(status))
        {
            (await ta.RunLine(line)).Is(1);
        }

        foreach (var line in (string[])[$"token reset {CommandLines.Id} --yes --idempotency-key k-1",
            $"webhook test {CommandLines.Id}", "account edit acme --set fullname=A"])
        {
            Assert.Single((await ta.RunLine(line)).Is(6).Errors.TrimEnd().Split('\n'));
        }

        var disabled = (await ta.RunLine($"token disable {CommandLines.Id} --yes --idempotency-key k-2")).Is(6);
        Assert.EndsWith("--idempotency-key k-2\n", disabled.Errors, StringComparison.Ordinal);
        Assert.EndsWith(
            "Look before you repeat it.\n", (await ta.RunLine("account edit acme --set fullname=A")).Is(6).Errors,
            StringComparison.Ordinal);
    }

    /// <summary>An hour later 7d is another time, and the key would be one of another request.</summary>
    [Theory]
    [InlineData("rotate {0} --deadline 7d --yes")]
    [InlineData("move-deadline {0} 7d")]
    public async Task A_span_is_repeated_as_the_time_that_it_was_also_when_that_is_past(string line)
    {
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using var stub = await StubService.Start(503, Problem);
        using var ta = new Ta(stub.Url, "ta_org_secret") { Time = clock };
        line = $"token {line.Replace("{0}", CommandLines.Id, StringComparison.Ordinal)} --idempotency-key k";
        var advice = (await ta.Run(line)).Is(6).Errors;
        var meant = Regex.Match(advice, "with (?<time>[^ ]+) in place of 7d, ").Groups["time"].Value;
        clock.Advance(TimeSpan.FromDays(8));
        (await ta.Run(line.Replace("7d", meant, StringComparison.Ordinal))).Is(6);
        var bodies = stub.Asked.Where(asked => !asked.IsQuestion).Select(asked => asked.Body).ToList();
        Assert.True(bodies.Count >= 2 && bodies[0].Contains("deadline", StringComparison.Ordinal));
        Assert.Single(bodies.Distinct());
    }

    /// <summary>The secret is revoked while its list is read.</summary>
    [Theory]
    [InlineData("token list --all -o json", 401, 4)]
    [InlineData("token list --all -o name", 403, 5)]
    [InlineData("token list --all -o yaml", 500, 1)]
    [InlineData("token list --all", 429, 5)]
    [InlineData("token list --all", 410, 5)]
    public async Task A_list_that_is_refused_at_its_second_page_is_a_failure_with_the_first_page_written(
        string line, int status, int code)
    {
        await using var stub = await StubService.Start((context, request) =>
            request.Target.Contains("cursor=two", StringComparison.Ordinal)
                ? StubService.Answer(context, status, Problem)
                : StubService.Answer(context, 200, PageOf("first", "two")));
        using var ta = new Ta(stub.Url, "ta_org_secret");
        var result = (await ta.Run(line)).Is(code);
        Assert.Contains(
            line.EndsWith("-o name", StringComparison.Ordinal) ? CommandLines.Id : "first", result.Output,
            StringComparison.Ordinal);
        Assert.StartsWith("ta: Words of the service.", result.Errors, StringComparison.Ordinal);
        Assert.Equal(2, stub.Asked.Count);
    }

    /// <summary>Without an end a command of a build system would run for hours.</summary>
    [Theory]
    [InlineData("token list --all")]
    [InlineData("token list --all -o json")]
    [InlineData("token tree 01a219b4-3ff3-7541-abb9-bc3a20e1ce99")]
    [InlineData("account list --all --limit 1")]
    public async Task A_list_that_leads_in_a_circle_ends(string line)
    {
        await using var stub = await StubService.Start((context, request) => StubService.Answer(
            context, 200, request.Target.StartsWith("/v1", StringComparison.Ordinal)
                ? $$"""{"result":[{{AccountOf("acme")}}]}"""
                : request.Target.EndsWith(CommandLines.Id, StringComparison.Ordinal) ? TokenOf("root")
                    : PageOf("first", "again")));
        using var ta = new Ta(stub.Url, "ta_org_secret");
        var result = (await ta.Run(line)).Is(1);
        Assert.Contains("does not go on", result.Errors, StringComparison.Ordinal);
        Assert.InRange(stub.Asked.Count, 2, 4);
    }

    [Theory]
    [InlineData("account list --limit 0")]
    [InlineData("role list --limit 0 --all")]
    public async Task A_page_that_may_hold_nothing_is_empty_and_the_last(string line)
    {
        await using var stub = await StubService.Start(200, """{"result":[]}""");
        using var ta = new Ta(stub.Url, "ta_org_secret");
        (await ta.Run(line)).Is(0);
        Assert.Single(stub.Asked);
    }

    [Theory]
    [InlineData("token list")]
    [InlineData("account show acme")]
    [InlineData("cluster -o json")]
    public async Task A_connection_that_ends_each_time_is_a_service_that_cannot_be_reached(string line)
    {
        await using var stub = await StubService.Start((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var ta = new Ta(stub.Url, "ta_org_secret") { Time = new HastyTime() };
        var result = (await ta.Run(line)).Is(1);
        Assert.Contains("(unreachable)", Assert.Single(result.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.True(stub.Asked.Count > 1, "it was tried again");
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_once_is_asked_for_again()
    {
        await using var stub = await StubService.Start(async (context, _) =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync(PageOf("half", "x")[..20], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        using var ta = new Ta(stub.Url, "ta_org_secret") { Time = new HastyTime() };
        Assert.Contains("(unreachable)", (await ta.Run("token list")).Is(1).Errors, StringComparison.Ordinal);
        Assert.Equal(5, stub.Asked.Count);
        var lost = (await ta.Run($"token enable {CommandLines.Id}")).Is(6);
        Assert.Contains("nobody knows whether it was done", lost.Errors, StringComparison.Ordinal);
    }

    /// <summary>An export has begun when its connection ends: it may not be taken for the whole trail.</summary>
    [Fact]
    public async Task An_export_that_is_cut_off_is_a_failure()
    {
        await using var stub = await StubService.Start(async (context, _) =>
        {
            await context.Response.WriteAsync("{\"number\":1}\n{\"numb", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        using var ta = new Ta(stub.Url, "ta_org_secret");
        var result = (await ta.Run("audit export")).Is(1);
        Assert.DoesNotContain("bug of ta", result.Errors, StringComparison.Ordinal);
        Assert.StartsWith("ta: ", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>Several that all fail are not partly done.</summary>
    [Theory]
    [InlineData(401, 4)]
    [InlineData(403, 5)]
    [InlineData(404, 3)]
    public async Task Of_several_tokens_of_which_none_could_be_revoked_nothing_is_partly_done(int status, int code)
    {
        await using var stub = await StubService.Start(status, Problem);
        using var ta = new Ta(stub.Url, "ta_org_secret");
        var result = (await ta.Run($"token revoke {CommandLines.Id} 01a219b4-3ff3-7541-abb9-bc3a20e1ce98 --yes")).Is(
            code);
        Assert.Equal(2, result.Errors.TrimEnd().Split('\n').Length);
    }

    internal static string TokenOf(string name) => $$"""
        {"id":"{{CommandLines.Id}}","name":"{{name}}","full_name":"{{name}}","kind":"adhoc","profile":"adhoc","state":"active",
        "owner_type":"organization","owner_id":"o","member_id":"m","organization_id":"o","life":"1h","belongs_to":"parent",
        "version":1,"created_at":"2030-01-01T00:00:00Z","updated_at":"2030-01-01T00:00:00Z","expires_at":"2030-01-01T01:00:00Z",
        "labels":[],"addresses":[],"grant":{"permission_set":"viewer"},
        "primary":{"minted_at":"2030-01-01T00:00:00Z","access":{"last_four":"abcd","expires_at":"2030-01-01T01:00:00Z"} } }
        """;

    private static string PageOf(string name, string next) =>
        $$"""{"items":[{{TokenOf(name)}}],"next_cursor":"{{next}}"}""";

    private static string AccountOf(string name) =>
        $$"""{"id":"a-1","name":"{{name}}","fullname":"","environment":"test","created_at":"2030-01-01T00:00:00Z","updated_at":"2030-01-01T00:00:00Z"}""";
}
