using System.Text.Json.Nodes;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Whose secrets <c>ta auth</c> keeps, renews and ends.</summary>
[Collection("service")]
public sealed class SessionTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url);

    private string KeptFile => _ta.PathOf(".config/tokenactors/credentials/default.json");

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task A_pair_that_was_pasted_is_renewed()
    {
        var made = (await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = "2s" }).Send()).Secrets!;
        (await _ta.Run(["auth", "login", "--token-stdin"], $"{made.Access.Reveal()}\n{made.Refresh!.Reveal()}\n")).Is(0);
        await Eventually.Holds(async () => !(await service.Client.Tokens.Introspect([made.Access]))[0].Active);
        (await _ta.Run("auth status")).Is(0);
        var kept = await Kept();
        Assert.NotEqual(made.Access.Reveal(), (string?)kept["access"]);
        Assert.NotNull(kept["expires_at"]);
    }

    [Fact]
    public async Task A_second_line_that_renews_nothing_is_refused_at_once()
    {
        var (made, other) = (await Secrets(), await Secrets());
        foreach (var line in new[] { "nonsense", other.Refresh!.Reveal() })
        {
            Assert.Contains("second line", (await _ta.Run(["auth", "login", "--token-stdin"], $"{made.Access.Reveal()}\n{line}\n")).Is(2).Errors,
                StringComparison.Ordinal);
        }

        Assert.False(File.Exists(KeptFile));
    }

    [Fact]
    public async Task Logout_ends_the_session_of_the_profile_whoever_the_environment_says()
    {
        await LogOn();
        var session = new Secret((string)(await Kept())["access"]!);
        Assert.True((await service.Client.Tokens.Introspect([session]))[0].Active);
        var bystander = await Secrets();
        _ta.Environment["TOKENACTORS_TOKEN"] = bystander.Access.Reveal();
        Assert.DoesNotContain("no session", (await _ta.Run("auth logout")).Is(0).Errors, StringComparison.Ordinal);
        Assert.Equal(
            [false, true],
            (await service.Client.Tokens.Introspect([session, bystander.Access])).Select(found => found.Active));
        Assert.False(File.Exists(KeptFile));
        (await _ta.Run("auth logout")).Is(0);
    }

    /// <summary>What a program is to use does not end with the session in which somebody typed the command.</summary>
    [Fact]
    public async Task A_token_outlives_the_session_that_made_it_unless_it_is_to_end_with_it()
    {
        await LogOn();
        async Task<Secret> Make(params string[] more) =>
            new((await _ta.Run(["token", "create", "--permission-set", "viewer", "-o", "secret", .. more])).Is(0).Output.Trim());
        var (kept, ended, given) = (await Make(), await Make("--belongs-to", "parent"), await Make(
            "--belongs-to", "organization"));
        (await _ta.Run("auth logout")).Is(0);
        Assert.Equal(
            [true, false, true],
            (await service.Client.Tokens.Introspect([kept, ended, given])).Select(found => found.Active));

        // A token that is no session makes what ends with it, as the API does.
        _ta.Environment["TOKENACTORS_TOKEN"] = service.Admin;
        Assert.Contains(
            "\"parent\"", (await _ta.Run("token create --permission-set viewer -o json --fields belongs_to")).Is(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_was_never_signed_in_may_log_out() =>
        Assert.Contains("Nobody is signed in", (await _ta.Run("auth logout")).Is(0).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task A_helper_is_asked_also_where_somebody_was_signed_in()
    {
        await LogOn();
        await File.WriteAllTextAsync(_ta.PathOf("secret"), (await Secrets()).Access.Reveal());
        (await _ta.Run(["auth", "login", "--credential-helper", $"cat {_ta.PathOf("secret")}"])).Is(0);
        (await _ta.Run("auth status")).Is(0);
        File.Delete(_ta.PathOf("secret"));
        (await _ta.Run("auth status")).Is(4);
    }

    [Fact]
    public async Task A_token_of_the_environment_may_have_a_line_end_and_nothing_else_around_it()
    {
        _ta.Environment["TOKENACTORS_TOKEN"] = $"{service.Admin}\r\n";
        (await _ta.Run("auth status")).Is(0);
        foreach (var wrong in new[] { $"{service.Admin}\n{service.Admin}", $"{service.Admin}é", "\n" })
        {
            _ta.Environment["TOKENACTORS_TOKEN"] = wrong;
            Assert.Contains(
                "TOKENACTORS_TOKEN is no secret", (await _ta.Run("auth status")).Is(2).Errors,
                StringComparison.Ordinal);
        }
    }

    /// <summary>As jobs of a build system do, or panes of a terminal.</summary>
    [Fact]
    public async Task Whoever_signs_in_at_the_same_time_keeps_each_profile()
    {
        var profiles = Enumerable.Range(1, 6).Select(number => $"p{number}").ToList();
        await Task.WhenAll(profiles.Select(profile => Task.Run(() => LogOn("--profile", profile))));
        foreach (var profile in profiles)
        {
            (await _ta.Run($"auth status --profile {profile}")).Is(0);
        }
    }

    /// <summary>RFC 8265: blanks are a part of a password. Those around a secret of the service are not.</summary>
    [Fact]
    public async Task A_password_keeps_its_blanks()
    {
        const string Password = " correct horse battery ";
        const string Changed = "battery horse correct  ";
        var name = $"robot{Guid.NewGuid():N}"[..16];
        string[] who = ["--organization", service.Bootstrap("organization_id"), "--name", name];
        _ta.Environment["TOKENACTORS_TOKEN"] = service.Admin;
        (await _ta.Run(["member", "create", name, "--role", "administrator", "--type", "service"], Password + "\n")).Is(0);
        _ta.Environment["TOKENACTORS_TOKEN"] = null;
        (await _ta.Run(["auth", "password", .. who], $"{Password.Trim()}\n{Changed}\n")).Is(4);
        (await _ta.Run(["auth", "password", .. who], $"{Password}\r\n{Changed}\n")).Is(0);
        (await _ta.Run(["auth", "login", .. who], $"{Changed.Trim()}\n")).Is(4);
        (await _ta.Run(["auth", "login", .. who], $"{Changed}\n")).Is(0);
        (await _ta.Run("auth logout")).Is(0);
        (await _ta.Run(["auth", "login", "--token-stdin"], $"  {(await Secrets()).Access.Reveal()} \n")).Is(0);
    }

    [Fact]
    public async Task A_file_of_secrets_that_others_could_read_is_closed_and_that_is_said()
    {
        await LogOn();
        File.SetUnixFileMode(
            KeptFile,
            File.GetUnixFileMode(KeptFile) | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        Assert.Contains(
            "others could read or write", (await _ta.Run("auth status")).Is(0).Errors, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeptFile));
        Assert.Empty((await _ta.Run("auth status")).Is(0).Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"access\": \"ta_log_")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"access\": 1}")]
    public async Task A_file_of_secrets_that_is_damaged_is_said_so_and_ends_with_logout_or_login(string content)
    {
        await LogOn();
        await File.WriteAllTextAsync(KeptFile, content);
        var told = Assert.Single((await _ta.Run("auth status")).Is(4).Errors.TrimEnd().Split('\n'));
        Assert.Contains("ta auth login", told, StringComparison.Ordinal);
        Assert.DoesNotContain("JSON", told, StringComparison.Ordinal);
        (await _ta.Run("auth logout")).Is(0);
        Assert.False(File.Exists(KeptFile));
        await LogOn();
        await File.WriteAllTextAsync(KeptFile, content);
        await LogOn();
        (await _ta.Run("auth status")).Is(0);
    }

    private async Task LogOn(params string[] more) => (await _ta.Run(
        ["auth", "login", "--organization", service.Bootstrap("organization_id"), "--name", service.Bootstrap("member_name"), .. more],
        service.Bootstrap("member_secret"))).Is(0);

    private async Task<JsonNode> Kept() =>
        JsonNode.Parse(await File.ReadAllTextAsync(KeptFile)) ?? throw new InvalidOperationException("nothing is kept");

    private async Task<TokenSecrets> Secrets() =>
        (await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send()).Secrets
            ?? throw new InvalidOperationException("no secrets");
}
