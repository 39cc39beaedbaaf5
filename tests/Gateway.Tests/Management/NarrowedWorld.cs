using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>
/// Things that narrowed bearers meet: an account of theirs (<c>A</c>) and another (<c>B</c>), what hangs on both, and
/// what belongs to the organization as a whole. What no narrowed bearer changes is made once for all tests.
/// </summary>
public sealed class NarrowedWorld : Service
{
    private const string Password = "correct horse battery";

    private readonly SemaphoreSlim _making = new(1);
    private Dictionary<string, string>? _shared;

    private string Organization => Guid.Parse(OrganizationId).ToString("N");

    /// <summary>A fresh account with what hangs on it, beside what is shared.</summary>
    public async Task<Dictionary<string, string>> Fresh()
    {
        await _making.WaitAsync();
        try
        {
            _shared ??= await MakeShared();
        }
        finally
        {
            _making.Release();
        }

        var account = await Account();
        var (integration, token) = await Integration(account, "siem_mock_siem");
        var (sink, _) = await Integration(account, "sink_mock_sink");
        var within = await Create(
            "viewer",
            new { accounts = new { ids = new[] { account } }, integrations = new { categories = new[] { "siem" } } });
        return new(_shared)
        {
            ["A"] = account, ["siemA"] = integration, ["siemTokenA"] = token, ["sinkA"] = sink, ["credentialA"] = await Credential(account),
            ["bridgeA"] = await Bridge(account), ["within"] = within.Id, ["withinSecret"] = within.Access,
        };
    }

    /// <summary>A bearer of the three kinds that are tried: administrator and connect-ui of an account, administrator
    /// of a category.</summary>
    public async Task<string> Bearer(string kind, string account) => (kind switch
    {
        "NA" => await Create("administrator", new { accounts = new { ids = new[] { account } } }),
        "CU" => await Create("connect-ui", new { accounts = new { ids = new[] { account } } }),
        _ => await Create("administrator", new { integrations = new { categories = new[] { "siem" } } }),
    }).Access;

    private static string Id(JsonNode node) => (string)node["id"]!;

    private async Task<JsonNode> Made(string path, object body) =>
        (await Post(path, Admin, body)).Is(HttpStatusCode.Created).Result;

    private async Task<string> Account() => Id((await Made("/v1/accounts", new { environment = "test" }))["account"]!);

    private async Task<(string Id, string Token)> Integration(string account, string type)
    {
        var made = (await Made($"/v1/integrations/{account}", new { provider_config = new { type } }))["integration"]!;
        return (Id(made), (string)made["refresh_token_id"]!);
    }

    private async Task<string> Credential(string owner) =>
        Id(await Made($"/v1/credentials/{owner}", new { config = new { type = "token", secret = "hunter2-hunter2" } }));

    private async Task<string> Bridge(string account) => Id((await Made($"/v1/bridges/{account}", new { }))["bridge"]!);

    private async Task<string> Member(params string[] roles) => Id((await Made(
        "/v1/members", new { name = $"m{Guid.NewGuid():N}@example.com", secret = Password, role_binding = roles }))["member"]!);

    private async Task<Dictionary<string, string>> MakeShared()
    {
        var account = await Account();
        var (integration, token) = await Integration(account, "siem_mock_siem");
        var point = Id(await Made("/v1/integration-points", new { connector = "siem", environments = new { } }));
        var webhook = Id(await Made("/v1/organization/webhooks", Operation.Webhook));
        var wide = await Create("administrator");
        await Made("/v1/tokens/synqly-integrations", new { });
        string[] all = ["**/**"];
        var service = (await Post($"/client/v4/accounts/{Organization}/access/service_tokens", Admin, new { name = "x" })).Result;
        var launch = (await Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", Admin)], new { role = "admin", serviceToken = true })).Json;
        var flow = (await Post("/api/v2/token", Admin, new { type = "global", name = "x", permissions = all })).Json;
        return new()
        {
            ["org"] = OrganizationId, ["cf"] = Organization, ["B"] = account, ["siemB"] = integration, ["siemTokenB"] = token,
            ["credentialB"] = await Credential(account), ["webhook"] = webhook, ["bridgeB"] = await Bridge(account), ["point"] = point, ["credentialP"] = await Credential(point),
            ["pointSink"] = Id(await Made("/v1/integration-points", new { connector = "sink", environments = new { } })),
            ["role"] = Id(await Made("/v1/roles", new { permission_set = "viewer" })),
            ["memberOwn"] = (string)Bootstrap["member_id"]!, ["memberWide"] = await Member("viewer"), ["memberBare"] = await Member(),
            ["mapping"] = Id((await Made("/v1/mappings", new { data = "@" }))["mapping"]!),
            ["suborg"] = Id((await Made("/v1/suborgs", new { }))["organization"]!),
            ["wide"] = wide.Id, ["wideSecret"] = wide.Access, ["default"] = DefaultTokenId,
            ["service"] = (string)service["id"]!, ["serviceSecret"] = (string)service["client_secret"]!,
            ["launch"] = (string)launch["_id"]!, ["launchSecret"] = (string)launch["token"]!,
            ["flow"] = (string)flow["id"]!, ["flowSecret"] = (string)flow["token"]!,
        };
    }
}
