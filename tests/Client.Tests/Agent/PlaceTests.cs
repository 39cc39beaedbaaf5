using System.Text.Json.Nodes;
using TokenActors.Client.Tests.Cli;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Agent;

/// <summary>Where an agent puts its state and the credential: places that cannot be written, what they leave behind,
/// and who may read them.</summary>
[Collection("service")]
public sealed class PlaceTests(RunningService service) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Ta _ta = new(service.Url);

    private string State => _ta.PathOf("state.json");

    private string Out => _ta.PathOf("token");

    public void Dispose() => _ta.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("env")]
    [InlineData("json")]
    public async Task Each_format_is_the_owners_alone_and_holds_the_secret_that_is_accepted(string format)
    {
        await Seed();
        await File.WriteAllTextAsync(Out, "what was there before, for everybody");
        File.SetUnixFileMode(
            Out, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        (await Once(Out, "--seed", _ta.PathOf("seed"), "--format", format)).Is(0);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Out));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(State));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(State + ".lock"));
        var text = await File.ReadAllTextAsync(Out);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var access = format switch
        {
            "json" => (string)JsonNode.Parse(text)!["access"]!,
            "env" => text["TA_TOKEN=".Length..].TrimEnd(),
            _ => text.TrimEnd(),
        };
        Assert.True((await service.Client.Tokens.Introspect([new Secret(access)]))[0].Active);
        Assert.DoesNotContain("_ref", text, StringComparison.Ordinal);
        var refresh = (string)JsonNode.Parse(await File.ReadAllTextAsync(State))!["refresh"]!;
        Assert.DoesNotContain(refresh, text, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    /// <summary>A folder where the file is to be: the secrets that were written beside it do not stay there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_place_that_cannot_be_written_is_told_in_one_line_and_holds_no_secret(bool isState)
    {
        await Seed();
        var place = isState ? State : Out;
        Directory.CreateDirectory(Path.Combine(place, "in-the-way"));
        var said = (await Once(Out, "--seed", _ta.PathOf("seed"), "-q")).Is(1).Errors;
        Assert.StartsWith("ta: ", Assert.Single(said.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("bug of ta", said, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task What_could_not_be_delivered_is_delivered_by_the_next_start_without_another_refresh()
    {
        var token = await Seed();
        Directory.CreateDirectory(Path.Combine(Out, "in-the-way"));
        (await Once(Out, "--seed", _ta.PathOf("seed"))).Is(1);
        Directory.Delete(Out, recursive: true);
        (await Once(Out)).Is(0);
        Assert.Equal(token.Id, TokenIds.Of((await File.ReadAllTextAsync(Out)).Trim()));
        var refreshes = await service.Client.Audit.List(
            new() { Filters = [$"subject_id[eq]{token.Id}", "event[eq]token.refreshed"] }).Page();
        Assert.Single(refreshes.Items);
    }

    /// <summary>A link is replaced, and what it led to stays as it was.</summary>
    [Fact]
    public async Task A_link_in_place_of_the_file_is_replaced_and_not_followed()
    {
        await Seed();
        var other = _ta.PathOf("of-somebody-else");
        await File.WriteAllTextAsync(other, "theirs");
        File.CreateSymbolicLink(Out, other);
        (await Once(Out, "--seed", _ta.PathOf("seed"))).Is(0);
        Assert.Equal("theirs", await File.ReadAllTextAsync(other));
        Assert.Null(new FileInfo(Out).LinkTarget);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"access\":null,\"refresh\":null}")]
    [InlineData("{\"refresh\":{}}")]
    [InlineData("\0\0\0\0")]
    public async Task A_state_that_is_damaged_is_named_and_left_for_whoever_looks(string content)
    {
        await Seed();
        await File.WriteAllTextAsync(State, content);
        var said = (await Once(Out, "--seed", _ta.PathOf("seed"))).Is(4).Errors;
        Assert.Contains(State, said, StringComparison.Ordinal);
        Assert.Contains("new seed", said, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(State));
        Assert.False(File.Exists(Out));
    }

    [Theory]
    [InlineData("agent run --state {s}", "--state and --out")]
    [InlineData("agent run --out {o}", "--state and --out")]
    [InlineData("agent run --state {s} --out-secret x", "--state and --out")]
    [InlineData("agent run --state {s} --out {o} --state-secret a --out-secret b", "--state and --out")]
    [InlineData("agent run --state-secret a --out-secret a", "different Secrets")]
    [InlineData("agent run --state {s} --out {o} --seed {seed} --seed-stdin", "not both")]
    [InlineData("agent run --state {s} --out {o} --once", "no state yet")]
    [InlineData("agent run --state {s} --out {s}.lock --once", "different files")]
    [InlineData("agent run --state {s} --out {o} --seed {o} --once", "different files")]
    [InlineData("agent run --state {s} --out {o} --seed-stdin --once", "The seed")]
    public async Task Places_that_do_not_go_together_are_refused_before_anything_is_written(string line, string words)
    {
        await Seed();
        line = line.Replace("{s}", State, StringComparison.Ordinal).Replace("{o}", Out, StringComparison.Ordinal)
            .Replace("{seed}", _ta.PathOf("seed"), StringComparison.Ordinal);
        Assert.Contains(
            words, Assert.Single((await _ta.Run(line)).Is(2).Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
        Assert.False(File.Exists(State));
    }

    [Theory]
    [InlineData("{access}\r\n{refresh}\r\n")]
    [InlineData("{refresh}")]
    [InlineData("  {access} {refresh}\n\n")]
    [InlineData("{\"secrets\":{\"access\":\"{access}\",\"refresh\":\"{refresh}\"},\"name\":\"x\"}")]
    [InlineData("\n\n{\"secrets\":{\"refresh\":\"{refresh}\"}}")]
    public async Task A_seed_comes_from_stdin_in_each_of_its_forms(string form)
    {
        var token = await Seed();
        var input = form.Replace("{access}", token.Secrets!.Access.Reveal(), StringComparison.Ordinal)
            .Replace("{refresh}", token.Secrets.Refresh!.Reveal(), StringComparison.Ordinal);
        (await _ta.Run(["agent", "run", "--state", State, "--out", Out, "--seed-stdin", "--once"], input)).Is(0);
        Assert.Equal(token.Id, TokenIds.Of((await File.ReadAllTextAsync(Out)).Trim()));
    }

    /// <summary>A configuration of a cluster that is none is told, and asks nobody.</summary>
    [Theory]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: nowhere\n")]
    [InlineData("just words\n")]
    [InlineData("a: [b\n")]
    public async Task A_configuration_of_a_cluster_that_cannot_be_read_is_one_line(string configuration)
    {
        await Seed();
        await File.WriteAllTextAsync(_ta.PathOf("kubeconfig"), configuration);
        _ta.Environment["KUBECONFIG"] = _ta.PathOf("kubeconfig");
        using var process = _ta.Start(
            "agent", "run", "--once", "--state-secret", "a", "--out-secret", "b", "--seed", _ta.PathOf("seed"));
        var result = await _ta.Finish(process);
        Assert.NotEqual(0, result.Code);
        Assert.StartsWith("ta: ", Assert.Single(result.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("bug of ta", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>Files beside state and credential that hold secrets: none is left.</summary>
    private IEnumerable<string> Left() => Directory.GetFiles(_ta.PathOf("."), "*.tmp", SearchOption.AllDirectories);

    private Task<TaResult> Once(string place, params string[] more) =>
        _ta.Run(["agent", "run", "--once", "--state", State, "--out", place, .. more]);

    private async Task<Token> Seed()
    {
        var token = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = "1h" }).Send();
        await File.WriteAllTextAsync(
            _ta.PathOf("seed"), $"{token.Secrets!.Access.Reveal()}\n{token.Secrets.Refresh!.Reveal()}\n");
        return token;
    }
}
