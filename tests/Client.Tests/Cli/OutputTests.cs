using System.Diagnostics;
using System.Text.RegularExpressions;

namespace TokenActors.Client.Tests.Cli;

/// <summary>The real program where its output goes nowhere: a disk that is full, a reader that has left.</summary>
[Collection("service")]
public sealed partial class OutputTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url, service.Admin);

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task A_new_secret_that_could_not_be_written_is_given_again_under_the_key_that_is_told()
    {
        var name = $"full-{Guid.NewGuid():N}";
        var lost = (await OnFullDisk($"token create {name} --permission-set viewer -o secret")).Is(1);
        Assert.Contains("secret could not be written", Line(lost), StringComparison.Ordinal);
        var again = (await _ta.Run($"token create {name} --permission-set viewer -o secret --idempotency-key {KeyIn(lost)}")).Is(0);
        Assert.True((await service.Client.Tokens.Introspect([new Secret(again.Output.Trim())]))[0].Active);
        var made = Assert.Single(
            (await service.Client.Tokens.List(new() { Filters = [$"name[eq]{name}"] }).Page()).Items);

        lost = (await OnFullDisk($"token rotate {name} -o secret")).Is(1);
        Assert.Contains($"with {made.Id} in place of the name", Line(lost), StringComparison.Ordinal);
        again = (await _ta.Run($"token rotate {made.Id} -o secret --idempotency-key {KeyIn(lost)}")).Is(0);
        Assert.True((await service.Client.Tokens.Introspect([new Secret(again.Output.Trim())]))[0].Active);
    }

    [Theory]
    [InlineData("audit list -o json --all")]
    [InlineData("token list")]
    [InlineData("auth status -o json")]
    [InlineData("completion bash")]
    public async Task Data_that_could_not_be_written_is_a_failure(string line) =>
        Assert.Contains("stdout cannot be written", Line((await OnFullDisk(line)).Is(1)), StringComparison.Ordinal);

    [Fact]
    public async Task A_reader_that_left_before_a_new_secret_came_has_not_got_it()
    {
        var name = $"left-{Guid.NewGuid():N}";
        using var process = _ta.Start("token", "create", name, "--permission-set", "viewer", "-o", "secret");
        process.StandardOutput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        var lost = new TaResult(process.ExitCode, "", errors).Is(1);
        Assert.Contains("secret could not be written", Line(lost), StringComparison.Ordinal);
        (await _ta.Run($"token create {name} --permission-set viewer -o secret --idempotency-key {KeyIn(lost)}")).Is(0);
    }

    /// <summary>Its id alone was asked for, so no secret is lost.</summary>
    [Fact]
    public async Task A_change_whose_answer_could_not_be_written_says_that_it_was_done()
    {
        var lost = (await OnFullDisk("token create --permission-set viewer -o name")).Is(1);
        Assert.Contains("It was done, but what it answered could not be written", Line(lost), StringComparison.Ordinal);
        Assert.DoesNotContain("--idempotency-key", lost.Errors, StringComparison.Ordinal);
    }

    /// <summary>What cannot be said on stderr is no fault of what was done, and no crash.</summary>
    [Fact]
    public async Task Stderr_that_takes_nothing_changes_no_exit_code()
    {
        (await OnFullDisk("token list", "2>")).Is(0);
        (await OnFullDisk("token show nope", "2>")).Is(3);
        (await OnFullDisk("token list --limit abc", "2>")).Is(2);
    }

    private static string Line(TaResult result) => Assert.Single(result.Errors.TrimEnd().Split('\n'));

    private static string KeyIn(TaResult result) => Keys().Match(result.Errors).Groups[1].Value;

    private async Task<TaResult> OnFullDisk(string line, string stream = ">")
    {
        var start = new ProcessStartInfo(
            "sh", ["-c", $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "ta.dll")}' {line} {stream} /dev/full"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in _ta.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("sh does not start");
        return await _ta.Finish(process);
    }

    [GeneratedRegex(@"--idempotency-key (\S+)")]
    private static partial Regex Keys();
}
