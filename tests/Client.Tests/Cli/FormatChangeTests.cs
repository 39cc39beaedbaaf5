using System.Text.Json.Nodes;
using TokenActors.Client.Tokens;
using YamlDotNet.Serialization;

namespace TokenActors.Client.Tests.Cli;

/// <summary>
/// Every change of a token, a webhook and a resource in every format. The same key repeats a change, so that one change
/// is told four times; previews are told as often as one likes.
/// </summary>
public sealed class FormatChangeTests(RunningService service) : IClassFixture<RunningService>, IDisposable
{
    private static readonly string Later = $"{TimeProvider.System.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ssZ}";

    private readonly Ta _ta = new(service.Url, service.Admin);

    /// <summary>What goes before, a change, and its field that says what became of the token.</summary>
    public static TheoryData<string, string, string, string> Changes => new()
    {
        { "", "edit {token} --description nightly", "description", "nightly" },
        { "", "rotate {token} --yes", "state", "active" },
        { "", $"rotate {{token}} --deadline {Later} --yes", "state", "active" },
        { "", "refresh {token} --yes", "state", "active" },
        { "", "reset {token} --yes", "state", "active" },
        { "rotate {token} --yes", $"move-deadline {{token}} {Later}", "state", "active" },
        { "rotate {token} --yes", "remove-secondary {token} --yes", "state", "active" },
        { "", "disable {token} --yes", "state", "disabled" },
        { "disable {token} --yes", "enable {token}", "state", "active" },
    };

    /// <summary>A preview with the change that it names.</summary>
    public static TheoryData<string, string> Previews => new()
    {
        { "token edit {token} --description d", "token.described" }, { "token rotate {token}", "token.rotated" },
        { "token refresh {token}", "token.rotated" }, { "token reset {token}", "token.reset" },
        { "token disable {token}", "token.disabled" }, { "token revoke {token}", "token.deleted" },
        { "token create new --permission-set viewer", "token.issued" },
        { "account create acme", "account.created" }, { "role create ops --permission-set viewer", "role.created" },
        { "org edit --set fullname=A", "organization.replaced" },
        { "webhook create http://127.0.0.1:9/ --type token.reset", "event_endpoint.created" },
        { "import-scheme create old --prefix old_ --random-characters 32", "import_schemes.scheme_added" },
    };

    public void Dispose() => _ta.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_is_told_alike_in_every_format(string before, string line, string field, string value)
    {
        var token = await NewToken();
        if (before.Length > 0)
        {
            await Output($"token {Of(token, before)}");
        }

        var changes = await ChangesOf(token);
        line = $"token {Of(token, line)} --idempotency-key {Guid.NewGuid():N}";
        var json = Read(await Output($"{line} -o json"));
        Assert.Equal((token.Id, value), ((string?)json["id"], (string?)json[field]));
        var yaml = Yaml(await Output($"{line} -o yaml"));
        Assert.Equal(json.Select(member => member.Key), yaml.Keys);
        Assert.Equal((token.Id, value), ((string)yaml["id"], (string)yaml[field]));
        Assert.Equal($"{token.Id}\n", await Output($"{line} -o name"));
        Assert.Contains(value, await Output($"{line} --fields {field}"), StringComparison.Ordinal);
        Assert.Contains(token.Id, await Output(line), StringComparison.Ordinal);
        Assert.Equal(changes + 1, await ChangesOf(token));
    }

    /// <summary>The secret is the same in each, and in none that does not show what it was asked for.</summary>
    [Theory]
    [InlineData("rotate", "--yes")]
    [InlineData("reset", "--yes")]
    [InlineData("refresh", "--yes")]
    public async Task The_new_secret_is_told_alike_in_every_format(string command, string more)
    {
        var token = await NewToken();
        var line = $"token {command} {token.Id} {more} --idempotency-key {Guid.NewGuid():N}";
        var secret = (await Output($"{line} -o secret")).TrimEnd('\n');
        Assert.StartsWith("ta_", secret, StringComparison.Ordinal);
        Assert.Equal(secret, (string?)Read(await Output($"{line} -o json"))["secrets"]!["access"]);
        Assert.Contains(secret, await Output($"{line} -o yaml"), StringComparison.Ordinal);
        Assert.Contains(secret, await Output(line), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await Output($"{line} -o name"), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await Output($"{line} --fields id,state"), StringComparison.Ordinal);
        Assert.True((await service.Client.Tokens.Introspect([new Secret(secret)]))[0].Active);
    }

    [Theory]
    [MemberData(nameof(Previews))]
    public async Task A_preview_is_told_alike_in_every_format_and_changes_nothing(string line, string change)
    {
        var token = await NewToken();
        var before = await Newest(change);
        line = $"{Of(token, line)} --dry-run";
        var json = Read(await Output($"{line} -o json"));
        Assert.Equal(change, (string?)json["change"]);
        var yaml = Yaml(await Output($"{line} -o yaml"));
        Assert.Equal(json.Select(member => member.Key), yaml.Keys);
        Assert.Equal(change, yaml["change"]);
        Assert.Equal($"{change}\n", await Output($"{line} -o name"));
        Assert.Contains(change, await Output(line), StringComparison.Ordinal);
        Assert.Equal(before, await Newest(change));
    }

    private Task<Token> NewToken() =>
        service.Client.Tokens.Create(new NewToken { Name = $"t-{Guid.NewGuid():N}", PermissionSet = "viewer" }).Send();

    private async Task<string> Output(string line) => (await _ta.Run(line)).Is(0).Output;

    /// <summary>The number of the trail's newest row of such a change; empty where there is none.</summary>
    private Task<string> Newest(string change) => Output($"audit list --filter event[eq]{change} --limit 1 -o name -q");

    private async Task<int> ChangesOf(Token token) =>
        (await Output($"token history {token.Id} --all -o name -q")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Of(Token token, string line) => line.Replace("{token}", token.Id, StringComparison.Ordinal);

    private static JsonObject Read(string text) => JsonNode.Parse(text)!.AsObject();

    private static Dictionary<string, object> Yaml(string text) =>
        new Deserializer().Deserialize<Dictionary<string, object>>(text);
}
