using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>A service in which every text that people choose is one that somebody chose to do harm.</summary>
public sealed class HostileService : Service, IAsyncLifetime
{
    /// <summary>Ends an attribute, an element and a comment, begins a script, and turns the rest of a line
    /// around.</summary>
    public const string Text =
        "\"'>--><script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;{{7*7}}\u202Eevil";

    public const string Password = "correct horse battery";

    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private (Visitor Visitor, DateTimeOffset Until)? _administrator;

    protected override string[] Settings => ["--TokenActors:RateLimits:PerToken", "0"];

    public Uri Address => Http.BaseAddress ?? throw new InvalidOperationException("not started");

    /// <summary>Ids of things, by the word of their places, such as <c>accounts</c>.</summary>
    public IReadOnlyDictionary<string, string> Ids => _ids;

    /// <summary>Every address that the console answers, with things of this service in it.</summary>
    /// <param name="method">of HTTP</param>
    /// <param name="id">in place of the things' own ids; null: those</param>
    /// <param name="things">other things of the same kinds; null: <see cref="Ids"/></param>
    public IReadOnlyList<string> Addresses(
        string method, string? id = null, IReadOnlyDictionary<string, string>? things = null) =>
    [
        .. Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(method) == true)
            .Select(endpoint => endpoint.RoutePattern.RawText ?? "")
            .Where(path => path.StartsWith("/console", StringComparison.Ordinal)
                && !path.Contains("{mark}", StringComparison.Ordinal) && !path.Contains('*', StringComparison.Ordinal))
            .SelectMany(path => path.Contains("{command}", StringComparison.Ordinal) ? Commands(path).Select(
                command => path.Replace("{command}", command, StringComparison.Ordinal)) : [path])
            .Select(path => Filled(path, id, things ?? _ids)).Distinct(),
    ];

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        _ids["accounts"] = await Make(
            "/v1/accounts", new { name = "acme", fullname = Text, labels = new[] { "emea" } }, "account");
        _ids["integrations"] = await Make(
            $"/v1/integrations/{_ids["accounts"]}", IntegrationOf("desk", Text), "integration");
        _ids["roles"] = await Make("/v1/roles",
            new { name = "support", fullname = Text, description = Text, permission_set = "viewer" }, null);
        _ids["members"] = await Make("/v1/members", new
        {
            name = "ada@example.com", fullname = Text, secret = Password,
            role_binding = new[] { "viewer" }
        }, "member");
        await Make(
            "/v1/suborgs", new { name = "below", fullname = Text, contact = "boss@example.com" }, "organization");
        _ids["tokens"] = await Make("/lifecycle/v1/tokens", new
        {
            name = "deploy", full_name = Text,
            description = Text, contact = Text, labels = new[] { "ci" }, permission_set = "viewer"
        }, null);
        _ids["webhooks"] = await Make("/lifecycle/v1/webhooks", new
        {
            name = "pager", description = Text,
            url = "https://hooks.example.com/a?b=%3Cscript%3E", types = new[] { "token.rotated" }
        }, null);
        (await Send(HttpMethod.Get, "/v1/tokens",
            [("Authorization", $"Bearer {Admin}"), ("User-Agent", "<script>alert(3)</script>")]))
            .Is(HttpStatusCode.OK);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        _administrator?.Visitor.Dispose();
        await DisposeAsync();
    }

    /// <summary>One more thing of each kind, which a test may change.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NewThings()
    {
        await RemoveWebhooks();
        var name = $"n{Guid.NewGuid():N}"[..16];
        var account = await Make("/v1/accounts", new { name, labels = new[] { "emea" } }, "account");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["accounts"] = account,
            ["integrations"] = await Make($"/v1/integrations/{account}", IntegrationOf(name, ""), "integration"),
            ["roles"] = await Make("/v1/roles", new { name, permission_set = "viewer" }, null),
            ["members"] = await Make("/v1/members", new
            {
                name = $"{name}@example.com", secret = Password,
                role_binding = new[] { "viewer" }
            }, "member"),
            ["tokens"] = await Make("/lifecycle/v1/tokens", new { name, permission_set = "viewer" }, null),
            ["webhooks"] = await Make("/lifecycle/v1/webhooks", new
            {
                name, types = new[] { "token.leaked" },
                url = $"https://hooks.example.com/{name}"
            }, null),
        };
    }

    /// <summary>Another tab of the administrator, who has given the password within the last minutes.</summary>
    public async Task<Visitor> SignIn()
    {
        if (_administrator is not { } session || session.Until < Clock.GetUtcNow())
        {
            _administrator?.Visitor.Dispose();
            session = (
                await new Visitor(Address).SignIn("root", "administrator", (string?)Bootstrap["member_secret"] ?? ""),
                Clock.GetUtcNow().AddMinutes(2));
            _administrator = session;
        }

        return session.Visitor.Tab();
    }

    /// <summary>Somebody new with the administrator's secret, which takes no password to be worked out.</summary>
    public async Task<Visitor> SignInBySecret(Visitor visitor)
    {
        await visitor.Submit("/sign-in", ("secret", Admin));
        return visitor;
    }

    /// <summary>What there is of each kind, and how it is: the same again where nothing was changed.</summary>
    public async Task<string> State()
    {
        List<string> state = [];
        foreach (var list in (string[])["/v1/accounts", "/v1/members", "/v1/roles",
            $"/v1/integrations/{_ids["accounts"]}", "/lifecycle/v1/webhooks", "/lifecycle/v1/policy"])
        {
            state.Add((await Get(list, Admin)).Is(HttpStatusCode.OK).Body);
        }

        var tokens = (await Get("/lifecycle/v1/tokens?filter=kind[neq]session&limit=100", Admin)).Is(
            HttpStatusCode.OK).Json["items"]!.AsArray();
        state.AddRange(tokens.Select(token =>
            $"{token!["id"]} {token["state"]} {token["primary"]?["access"]?["last_four"]} {token["description"]}"));
        return string.Join('\n', state.Select(line => System.Text.RegularExpressions.Regex.Replace(
            line, "\"last_logon\":\"[^\"]*\"|\"updated_at\":\"[^\"]*\"|\"expires\":\"[^\"]*\"", "")));
    }

    /// <summary>An organization may have twenty, and those of all events are busy with every test.</summary>
    private async Task RemoveWebhooks()
    {
        foreach (var webhook in (await Get("/lifecycle/v1/webhooks?limit=100", Admin)).Is(HttpStatusCode.OK)
            .Json["items"]!.AsArray().Where(one => (string?)one!["id"] != _ids["webhooks"]))
        {
            (await Delete($"/lifecycle/v1/webhooks/{webhook!["id"]}", Admin)).Is(HttpStatusCode.NoContent);
        }
    }

    private static string[] Commands(string path) => path.Contains("webhooks", StringComparison.Ordinal)
        ? ["test", "enable", "disable", "rotate-secret", "redeliver", "replay", "no-such-command"]
        : ["rotate", "refresh", "reset", "disable", "enable", "move-deadline", "remove-secondary", "revoke",
            "no-such-command"];

    private static string Filled(string path, string? id, IReadOnlyDictionary<string, string> things)
    {
        var kind = path.Split('/') is [_, _, var place, ..] ? place : "";
        return System.Text.RegularExpressions.Regex.Replace(
            path.Replace("{integration:guid}", id ?? things["integrations"], StringComparison.Ordinal), @"\{\w+:guid\}",
            id ?? things.GetValueOrDefault(kind, Guid.Empty.ToString()));
    }

    private static JsonObject IntegrationOf(string name, string fullname) => new()
    {
        ["name"] = name,
        ["fullname"] = fullname,
        ["provider_config"] = new JsonObject
        {
            ["type"] = "ticketing_jira",
            ["url"] = "https://jira.example.com",
            ["credential"] = new JsonObject { ["type"] = "token", ["secret"] = "hunter2-hunter2" },
        },
    };

    private async Task<string> Make(string path, object body, string? within)
    {
        var made = (await Post(path, Admin, body)).Is(HttpStatusCode.Created).Json;
        var result = made["result"] ?? made;
        return (string?)(within is null ? result : result[within] ?? result)?["id"] ?? "";
    }
}

[CollectionDefinition("walls")]
public sealed class WallCollection : ICollectionFixture<HostileService>;
