using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.WebConsole.Tests;

/// <summary>A service with things in it to look at.</summary>
public sealed class Demo : Service, IAsyncLifetime
{
    public string Name => "administrator";

    public string Password =>
        (string?)Bootstrap["member_secret"] ?? throw new InvalidOperationException("no bootstrap");

    public Uri Address => Http.BaseAddress ?? throw new InvalidOperationException("not started");

    public string OrganizationName => "root";

    /// <summary>A token that was rotated, used and made others.</summary>
    public Made Parent { get; private set; } = new("", "", "");

    public string Account { get; private set; } = "";

    public string Webhook { get; private set; } = "";

    /// <summary>A role that is narrowed to an environment.</summary>
    public string Role { get; private set; } = "";

    public string Member { get; private set; } = "";

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        foreach (var name in (string[])["acme", "globex", "initech"])
        {
            Account = (string?)(await Post(
                "/v1/accounts", Admin, new { name, fullname = $"{name} Ltd.", labels = new[] { "emea" } }))
                .Is(HttpStatusCode.Created).Result["account"]?["id"] ?? "";
        }

        Role = (string?)(await Post("/v1/roles", Admin, new
        {
            name = "support", description = "Looks, and changes nothing", permission_set = "viewer",
            resources = new { accounts = new { ids = new[] { "*" }, environments = new[] { "prod" } } },
        })).Is(HttpStatusCode.Created).Result["id"] ?? "";
        Member = (string?)(await Post("/v1/members", Admin, new { name = "ada@example.com", fullname = "Ada Lovelace", secret = "a long enough secret", role_binding = new[] { "viewer" } }))
            .Is(HttpStatusCode.Created).Result["member"]?["id"] ?? "";
        (await Post("/v1/suborgs", Admin, new { name = "subsidiary", fullname = "Subsidiary Inc.", contact = "boss@example.com" })).Is(HttpStatusCode.Created);
        (await Post($"/v1/integrations/{Account}", Admin, """{"name":"desk","provider_config":{"type":"ticketing_jira","url":"https://jira.example.com","credential":{"type":"token","secret":"hunter2-hunter2"} } }""")).Is(HttpStatusCode.Created);
        (await Post($"/v1/credentials/{Account}", Admin, new { name = "smtp", config = new { type = "basic", username = "mail", secret = "hunter2-hunter2" } })).Is(HttpStatusCode.Created);
        for (var i = 0; i < 60; i++)
        {
            var made = await Make($"job-{i:00}", Admin, i % 3 == 0 ? "nightly" : "ci");
            if (i % 10 == 0)
            {
                (await Post($"/lifecycle/v1/tokens/{made.Id}/disable", Admin, null)).Is(HttpStatusCode.OK);
            }
        }

        Parent = await Make("deploy", Admin, "ci");
        for (var i = 0; i < 3; i++)
        {
            var child = await Make($"deploy-{i}", Parent.Access, "ci");
            await Make($"deploy-{i}-a", child.Access, "ci");
        }

        (await Post($"/lifecycle/v1/tokens/{Parent.Id}/rotate", Admin, new { deadline = Clock.GetUtcNow().AddDays(2) })).Is(HttpStatusCode.OK);
        await Get("/v1/tokens", Parent.Access);
        Webhook = (string?)(await Post("/lifecycle/v1/webhooks", Admin, new { name = "pager", url = "https://hooks.example.com/tokens", types = new[] { "token.expiring", "token.leaked" } }))
            .Is(HttpStatusCode.Created).Json["id"] ?? "";
    }

    public async Task<Made> Make(string name, string bearer, string label, string set = "administrator")
    {
        var made = (await Post("/lifecycle/v1/tokens", bearer, new JsonObject
        {
            ["name"] = name, ["permission_set"] = set, ["labels"] = new JsonArray(label),
        })).Is(HttpStatusCode.Created).Json;
        return new Made(
            (string?)made["id"] ?? "", (string?)made["secrets"]?["access"] ?? "",
            (string?)made["secrets"]?["refresh"] ?? "");
    }
}
