namespace TokenActors.Client.Tests.Cli;

/// <summary>Ctrl-C amid a change and amid a wait: nothing is left half done without a word.</summary>
public sealed class InterruptTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The service was sent it: only it knows whether it was done.</summary>
    [InterruptFact]
    public async Task Amid_a_change_it_says_how_to_repeat_it()
    {
        await using var stub = await StubService.Start(async (context, request) =>
        {
            if (!request.IsQuestion)
            {
                _asked.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            await StubService.Answer(context, 200, RefusalTests.TokenOf("nightly"));
        });
        var said = await Interrupt(stub, $"token reset {CommandLines.Id} --yes");
        Assert.Contains("it may have been done", said, StringComparison.Ordinal);
        Assert.Contains("--idempotency-key", said, StringComparison.Ordinal);
    }

    /// <summary>What was not sent was not done, and nothing has to be said.</summary>
    [InterruptFact]
    public async Task Before_a_change_is_sent_it_says_nothing()
    {
        await using var stub = await StubService.Start(async (context, request) =>
        {
            Assert.True(request.IsQuestion);
            _asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        Assert.Equal("", await Interrupt(stub, "token reset nightly --yes"));
    }

    [InterruptFact]
    public async Task Amid_a_wait_the_job_goes_on_and_it_says_how_to_stop_it()
    {
        await using var stub = await StubService.Start((context, _) =>
        {
            _asked.TrySetResult();
            return StubService.Answer(context, 200, JobOf("running", 3, 10));
        });
        var said = await Interrupt(stub, $"job wait {CommandLines.Id}");
        Assert.Contains("The job goes on", said, StringComparison.Ordinal);
        Assert.Contains($"ta job stop {CommandLines.Id}", said, StringComparison.Ordinal);
        Assert.All(stub.Asked, asked => Assert.True(asked.IsQuestion));
    }

    internal static string JobOf(string state, int done, int total) => $$"""
        {"id":"{{CommandLines.Id}}","kind":"revoke","state":"{{state}}","total":{{total}},"done":{{done}},"gone":0,"refused":0,
        "filter":[],"token_id":"t","member_id":"m","created_at":"2030-01-01T00:00:00Z"}
        """;

    /// <summary>Runs the program, interrupts it once the service was asked, and returns what it said on stderr.</summary>
    private async Task<string> Interrupt(StubService stub, string line)
    {
        using var ta = new Ta(stub.Url, "ta_org_secret");
        using var process = ta.Start(line.Split(' '));
        await _asked.Task.WaitAsync(Deadline);
        Ta.Signal(process, "INT");
        return (await ta.Finish(process)).Is(130).Errors;
    }
}
