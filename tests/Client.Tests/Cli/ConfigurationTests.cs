namespace TokenActors.Client.Tests.Cli;

/// <summary>The file of profiles, which people write by hand: whatever is in it, a wrong one is told with its
/// place.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private const string Id = "01a219b4-3ff3-7541-abb9-bc3a20e1ce99";

    private readonly Ta _ta = new(null);

    public void Dispose() => _ta.Dispose();

    private async Task<TaResult> Run(string configuration, string line, string? secrets = null)
    {
        var folder = Directory.CreateDirectory(_ta.PathOf(".config/tokenactors"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "config.yaml"), configuration);
        if (secrets is not null)
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "credentials"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "credentials", "default.json"), secrets);
        }

        return await _ta.Run(line);
    }

    /// <summary>A file, a command, and the number that it ends with; none of it is a fault of the program.</summary>
    [Theory]
    [InlineData("", 2)]
    [InlineData("# nothing yet\n", 2)]
    [InlineData("profiles:\n", 2)]
    [InlineData("profiles: {}\n", 2)]
    [InlineData("profiles:\n  default:\n", 2)]
    [InlineData("profiles:\n  default: {}\n", 2)]
    [InlineData("current: nobody\n", 2)]
    [InlineData("current:\n", 2)]
    [InlineData("current: a\nprofiles:\n  a:\n", 2)]
    [InlineData("profiles:\n  default:\n    url: http://127.0.0.1:1\n", 4)]
    [InlineData("profiles:\n  default:\n    url: ftp://x\n", 2)]
    [InlineData("profiles:\n  default:\n    url: nonsense\n", 2)]
    [InlineData("profiles:\n  default:\n    url: http://127.0.0.1:1\n    credential_helper: 'false'\n", 4)]
    [InlineData("profiles:\n  default:\n    url: http://127.0.0.1:1\n    credential_helper: no-such-program-at-all\n", 4)]
    [InlineData("profiles:\n  default:\n    url: http://127.0.0.1:1\n    credential_helper: 'true'\n", 4)]
    [InlineData("profiles:\n  default:\n    url: http://127.0.0.1:1\n    credential_helper: echo ta_org_x\n", 1)]
    [InlineData("- a\n- b\n", 1)]
    [InlineData("just words\n", 1)]
    [InlineData("profiles: [a]\n", 1)]
    [InlineData("profiles:\n  default: text\n", 1)]
    [InlineData("profiles:\n  default:\n    colour: blue\n", 1)]
    [InlineData("profiles:\n\tdefault:\n", 1)]
    [InlineData("profiles: {\n", 1)]
    [InlineData("a: &a [*a]\n", 1)]
    public async Task A_file_that_is_wrong_is_told_in_one_line(string configuration, int code)
    {
        var result = await Run(configuration, $"token show {Id}");
        Assert.True(result.Code == code, $"{result.Code}: {result.Errors}");
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("bug", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        if (code == 1 && !result.Errors.Contains("unreachable", StringComparison.Ordinal))
        {
            Assert.Contains("config.yaml, line ", result.Errors, StringComparison.Ordinal);
        }
    }

    /// <summary>What is kept of a session may be cut by a full disk, or written by another program.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"access\":5}")]
    [InlineData("{\"access\":null,\"refresh\":null}")]
    [InlineData("{\"access\":\"a\",\"expires_at\":\"soon\"}")]
    [InlineData("{\"access\":\"\\ud800\"}")]
    [InlineData("{\"access\":\"a\",\"former_seeds\":null,\"life\":\"x\"}")]
    public async Task Secrets_that_are_damaged_ask_for_another_sign_in(string secrets)
    {
        var result = (await Run("profiles:\n  default:\n    url: http://127.0.0.1:1\n", $"token show {Id}", secrets)).Is(4);
        Assert.Contains("default.json is damaged", result.Errors, StringComparison.Ordinal);
        Assert.Contains("ta auth login", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token show")]
    [InlineData("token show a b c")]
    [InlineData("token list --limit -1")]
    [InlineData("token list --limit 0x10")]
    [InlineData("token list --limit 99999999999")]
    [InlineData("token rotate x --deadline")]
    [InlineData("audit verify /no/such/file")]
    [InlineData("completion tcsh")]
    [InlineData("--no-such-option")]
    [InlineData("token list --output")]
    [InlineData("run")]
    public async Task A_command_line_that_is_wrong_is_one_line_and_no_bug(string line)
    {
        var result = await Run(
            "profiles:\n  default:\n    url: http://127.0.0.1:1\n    credential_helper: echo x\n", line);
        Assert.InRange(result.Code, 1, 2);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("bug", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Errors, StringComparison.Ordinal);
    }
}
