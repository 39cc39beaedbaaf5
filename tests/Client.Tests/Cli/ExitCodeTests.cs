using System.Net;
using System.Net.Sockets;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Cli;

/// <summary>What scripts rely on: a number, and one line on stderr.</summary>
[Collection("service")]
public sealed class ExitCodeTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url, service.Admin);

    public void Dispose() => _ta.Dispose();

    [Theory]
    [InlineData("token list", 0)]
    [InlineData("token frob", 2)]
    [InlineData("token", 2)]
    [InlineData("token list --output xml", 2)]
    [InlineData("token list -o secret", 2)]
    [InlineData("token edit x", 2)]
    [InlineData("token show nope", 3)]
    [InlineData("token show 01a219b4-3ff3-7541-abb9-bc3a20e1ce99", 3)]
    [InlineData("account show nope", 3)]
    [InlineData("token create --permission-set viewer --life never", 5)]
    [InlineData("token list --filter nonsense", 5)]
    [InlineData("account create --environment moon", 5)]
    [InlineData("account show ..", 2)]
    [InlineData("job show .", 2)]
    [InlineData("webhook listen --forward-to ftp://x", 2)]
    [InlineData("webhook listen --forward-to http://127.0.0.1:9/ --type member.replaced", 2)]
    [InlineData("token list --url http://127.0.0.1:1", 1)]
    [InlineData("token list --url ftp://x", 2)]
    [InlineData("token list --profile nobody", 2)]
    [InlineData("policy set --on-leak shout", 5)]
    public async Task Every_failure_is_one_line_and_its_number(string line, int code)
    {
        var result = (await _ta.Run(line)).Is(code);
        if (code != 0)
        {
            Assert.Empty(result.Output);
            Assert.Single(result.Errors.TrimEnd().Split('\n'));
            Assert.StartsWith("ta: ", result.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Input_that_is_wrong_is_the_callers_and_no_bug()
    {
        var file = _ta.PathOf("export");
        await File.WriteAllTextAsync(file, "{\"number\":1}\nno json\n");
        Assert.Contains(
            "Line 2 is no row", (await _ta.Run($"audit verify {file}")).Is(2).Errors, StringComparison.Ordinal);
        foreach (var line in new[] { "job show", "token show", "account show", "audit verify" })
        {
            var wrong = (await _ta.Run([.. line.Split(' '), ""])).Is(2);
            Assert.Single(wrong.Errors.TrimEnd().Split('\n'));
            Assert.DoesNotContain("bug", wrong.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("Parameter", wrong.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_value_in_json_is_taken_as_such()
    {
        var account = await service.Client.Accounts.Create(new()).Send();
        (await _ta.Run($"account edit {account.Id} --set fullname=5")).Is(5);
        (await _ta.Run($"account edit {account.Id} --set fullname=\"5\"")).Is(0);
        Assert.Equal("5", (await service.Client.Accounts.Get(account.Id)).Fullname);
        (await _ta.Run($"account edit {account.Id} --set fullname=5_and_more --set labels=[\"a\"]")).Is(0);
        Assert.Equal(["a"], (await service.Client.Accounts.Get(account.Id)).Labels);
    }

    [Fact]
    public async Task Without_credentials_or_with_dead_ones_it_is_not_signed_in()
    {
        _ta.Environment["TOKENACTORS_TOKEN"] = null;
        Assert.Contains("ta auth login", (await _ta.Run("token list")).Is(4).Errors, StringComparison.Ordinal);
        _ta.Environment["TOKENACTORS_TOKEN"] = "ta_org_nonsense";
        Assert.Contains("ta auth login", (await _ta.Run("token list")).Is(4).Errors, StringComparison.Ordinal);
        _ta.Environment["TOKENACTORS_TOKEN"] = "nonsense";
        Assert.Contains("ta auth login", (await _ta.Run("auth status")).Is(4).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_tells_its_key_and_is_done_once_under_it()
    {
        using var cut = new CuttingProxy(service.Url);
        var name = $"once-{Guid.NewGuid():N}";
        var lost = (await _ta.Run($"token create {name} --permission-set viewer --url {cut.Url}")).Is(6);
        Assert.Single(lost.Errors.TrimEnd().Split('\n'));
        var key = lost.Errors.Trim().Split(' ')[^1];
        (await _ta.Run($"token create {name} --permission-set viewer --idempotency-key {key} -o secret")).Is(0);
        Assert.Single((await service.Client.Tokens.List(new() { Filters = [$"name[eq]{name}"] }).Page()).Items);
    }

    [Fact]
    public async Task Some_of_many_is_its_own_number()
    {
        var made = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        var result = (await _ta.Run($"token revoke {made.Id} nope --yes")).Is(7);
        Assert.Contains("nope", result.Errors, StringComparison.Ordinal);
        Assert.Equal(3, (await _ta.Run($"token show {made.Id}")).Code);
    }

    [Fact]
    public async Task What_takes_something_away_is_not_done_unasked()
    {
        var made = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        Assert.Contains("--yes", (await _ta.Run($"token revoke {made.Id}")).Is(2).Errors, StringComparison.Ordinal);
        Assert.Contains(
            "token.deleted", (await _ta.Run($"token revoke {made.Id} --dry-run")).Is(0).Output,
            StringComparison.Ordinal);
        Assert.Equal("active", (await service.Client.Tokens.Get(made.Id)).State);
        (await _ta.Run($"token revoke {made.Id} --yes -q")).Is(0);
        Assert.Equal(3, (await _ta.Run($"token show {made.Id}")).Code);
    }

    [Fact]
    public async Task The_cluster_is_told_to_who_is_whole_in_the_root_organization()
    {
        var told = System.Text.Json.Nodes.JsonNode.Parse((await _ta.Run("cluster -o json")).Is(0).Output);
        Assert.Equal("active", (string?)told?["silos"]?[0]?["status"]);
        Assert.Contains("gateways:", (await _ta.Run("cluster -o yaml")).Is(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ends_with_what_the_secret_is()
    {
        var made = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        var secret = made.Secrets!.Access.Reveal();
        Assert.Equal(0, (await _ta.Run(["token", "verify"], secret)).Code);
        Assert.Equal(5, (await _ta.Run(["token", "verify", "--scope", "no:such"], secret)).Code);
        Assert.Contains(
            made.Id, (await _ta.Run(["token", "inspect", "-o", "json"], secret)).Is(0).Output,
            StringComparison.Ordinal);
        await service.Client.Tokens.Delete(made.Id).Send();
        Assert.Equal(5, (await _ta.Run(["token", "verify"], secret)).Code);
        Assert.Equal(
            5, (await _ta.Run($"token can {(await service.Client.Session.Identity()).Token.Id} no:such")).Code);
    }

    [Fact]
    public async Task A_session_is_kept_in_files_of_its_owner_renewed_and_forgotten()
    {
        _ta.Environment["TOKENACTORS_TOKEN"] = null;
        (await _ta.Run(
            ["auth", "login", "--organization", service.Bootstrap("organization_id"), "--name", service.Bootstrap("member_name")],
            service.Bootstrap("member_secret"))).Is(0);
        Assert.Contains(
            service.Bootstrap("member_name"), (await _ta.Run("auth status")).Is(0).Output, StringComparison.Ordinal);
        var files = Directory.GetFiles(_ta.PathOf(".config"), "*", SearchOption.AllDirectories);
        Assert.All(
            files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.DoesNotContain("ta_log_", await File.ReadAllTextAsync(files.Single(file => file.EndsWith("config.yaml", StringComparison.Ordinal))), StringComparison.Ordinal);

        var kept = files.Single(file => file.EndsWith("default.json", StringComparison.Ordinal));
        var before = await File.ReadAllTextAsync(kept);
        await File.WriteAllTextAsync(kept, System.Text.RegularExpressions.Regex.Replace(
            before, "\"renewed_at\": \"[^\"]*\"", "\"renewed_at\": \"2020-01-01T00:00:00Z\""));
        var both = await Task.WhenAll(_ta.Run("auth status"), _ta.Run("token list"));
        Assert.All(both, result => result.Is(0));
        Assert.NotEqual(before, await File.ReadAllTextAsync(kept));

        (await _ta.Run("auth logout")).Is(0);
        Assert.False(File.Exists(kept));
        Assert.Equal(4, (await _ta.Run("token list")).Code);
    }

    [Fact]
    public async Task A_credential_helper_is_asked_for_the_secret()
    {
        _ta.Environment["TOKENACTORS_TOKEN"] = null;
        await File.WriteAllTextAsync(_ta.PathOf("secret"), service.Admin);
        (await _ta.Run(["auth", "login", "--profile", "helped", "--credential-helper", $"cat {_ta.PathOf("secret")}"])).Is(0);
        (await _ta.Run("token list --profile helped")).Is(0);
        File.Delete(_ta.PathOf("secret"));
        Assert.Equal(4, (await _ta.Run("token list --profile helped")).Code);
    }
}

/// <summary>Hands requests on and loses every answer.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();

    public CuttingProxy(Uri service)
    {
        _listener.Start();
        _ = Accept(service);
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task Accept(Uri service)
    {
        while (!_ending.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_ending.Token);
            using var server = new TcpClient();
            await server.ConnectAsync(service.Host, service.Port);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            var sending = client.GetStream().CopyToAsync(server.GetStream(), ending.Token);
            await server.GetStream().ReadExactlyAsync(new byte[1], ending.Token);
            await ending.CancelAsync();
            await sending.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
