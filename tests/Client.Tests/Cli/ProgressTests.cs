using System.Globalization;
using System.Text.RegularExpressions;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Cli;

/// <summary>What is shown while many tokens are revoked. <c>TOKENACTORS_LONG=1</c> revokes 10,000 of them.</summary>
[Collection("service")]
public sealed partial class ProgressTests(RunningService service) : IDisposable
{
    private static readonly int Count = Environment.GetEnvironmentVariable("TOKENACTORS_LONG") == "1" ? 10_000 : 250;

    private readonly Ta _ta = new(service.Url, service.Admin);

    public void Dispose() => _ta.Dispose();

    /// <summary>Lines for a log.</summary>
    [Fact]
    public async Task Lines_say_how_many_had_their_turn()
    {
        var label = await Make();
        var result = (await _ta.Run($"token revoke --filter labels[eq]{label} --wait --yes -o json")).Is(0);
        var lines = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("^[0-9]+ of [0-9]+$", line));
        IsTrue(StepsOf(result.Errors));
        await AreGone(label, result.Output);
    }

    /// <summary>Steps that no clock and no guess would make.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_shown_is_what_the_service_said(bool isInteractive)
    {
        int[] said = [0, 137, 138, 911, 911, 1000];
        var looks = -1;
        await using var stub = await StubService.Start((context, _) =>
        {
            var look = Math.Min(Interlocked.Increment(ref looks), said.Length - 1);
            return StubService.Answer(
                context, 200, InterruptTests.JobOf(look == said.Length - 1 ? "done" : "running", said[look], 1000));
        });
        using var ta = new Ta(stub.Url, "ta_org_secret");
        var result = (await ta.Run($"job wait {CommandLines.Id} -o json", isInteractive)).Is(0);
        var shown = StepsOf(result.Errors).Distinct().ToList();
        if (isInteractive)
        {
            // A frame is drawn by a timer of its own, which may miss one on a busy machine.
            Assert.All(shown, step => Assert.Contains(step, said.Select(over => (over, 1000))));
            Assert.Equal(1000, shown[^1].Over);
            Assert.All(Percents(result.Errors), percent => Assert.Contains(percent, (int[])[0, 13, 14, 91, 100]));
        }
        else
        {
            Assert.Equal(said.Distinct().Select(over => (over, 1000)), shown);
        }
    }

    /// <summary>A bar for a person: it never goes back, and is full when the last token is gone.</summary>
    [Fact]
    public async Task A_bar_fills_as_tokens_are_revoked_and_is_full_when_all_are()
    {
        var label = await Make();
        var plan = await service.Client.Tokens.RevokeMany([$"labels[eq]{label}"]).Preview();
        var job = await service.Client.Tokens.Revoke(plan.Id).Send();
        var shown = _ta.Run($"job wait {job.Id} -o json", isInteractive: true);
        var result = (await shown).Is(0);
        var steps = StepsOf(result.Errors);
        IsTrue(steps);
        if (Count > 1000)
        {
            Assert.True(steps.Select(step => step.Over).Distinct().Count() > 5, "the bar moves");
        }

        var percents = Percents(result.Errors);
        Assert.Equal(percents.Order(), percents);
        Assert.Equal(100, percents[^1]);
        await AreGone(label, result.Output);
    }

    private async Task<string> Make()
    {
        var label = Guid.NewGuid().ToString("N");
        await Parallel.ForAsync(0, Count, async (_, cancellation) =>
            await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Labels = [label] }).Send(cancellation));
        return label;
    }

    private static List<int> Percents(string text) =>
        [.. Percent().Matches(text).Select(match => int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture))];

    private static List<(int Over, int Total)> StepsOf(string text) =>
    [
        .. Step().Matches(text).Select(match => (
            int.Parse(match.Groups["over"].Value, CultureInfo.InvariantCulture),
            int.Parse(match.Groups["total"].Value, CultureInfo.InvariantCulture))),
    ];

    private static void IsTrue(List<(int Over, int Total)> steps)
    {
        Assert.All(steps, step => Assert.Equal(Count, step.Total));
        Assert.Equal(steps.Select(step => step.Over).Order(), steps.Select(step => step.Over));
        Assert.Equal(Count, steps[^1].Over);
    }

    private async Task AreGone(string label, string output)
    {
        Assert.Contains($"\"done\": {Count}", output, StringComparison.Ordinal);
        Assert.Empty((await service.Client.Tokens.List(new() { Filters = [$"labels[eq]{label}"] }).Page()).Items);
    }

    [GeneratedRegex("(?<over>[0-9]+) of (?<total>[0-9]+)")]
    private static partial Regex Step();

    [GeneratedRegex("(?<n>[0-9]+)%")]
    private static partial Regex Percent();
}
