using System.Text.Json.Nodes;
using TokenActors.Client.Resources;
using TokenActors.Client.Tokens;
using YamlDotNet.Serialization;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Every list and every thing of the service in every format: the formats say the same.</summary>
public sealed class FormatMatrixTests(RunningService service) : IClassFixture<RunningService>, IAsyncLifetime
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal);

    private readonly Ta _ta = new(service.Url, service.Admin);

    /// <summary>A list, and the field that <c>-o name</c> writes.</summary>
    public static TheoryData<string, string> Lists => new()
    {
        { "token list", "id" }, { "token list --order name[desc]", "id" }, { "account list", "name" },
        { "member list", "name" }, { "role list", "name" }, { "integration list", "name" },
        { "integration list --account acme", "name" }, { "credential list acme", "name" }, { "org list", "name" },
        { "org permission-sets", "name" }, { "audit list --filter event[eq]token.issued", "number" },
        { "webhook list", "id" }, { "import-scheme list", "name" }, { "policy breaches", "id" },
        { "token history {token}", "number" }, { "webhook deliveries {webhook}", "id" },
        { "token list --filter name[eq]there-is-none", "id" },
    };

    public static TheoryData<string, string> Things => new()
    {
        { "token show {token}", "id" }, { "token show deploy", "id" }, { "account show acme", "name" },
        { "member show robot", "name" }, { "role show ops", "name" }, { "integration show acme desk", "name" },
        { "credential show acme key", "name" }, { "org show", "name" }, { "webhook show {webhook}", "id" },
        { "auth status", "token.id" }, { "token can {token} accounts:get", "allowed" },
    };

    public async Task InitializeAsync()
    {
        if (Known.Count > 0)
        {
            return;
        }

        var client = service.Client;
        var account = await client.Accounts.Create(new NewAccount { Name = "acme", Labels = ["gold", "a.b"] }).Send();
        await client.Accounts.Create(new NewAccount { Name = "globex", Fullname = "Globex: \"Ltd.\" #1" }).Send();
        await client.Integrations.Create(account.Id, new NewIntegration
        {
            Name = "desk", ProviderConfig = new JsonObject { ["type"] = "siem_mock_siem", ["name"] = "mock" },
        }).Send();
        await client.Credentials.Create(account.Id, new NewCredential
        {
            Name = "key", Config = new JsonObject { ["type"] = "token", ["secret"] = "hidden" },
        }).Send();
        await client.Roles.Create(
            new NewRole { Name = "ops", PermissionSet = "viewer", Description = "- yes: no\n- 2" }).Send();
        await client.Members.Create(new NewMember
        {
            Name = "robot", Type = "service", Secret = new Secret("correct horse battery"), RoleBinding = ["ops"],
        }).Send();
        await client.ImportSchemes.Create(new() { Name = "old", Prefix = "old_", RandomCharacters = 32 }).Send();
        foreach (var name in (string[])["deploy", "nightly", "0123", "yes"])
        {
            Known["token"] = (await client.Tokens.Create(
                new NewToken { Name = name, PermissionSet = "viewer", Labels = ["ci"] }).Send()).Id;
        }

        var webhook = await client.Webhooks.Create(
            new() { Url = new Uri("http://127.0.0.1:9/"), Types = ["token.deleted"] }).Send();
        await client.Webhooks.Test(webhook.Id).Send();
        Known["webhook"] = webhook.Id;
    }

    public Task DisposeAsync()
    {
        _ta.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_says_the_same_in_every_format(string line, string name)
    {
        var json = JsonNode.Parse(await Output($"{line} -o json"))!.AsArray();
        var names = json.Select(item => item![name]!.ToString()).ToList();
        Assert.Equal(names, Lines(await Output($"{line} -o name")));

        var yaml = new Deserializer().Deserialize<List<Dictionary<string, object>>>(await Output($"{line} -o yaml"));
        Assert.Equal(names, yaml.Select(item => (string)item[name]));
        Assert.Equal(
            json.Select(item => string.Join(',', item!.AsObject().Select(field => field.Key))),
            yaml.Select(item => string.Join(',', item.Keys)));

        var table = Lines(await Output(line));
        Assert.Equal(names.Count + 1, table.Count);
        Assert.Equal(table[0].ToUpperInvariant(), table[0]);

        var some = JsonNode.Parse(await Output($"{line} -o json --fields {name}"))!.AsArray();
        Assert.All(some, item => Assert.Equal([name], item!.AsObject().Select(field => field.Key)));
        Assert.Equal(names, Lines(await Output($"{line} --fields {name}")).Skip(1).Select(cell => cell.Trim()));
        Assert.Contains(
            "-o secret is for", (await _ta.Run(Filled($"{line} -o secret"))).Is(2).Errors, StringComparison.Ordinal);
    }

    /// <summary>Pages of one are the list: nothing is left out between two of them, and nothing comes twice.</summary>
    [Theory]
    [InlineData("token list --order name[asc]")]
    [InlineData("account list")]
    [InlineData("role list")]
    [InlineData("member list")]
    [InlineData("audit list --filter event[eq]token.issued")]
    [InlineData("token history {token}")]
    public async Task Pages_of_one_together_are_the_list(string line)
    {
        var whole = Lines(await Output($"{line} -o name --all"));
        Assert.NotEmpty(whole);
        Assert.Equal(whole, Lines(await Output($"{line} -o name --all --limit 1")));
        List<string> read = [];
        var after = "";
        while (true)
        {
            var page = (await _ta.Run(Filled($"{line} -o name --limit 1{after}"))).Is(0);
            read.AddRange(Lines(page.Output));
            if (!page.Errors.Contains("--after", StringComparison.Ordinal) || read.Count > whole.Count)
            {
                break;
            }

            after = $" --after {page.Errors.TrimEnd().Split("--after ")[1]}";
        }

        Assert.Equal(whole, read);
    }

    [Theory]
    [MemberData(nameof(Things))]
    public async Task A_thing_says_the_same_in_every_format(string line, string name)
    {
        var json = JsonNode.Parse(await Output($"{line} -o json"))!.AsObject();
        var named = name.Split('.').Aggregate((JsonNode?)json, (node, part) => node![part])!;
        Assert.Equal([named.GetValueKind() is System.Text.Json.JsonValueKind.True ? "yes" : named.ToString()],
            Lines(await Output($"{line} -o name")));

        var yaml = new Deserializer().Deserialize<Dictionary<string, object>>(await Output($"{line} -o yaml"));
        Assert.Equal(json.Select(field => field.Key), yaml.Keys);
        var sheet = Lines(await Output(line));
        Assert.Contains(sheet, row => row.StartsWith(name, StringComparison.Ordinal));
        var one = Assert.Single(JsonNode.Parse(await Output($"{line} -o json --fields {name}"))!.AsObject());
        Assert.Equal((name, named.ToJsonString()), (one.Key, one.Value!.ToJsonString()));
        Assert.Contains("There is no new secret", (await _ta.Run(Filled($"{line} -o secret"))).Is(2).Errors,
            StringComparison.Ordinal);
    }

    /// <summary>What YAML would read as a number or as yes is written so that it is the text that it was.</summary>
    [Theory]
    [InlineData("0123")]
    public async Task A_name_that_looks_like_something_else_stays_a_text(string name)
    {
        var yaml = await Output($"token show {name} -o yaml --fields name");
        Assert.Equal($"name: \"{name}\"\n", yaml.Replace('\'', '"'));
        Assert.Equal(name, (string?)JsonNode.Parse(await Output($"token show {name} -o json"))!["name"]);
    }

    [Fact]
    public async Task Nothing_but_errors_is_on_stderr_where_it_is_to_be_quiet()
    {
        Assert.NotEmpty((await _ta.Run("token list --limit 1")).Is(0).Errors);
        Assert.Empty((await _ta.Run("token list --limit 1 -q")).Is(0).Errors);
        Assert.NotEmpty((await _ta.Run("token show nobody -q")).Is(3).Errors);
    }

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string Filled(string line) =>
        Known.Aggregate(
            line, (filled, pair) => filled.Replace($"{{{pair.Key}}}", pair.Value, StringComparison.Ordinal));

    private async Task<string> Output(string line) => (await _ta.Run(Filled(line))).Is(0).Output;
}
