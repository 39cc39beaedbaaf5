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
        IsTrue(Steps(result.Errors));
        await AreGone(label, result.Output);
    }

    /// <summary>
    /// A bar for a person: every frame says what the job says, and it is full when the last token is gone. A second
    /// reader of the same job sees each number at the same time or before, and never later than the bar.
    /// </summary>
    [Fact]
    public async Task A_bar_fills_as_tokens_are_revoked_and_is_full_when_all_are()
    {
        var label = await Make();
        var plan = await service.Client.Tokens.RevokeMany([$"labels[eq]{label}"]).Preview();
        var job = await service.Client.Tokens.Revoke(plan.Id).Send();
        var shown = _ta.Run($"job wait {job.Id} -o json", isInteractive: true);
        List<int> told = [];
        await foreach (var state in service.Client.Jobs.Follow(job.Id, TimeSpan.FromMilliseconds(100), default))
        {
            told.Add(state.Done + state.Gone + state.Refused);
        }

        var result = (await shown).Is(0);
        var steps = Steps(result.Errors);
        IsTrue(steps);
        Assert.True(steps.Count >= 1 && told[^1] == Count, $"{steps.Count} frames, {told.Count} states");
        if (Count > 1000)
        {
            Assert.True(steps.Select(step => step.Over).Distinct().Count() > 5, "the bar moves");
        }

        var percents = Percent().Matches(result.Errors).Select(match => int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture)).ToList();
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

    private static List<(int Over, int Total)> Steps(string text) =>
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
