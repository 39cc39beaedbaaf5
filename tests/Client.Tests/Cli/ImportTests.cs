using System.Text.Json.Nodes;

namespace TokenActors.Client.Tests.Cli;

/// <summary><c>ta token import</c> and what goes with it, against a service.</summary>
public sealed class ImportTests(RunningService service) : IClassFixture<RunningService>, IDisposable
{
    private readonly Ta _ta = new(service.Url, service.Admin);
    private readonly string _scheme = $"s{Guid.NewGuid():N}"[..12];

    private string Prefix => $"{_scheme}_";

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task Keys_are_hashed_here_imported_and_found_by_introspection()
    {
        await MakeScheme();
        string[] keys = [Key(), Key(), Key()];
        var file = Write($"first-{_scheme} {keys[0]}\n\n{keys[1]}\r\n{keys[2]}\n");
        var plan = (await _ta.Run($"token import {file} --hash-keys --scheme {_scheme} --permission-set viewer --dry-run -o json")).Is(0);
        Assert.Equal(3, (int?)JsonNode.Parse(plan.Output)?["would_import"]);
        Assert.False((await Introspect(keys[0])).Active);

        var done = (await _ta.Run(
            $"token import {file} --hash-keys --scheme {_scheme} --permission-set viewer --label old --life 48h --wait -o json")).Is(0);
        var import = JsonNode.Parse(done.Output) ?? throw new InvalidOperationException("no import");
        Assert.Equal(("done", 3, 0), ((string?)import["state"], (int?)import["imported"], (int?)import["refused"]));
        Assert.DoesNotContain(keys, key => done.Output.Contains(key, StringComparison.Ordinal)
            || done.Errors.Contains(key, StringComparison.Ordinal));
        foreach (var key in keys)
        {
            Assert.True((await Introspect(key)).Active);
        }

        Assert.Contains(
            "imported", (await _ta.Run($"token show first-{_scheme}")).Is(0).Output, StringComparison.Ordinal);
        Assert.Contains(
            "3 tokens still accept", (await _ta.Run($"import-scheme delete {_scheme} --yes")).Is(5).Errors,
            StringComparison.Ordinal);

        // The same once more: each line is refused, and the results say why.
        var again = (await _ta.Run($"token import {file} --hash-keys --scheme {_scheme} --permission-set viewer --wait -o name")).Is(7);
        var id = again.Output.Trim();
        Assert.Contains($"ta import results {id} --refused --all", again.Errors, StringComparison.Ordinal);
        var results = (await _ta.Run($"import results {id} --refused --all -o json")).Is(0);
        Assert.Equal(
            [409, 409, 409],
            (JsonNode.Parse(results.Output)?.AsArray() ?? []).Select(line => (int?)line?["status"] ?? 0));
        Assert.Contains("done", (await _ta.Run($"import show {id}")).Is(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_in_json_are_sent_as_they_are_and_a_wrong_one_is_named()
    {
        await MakeScheme();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("x"u8));
        var wrong = await _ta.Run($"token import {Write($$"""{"sha256":"{{hash}}","scheme":"{{_scheme}}"}""")}");
        Assert.NotEqual(0, wrong.Code);
        Assert.Contains("line 1", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "go with --hash-keys", (await _ta.Run($"token import {Write("{}")} --scheme x")).Is(2).Errors,
            StringComparison.Ordinal);
        var neither = (await _ta.Run($"token import {Write("one two three-secret")} --hash-keys --scheme {_scheme} --permission-set viewer")).Is(2);
        Assert.Contains("Line 1: it is neither a key nor a name and a key.", neither.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("three-secret", neither.Errors, StringComparison.Ordinal);
        Assert.Contains(_scheme, (await _ta.Run("import-scheme list")).Is(0).Output, StringComparison.Ordinal);
        (await _ta.Run($"import-scheme delete {_scheme} --yes")).Is(0);
        (await _ta.Run($"import-scheme delete {_scheme} --yes")).Is(3);
    }

    /// <summary>A hash says nothing of what it was made of, so that a wrong one is refused for ever, and a key that is
    /// taken for a name is shown.</summary>
    [Theory]
    [InlineData("{prefix}short", "has")]
    [InlineData("{key}x", "characters")]
    [InlineData("other_{random}", "does not begin with")]
    [InlineData("\"{key}\"", "no CSV")]
    [InlineData("'{key}'", "no CSV")]
    [InlineData("n1,{key}", "no CSV")]
    [InlineData("{key},n1", "no CSV")]
    [InlineData("name,key", "no CSV")]
    [InlineData("name key", "does not begin with")]
    [InlineData("{key} production", "the name comes first")]
    [InlineData("{key} {key}", "looks like a key")]
    [InlineData("{prefix}part {key}", "looks like a key")]
    [InlineData("{secret} {key}", "looks like a key")]
    [InlineData("{prefix}äöüßäöüßäöüßäöüßäöüßäöüßäöüßäöüß", "ASCII")]
    [InlineData("a b {key}", "neither")]
    public async Task A_line_that_is_no_key_of_the_scheme_refuses_the_file_before_anything_is_sent(string line, string why)
    {
        await MakeScheme();
        var (good, bad, random) = (Key(), Key(), Guid.NewGuid().ToString("N"));
        var text = line.Replace("{prefix}", Prefix, StringComparison.Ordinal).Replace(
            "{key}", bad, StringComparison.Ordinal)
            .Replace("{random}", random, StringComparison.Ordinal).Replace(
                "{secret}", service.Admin, StringComparison.Ordinal);
        var options = $"--hash-keys --scheme {_scheme} --permission-set viewer";
        var wrong = (await _ta.Run($"token import {Write($"{good}\n\n{text}\n")} {options} --wait")).Is(2);
        Assert.Contains("Line 3: ", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains(why, wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent.", wrong.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(
            [bad, random, service.Admin], hidden => wrong.Errors.Contains(hidden[8..], StringComparison.Ordinal));
        (await _ta.Run($"import-scheme delete {_scheme} --yes")).Is(0);
        Assert.Contains(
            "no import scheme", (await _ta.Run($"token import {Write(good)} {options}")).Is(3).Errors,
            StringComparison.Ordinal);
    }

    private async Task MakeScheme() =>
        (await _ta.Run($"import-scheme create {_scheme} --prefix {Prefix} --random-characters 32")).Is(0);

    private string Key() => $"{Prefix}{Guid.NewGuid():N}";

    private string Write(string text)
    {
        var path = _ta.PathOf(Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<TokenActors.Client.Tokens.Introspection> Introspect(string key)
    {
        using HttpClient http = new();
        TokenActorsClient client = new(
            http, new() { Service = service.Url, Bearer = _ => ValueTask.FromResult<string?>(service.Admin) });
        return (await client.Tokens.Introspect([new Secret(key)]))[0];
    }
}
