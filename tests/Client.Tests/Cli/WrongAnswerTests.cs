namespace TokenActors.Client.Tests.Cli;

/// <summary>
/// Every command against something that answers, and is no TokenActors, or not as it should be: each ends with one line
/// that says so, and none is taken for done, or for a fault of the program.
/// </summary>
public sealed class WrongAnswerTests
{
    private const int Failed = 1;
    private const int OutcomeUnknown = 6;

    /// <summary>Answers with 200 that are none of this service's.</summary>
    public static TheoryData<string, string> Unreadable => new()
    {
        { "text/html", "<!DOCTYPE html><html><body>Please sign in to the proxy</body></html>" },
        { "text/plain", "OK" },
        { "application/json", "null" },
        { "application/json", "\"text\"" },
        { "application/json", "17" },
        { "application/json", "[]" },
        { "application/json", "[null]" },
        { "application/json", "{\"items\":[{\"id\":\"01a219b4" },
        { "application/json", "{\"result\":{\"id\":5},\"items\":{\"id\":5},\"id\":[]}" },
        { "application/json", $"{new string('[', 200)}{new string(']', 200)}" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_is_no_answer_of_the_service_fails_each_command_in_one_line(string type, string body)
    {
        await using var stub = await StubService.Start(200, body, type);
        using var ta = new Ta(stub.Url, "ta_org_secret");
        List<string> wrong = [];
        foreach (var line in Sample(CommandLines.Reads.Except(Told), body))
        {
            Note(wrong, line, await ta.RunLine(line), Failed);
        }

        Assert.Empty(wrong);
    }

    /// <summary>It came from something that may stand in front of a service which did it.</summary>
    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_change_that_is_answered_so_is_told_neither_as_done_nor_as_refused(string type, string body)
    {
        await using var stub = await StubService.Start(200, body, type);
        using var ta = new Ta(stub.Url, "ta_org_secret");
        List<string> wrong = [];
        foreach (var line in Sample(CommandLines.Previewed.Concat(CommandLines.Changes).Except(LooksFirst), body))
        {
            Note(wrong, line, await ta.RunLine(line), OutcomeUnknown);
        }

        Assert.Empty(wrong);
    }

    /// <summary>All of them for the answer that is seen most, a page of a proxy.</summary>
    private static IEnumerable<string> Sample(IEnumerable<string> lines, string body) =>
        body.StartsWith("<!DOCTYPE", StringComparison.Ordinal) ? lines : lines.Tenth(body.Length);

    /// <summary>They read something before, which fails; a log-on is no change.</summary>
    private static string[] LooksFirst =>
    [
        .. CommandLines.Previewed.Concat(CommandLines.Changes).Where(line =>
            line.StartsWith("auth ", StringComparison.Ordinal) || line.StartsWith("policy ", StringComparison.Ordinal)
            || line.StartsWith("webhook edit", StringComparison.Ordinal)
            || line.StartsWith("token edit", StringComparison.Ordinal)
            || line.StartsWith("token revoke --filter", StringComparison.Ordinal)
            || line.StartsWith("import-scheme delete", StringComparison.Ordinal)),
    ];

    /// <summary>What the service says of itself is any object, and a trail is compared line by line.</summary>
    private static string[] Told => ["cluster", "audit verify {export}"];

    [Fact]
    public async Task What_is_read_before_a_change_fails_it_before_anything_is_sent()
    {
        await using var stub = await StubService.Start(200, "<html>Sign in</html>", "text/html");
        using var ta = new Ta(stub.Url, "ta_org_secret");
        List<string> wrong = [];
        foreach (var line in LooksFirst)
        {
            var result = await ta.RunLine(line);
            Note(wrong, line, result, result.Code is OutcomeUnknown
                && line.StartsWith("auth", StringComparison.Ordinal) ? OutcomeUnknown : Failed);
        }

        Assert.Empty(wrong);
        Assert.All(stub.Asked, asked =>
            Assert.True(asked.IsQuestion || asked.Target.Contains("/auth/", StringComparison.Ordinal), asked.Target));
    }

    /// <summary>An object of another service has none of the fields of this one, or nothing in them.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("{\"status\":\"ok\"}")]
    [InlineData("{\"result\":null,\"items\":null,\"webhooks\":null,\"schemes\":null,\"tokens\":null}")]
    [InlineData("{\"result\":[],\"items\":[]}")]
    [InlineData("{\"result\":[null],\"items\":[null],\"webhooks\":[null],\"schemes\":[null],\"tokens\":[null]}")]
    [InlineData("{\"result\":{},\"items\":[{}],\"webhooks\":[{}],\"schemes\":[{}],\"tokens\":[{}]}")]
    public async Task An_object_of_another_service_is_no_fault_of_the_program(string body)
    {
        await using var stub = await StubService.Start(200, body);
        using var ta = new Ta(stub.Url, "ta_org_secret") { Time = new HastyTime() };
        List<string> wrong = [];
        foreach (var line in All.Except(GoOn).Except(Told).Where((_, at) => body == "{}" || at % 4 == body.Length % 4))
        {
            var result = await ta.RunLine(line);
            Note(wrong, line, result, result.Code);
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<string> All =>
        [.. CommandLines.Reads, .. CommandLines.Previewed, .. CommandLines.Changes];

    /// <summary>They wait for a word that never comes.</summary>
    private static string[] GoOn => [$"job wait {CommandLines.Id}", $"import wait {CommandLines.Id}"];

    private static void Note(List<string> wrong, string line, TaResult result, int code)
    {
        var errors = result.Errors.TrimEnd();
        if (result.Code != code || errors.Contains("bug of ta", StringComparison.Ordinal)
            || (code != 0 && (result.Output.Length > 0 || errors.Split('\n') is not [['t', 'a', ':', ' ', ..]])))
        {
            wrong.Add($"{line}: {result.Code}, not {code}: {errors} {result.Output}");
        }
    }
}

/// <summary>A clock whose pauses between two attempts are over at once; what limits an attempt is as long as it
/// was.</summary>
internal sealed class HastyTime : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(12);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            callback, state, dueTime > TimeSpan.Zero && dueTime < LongestPause ? TimeSpan.Zero : dueTime, period);
}
