namespace TokenActors.Client.Tests.Cli;

/// <summary>Addresses and secrets that are none: they are told as what they are, and not as a service that is
/// away.</summary>
public sealed class WhereAndWhoTests : IAsyncLifetime
{
    private StubService _stub = null!;
    private Ta _ta = null!;

    public async Task InitializeAsync()
    {
        _stub = await StubService.Start(200, """{"items":[]}""");
        _ta = new Ta(_stub.Url);
    }

    public async Task DisposeAsync()
    {
        _ta.Dispose();
        await _stub.DisposeAsync();
    }

    /// <summary>A query or a fragment would swallow the paths behind it, so that each call asks for the first page of
    /// something.</summary>
    [Theory]
    [InlineData("{0}?tenant=a")]
    [InlineData("{0}#top")]
    [InlineData("{0}base?x")]
    [InlineData("http://anna:password@127.0.0.1:1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://")]
    [InlineData("https:/tokens.example.com")]
    [InlineData("/tokens")]
    public async Task What_is_no_address_of_a_service_is_the_callers_mistake(string url)
    {
        url = string.Format(System.Globalization.CultureInfo.InvariantCulture, url, _stub.Url);
        _ta.Environment["TOKENACTORS_TOKEN"] = "ta_org_secret";
        var said = (await _ta.Run(["token", "list", "--url", url])).Is(2).Errors;
        Assert.Contains("URL", Assert.Single(said.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("password@", said, StringComparison.Ordinal);
        _ta.Environment["TOKENACTORS_URL"] = url;
        Assert.Equal(said, (await _ta.Run("token list")).Is(2).Errors);
        Assert.Empty(_stub.Asked);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}base")]
    [InlineData("{0}base/")]
    [InlineData("{0}base//")]
    public async Task A_service_may_lie_below_a_path(string url)
    {
        url = string.Format(System.Globalization.CultureInfo.InvariantCulture, url, _stub.Url);
        _ta.Environment["TOKENACTORS_TOKEN"] = "ta_org_secret";
        (await _ta.Run($"token list --url {url}")).Is(0);
        var target = Assert.Single(_stub.Asked).Target;
        Assert.Equal(url.Contains("base", StringComparison.Ordinal) ? "/base/lifecycle/v1/tokens"
            : "/lifecycle/v1/tokens", target);
    }

    [Theory]
    [InlineData("printf 'ta_org_helped\\n'")]
    [InlineData("printf 'ta_org_helped'")]
    [InlineData("printf '  ta_org_helped  \\r\\n'")]
    [InlineData("printf 'ta_org_helped\\nand more\\n'")]
    [InlineData("printf 'ta_org_helped\\n'; head -c 300000 /dev/zero | tr '\\0' 'x'")]
    [InlineData("printf 'ta_org_helped\\n'; echo noise >&2")]
    [InlineData("sleep 45 2>&1 & printf 'ta_org_helped\\n'")]
    public async Task A_helper_is_heard_out_and_its_first_line_is_the_secret(string helper)
    {
        await Help(helper);
        (await _ta.Run("token list").WaitAsync(TimeSpan.FromSeconds(30))).Is(0);
        Assert.Equal("Bearer ta_org_helped", Assert.Single(_stub.Asked).Bearer);
    }

    [Theory]
    [InlineData("printf '\\n'", 4)]
    [InlineData("printf '\\nta_org_helped\\n'", 4)]
    [InlineData("printf 'ta_org_helped\\n'; exit 3", 4)]
    [InlineData("kill -9 $$", 4)]
    [InlineData("printf 'two words\\n'", 2)]
    [InlineData("printf 'sécret\\n'", 2)]
    [InlineData("printf 'ta_org\\037helped\\n'", 2)]
    public async Task A_helper_that_gives_no_secret_is_told_so_and_nothing_is_asked(string helper, int code)
    {
        await Help(helper);
        var said = Assert.Single((await _ta.Run("token list")).Is(code).Errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("unreachable", said, StringComparison.Ordinal);
        Assert.DoesNotContain("helped", said, StringComparison.Ordinal);
        Assert.DoesNotContain("cret\n", said, StringComparison.Ordinal);
        Assert.Empty(_stub.Asked);
    }

    [Theory]
    [InlineData("sécret")]
    [InlineData("two words")]
    public async Task What_is_pasted_and_is_no_secret_is_not_sent(string pasted)
    {
        var said = (await _ta.Run(["auth", "login", "--token-stdin"], pasted + "\n")).Is(2).Errors;
        Assert.DoesNotContain(pasted, said, StringComparison.Ordinal);
        Assert.Empty(_stub.Asked);
        Assert.Equal(4, (await _ta.Run("token list")).Code);
    }

    /// <summary>A question for its name would put it into logs.</summary>
    [Theory]
    [InlineData("{0}")]
    [InlineData("Bearer {0}")]
    [InlineData("é{0}")]
    [InlineData("{0}, of the build")]
    public async Task A_secret_in_place_of_a_name_is_not_sent(string words)
    {
        _ta.Environment["TOKENACTORS_TOKEN"] = "ta_org_secret";
        var secret = $"ta_org_{new string('a', 71)}";
        var name = string.Format(System.Globalization.CultureInfo.InvariantCulture, words, secret);
        var said = (await _ta.Run(["token", "show", name])).Is(2).Errors;
        Assert.Contains("history of the shell", said, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
        Assert.Empty(_stub.Asked);
    }

    /// <summary>The key goes into a header, and is what a person repeats a change by.</summary>
    [Theory]
    [InlineData("schlüssel")]
    [InlineData("")]
    [InlineData("tab\there")]
    [InlineData("{long}")]
    public async Task A_key_that_is_none_is_refused_before_the_change_is_sent(string key)
    {
        _ta.Environment["TOKENACTORS_TOKEN"] = "ta_org_secret";
        key = key.Replace("{long}", new string('k', 256), StringComparison.Ordinal);
        var said = (await _ta.Run(["token", "disable", CommandLines.Id, "--yes", "--idempotency-key", key])).Is(2).Errors;
        Assert.Contains("idempotency", said, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_stub.Asked);
    }

    /// <summary>Whoever makes a profile of a service that is wrong is asked nothing by it, and keeps nothing.</summary>
    [Fact]
    public async Task A_sign_in_that_fails_keeps_nothing()
    {
        (await _ta.Run(["auth", "login", "--organization", "root", "--name", "anna"], "a password\n")).Is(6);
        Assert.False(File.Exists(_ta.PathOf(".config/tokenactors/config.yaml")));
        Assert.Empty(Directory.GetFiles(_ta.PathOf("."), "*.json", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("   \n")]
    public async Task Without_a_secret_on_stdin_nobody_is_asked(string input)
    {
        _ta.Environment["TOKENACTORS_TOKEN"] = "ta_org_secret";
        foreach (var line in (string[])["token verify", "token inspect", "auth login --token-stdin"])
        {
            Assert.Contains("stdin", (await _ta.Run(line.Split(' '), input)).Is(2).Errors, StringComparison.Ordinal);
        }

        Assert.Empty(_stub.Asked);
    }

    private async Task Help(string helper)
    {
        (await _ta.Run(["auth", "login", "--credential-helper", helper])).Is(0);
        Assert.Empty(_stub.Asked);
    }
}
