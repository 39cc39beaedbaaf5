using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Gateway.Tests.Webhooks;
using static TokenActors.Gateway.Tests.Lifecycle.Imports;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>A call that will succeed: what it names was made for it.</summary>
/// <param name="Path">the whole path</param>
/// <param name="Body">what is sent, if anything</param>
internal sealed record ReadyCall(string Path, object? Body = null)
{
    public string Type { get; init; } = "application/json";

    /// <summary>The tag that the call demands.</summary>
    public string? Match { get; init; }

    /// <summary>Awaits what goes on after the answer.</summary>
    public Func<Answer, Task>? Settled { get; init; }

    /// <summary>Changes what the call changed, so that a second time would be seen.</summary>
    public Func<Task>? Undo { get; init; }

    /// <summary>Another body that the call could have.</summary>
    public object? Other { get; init; }
}

/// <summary>An operation of the Lifecycle API.</summary>
/// <param name="Name">method, and path as the document has it, without what all begin with</param>
/// <param name="Action">the permission that it needs; null for none of its own</param>
/// <param name="Ready">makes what it needs</param>
/// <param name="Success">how it is answered</param>
/// <param name="Gives">the permission set of what it makes or touches, which its bearer must have itself</param>
internal sealed record LifecycleCall(
    string Name, string? Action, Func<Task<ReadyCall>> Ready, HttpStatusCode Success = HttpStatusCode.OK, string? Gives = null)
{
    public const string Root = "/lifecycle/v1";

    /// <summary>What the bearer needs to have besides.</summary>
    public string[] Also { get; init; } = [];

    public HttpMethod Method => new(Name.Split(' ')[0]);

    /// <summary>What a bearer needs who may do this and nothing else.</summary>
    public IEnumerable<string> Actions =>
        [.. Also, .. Action is null ? (string[])[] : [Action], .. Gives is null ? [] : PermissionSets.ActionsOf(Gives).Names()];

    public Task<Answer> Send(Service service, ReadyCall call, string bearer, string? key = null, object? body = null)
    {
        List<(string, string)> headers = [("Authorization", "Bearer " + bearer)];
        if (key is not null)
        {
            headers.Add(("Idempotency-Key", key));
        }

        if (call.Match is not null)
        {
            headers.Add(("If-Match", call.Match));
        }

        return service.Send(Method, call.Path, headers, body ?? call.Body, call.Type);
    }

    public override string ToString() => Name;
}

/// <summary>Every operation of the Lifecycle API but the stream, each as a call that succeeds.</summary>
internal sealed class LifecycleCalls(WebhookService service, Receiver receiver)
{
    private const string Root = LifecycleCall.Root;
    private const string Viewer = PermissionSets.Viewer;

    private static readonly object Deadline = new { deadline = "2100-01-01T00:00:00Z" };

    public IReadOnlyList<LifecycleCall> All =>
    [
        .. Reads, .. Tokens, .. Jobs, .. Webhooks,
        new("PUT /policy", "organizations:update", Policy),
        new("POST /introspect", "tokens:get", () => Ready(
            "/introspect", new { tokens = new[] { service.Admin, "nothing" } })),
        new("POST /leaks", "tokens:delete", () => Ready("/leaks", new { secrets = new[] { "nothing" } }), HttpStatusCode.Accepted),
        new("POST /intents", "tokens:rotate", async () => Call("/intents", Wish(await Token())) with { Other = Wish(await Token()) }, HttpStatusCode.Created, Viewer),
        new("POST /intents/{intentId}/collect", "tokens:rotate", async () => Call($"/intents/{await Intent()}/collect"), Gives: Viewer),
    ];

    private IEnumerable<LifecycleCall> Reads =>
    [
        new("GET /webhooks", "webhooks:list", async () => { await Endpoint(); return Call("/webhooks"); }),
        new("GET /webhooks/{webhookId}", "webhooks:get", async () => Call(await Endpoint())),
        new("GET /webhooks/{webhookId}/deliveries", "webhooks:get", async () => Call(
            $"{await Delivered()}/deliveries")),
        new("GET /policy", "organizations:get", () => Ready("/policy")),
        new("GET /policy/breaches", "organizations:get", () => Ready("/policy/breaches?limit=5")),
        new("GET /audit", "audit:list", () => Ready("/audit?limit=50")),
        new("GET /tokens/{tokenId}/history", "tokens:get", async () => Call($"/tokens/{await Token()}/history")) { Also = ["audit:list"] },
        new("GET /jobs/{jobId}", "tokens:delete", async () => Call($"/jobs/{await Job(await Label())}")),
        new("GET /imports/{importId}", "tokens:create", async () => Call($"/imports/{await Import()}")),
        new("GET /imports/{importId}/results", "tokens:create", async () => Call($"/imports/{await Import()}/results")),
        new("GET /cluster", "organizations:get", () => Ready("/cluster")),
        new("GET /overview", "tokens:list", () => Ready("/overview")),
        new("GET /import-schemes", "organizations:get", async () => { await service.Scheme(); return Call("/import-schemes"); }),
        new("GET /intents/{intentId}", null, async () => Call($"/intents/{await Intent()}")) { Also = ["roles:list"] },
        new("GET /tokens", "tokens:list", async () => { await Token(); return Call("/tokens?limit=20"); }),
        new("GET /tokens/{tokenId}", "tokens:get", async () => Call($"/tokens/{await Token("rotate")}")),
        new("GET /tokens/{tokenId}/usage", "tokens:get", async () => Call($"/tokens/{await Used()}/usage")),
        new("GET /tokens/{tokenId}/descendants", "tokens:get", async () => Call(
            $"/tokens/{service.DefaultTokenId}/descendants?limit=5")),
        new("GET /tokens/{tokenId}/can", "tokens:get", async () => Call(
            $"/tokens/{await Token()}/can?action=accounts:get")),
    ];

    private IEnumerable<LifecycleCall> Tokens =>
    [
        new("POST /tokens", "tokens:create", () => Ready("/tokens", New(), New()), HttpStatusCode.Created, Viewer),
        new("POST /tokens/{tokenId}/rotate", "tokens:rotate", async () => await Command("rotate") with { Other = Deadline }, Gives: Viewer),
        new("POST /tokens/{tokenId}/refresh", "tokens:rotate", () => Command("refresh"), Gives: Viewer),
        new("POST /tokens/{tokenId}/reset", "tokens:reset", () => Command("reset"), Gives: Viewer),
        new("POST /tokens/{tokenId}/enable", "tokens:rotate", () => Command("enable", "disable", "disable"), Gives: Viewer),
        new("POST /tokens/{tokenId}/disable", "tokens:delete", () => Command("disable", undo: "enable"), Gives: Viewer),
        new("POST /tokens/{tokenId}/remove-secondary", "tokens:delete", () => Command("remove-secondary", "rotate", "rotate"), Gives: Viewer),
        new("POST /tokens/{tokenId}/move-deadline", "tokens:rotate", MoveDeadline, Gives: Viewer),
        new("DELETE /tokens/{tokenId}", "tokens:delete", async () => Call($"/tokens/{await Token()}"), HttpStatusCode.NoContent, Viewer),
        new("PATCH /tokens/{tokenId}", "tokens:rotate", PatchToken, Gives: Viewer),
    ];

    private IEnumerable<LifecycleCall> Jobs =>
    [
        new("POST /tokens/revoke", "tokens:delete", Revoke, HttpStatusCode.Accepted, Viewer),
        new("DELETE /jobs/{jobId}", "tokens:delete", async () => Call(
            $"/jobs/{await Job(await Label(), "?dry_run=true")}")),
        new("POST /tokens/import", "tokens:create", ImportCall, HttpStatusCode.Accepted, Viewer),
        new("DELETE /imports/{importId}", "tokens:create", async () => Call($"/imports/{await Import()}")),
        new("POST /import-schemes", "organizations:update", () => Ready("/import-schemes", Scheme(), Scheme()), HttpStatusCode.Created),
        new("DELETE /import-schemes/{schemeId}", "organizations:update", DeleteScheme, HttpStatusCode.NoContent),
    ];

    private IEnumerable<LifecycleCall> Webhooks =>
    [
        new("POST /webhooks", "webhooks:create", () => Ready("/webhooks", Wanted(), Wanted()), HttpStatusCode.Created),
        new("PATCH /webhooks/{webhookId}", "webhooks:update", PatchEndpoint),
        new("DELETE /webhooks/{webhookId}", "webhooks:delete", async () => Call(await Endpoint()), HttpStatusCode.NoContent),
        new("POST /webhooks/{webhookId}/rotate-secret", "webhooks:update", async () => Call(
            $"{await Endpoint()}/rotate-secret")),
        new("POST /webhooks/{webhookId}/enable", "webhooks:update", () => Switch("enable", "disable")),
        new("POST /webhooks/{webhookId}/disable", "webhooks:update", () => Switch("disable", "enable")),
        new("POST /webhooks/{webhookId}/test", "webhooks:update", async () => Repeat(await Endpoint(), "test")),
        new("POST /webhooks/{webhookId}/redeliver", "webhooks:update", Redeliver),
        new("POST /webhooks/{webhookId}/replay", "webhooks:update", async () => Repeat(
            await Delivered(), "replay", new { since = service.Clock.GetUtcNow().AddHours(-1) }, new { since = service.Clock.GetUtcNow().AddHours(-2) })),
    ];

    private static ReadyCall Call(string path, object? body = null) => new(Root + path, body);

    private static Task<ReadyCall> Ready(string path, object? body = null, object? other = null) =>
        Task.FromResult(Call(path, body) with { Other = other });

    private static object New() => new { permission_set = Viewer, name = Name() };

    private static object Wish(string token) => new { command = "rotate", token_id = token };

    private static string Name() => $"n{Guid.NewGuid():N}";

    private static object Scheme() => new { name = Name(), prefix = $"{Name()}_", random_characters = 32 };

    private object Wanted() => new { url = receiver.Url, name = Name(), types = new[] { "token.issued" } };

    private async Task<JsonObject> Made(string path, object? body, HttpStatusCode status = HttpStatusCode.Created) =>
        (await service.Post(Root + path, service.Admin, body)).Is(status).Json;

    private async Task<string> Token(params string[] commands)
    {
        var id = (await service.Create(Viewer)).Id;
        foreach (var command in commands)
        {
            await Made($"/tokens/{id}/{command}", null, HttpStatusCode.OK);
        }

        return id;
    }

    private async Task<ReadyCall> Command(string command, string? before = null, string? undo = null)
    {
        var id = await Token(before is null ? [] : [before]);
        return Call($"/tokens/{id}/{command}") with
        {
            Undo = undo is null ? null : () => Made($"/tokens/{id}/{undo}", null, HttpStatusCode.OK),
        };
    }

    private async Task<ReadyCall> MoveDeadline()
    {
        var id = await Token("rotate");
        object At(int minutes) => new { deadline = service.Clock.GetUtcNow().AddMinutes(minutes) };
        return Call($"/tokens/{id}/move-deadline", At(5)) with
        {
            Undo = () => Made($"/tokens/{id}/move-deadline", At(7), HttpStatusCode.OK),
            Other = At(9),
        };
    }

    private async Task<ReadyCall> PatchToken() => await Patch(
        $"/tokens/{await Token()}", new { description = "first" }, new { description = "second" }, new { description = "third" });

    private async Task<ReadyCall> PatchEndpoint() => await Patch(
        await Endpoint(), new { description = "first" }, new { description = "second" }, new { description = "third" });

    private Task<ReadyCall> Policy() => Patch(
        "/policy", new { notice_days = new[] { 3 } }, new { notice_days = new[] { 4 } }, new { notice_days = new[] { 5 } }, HttpMethod.Put);

    /// <summary>A conditional call, and the same with another body, which undoes it.</summary>
    private async Task<ReadyCall> Patch(
        string path, object body, object undone, object other, HttpMethod? method = null)
    {
        return Call(path, body) with { Match = await Tag(), Undo = Undo, Other = other };

        async Task<string> Tag() =>
            (await service.Get(Root + path, service.Admin)).Is(HttpStatusCode.OK).Headers["ETag"];

        async Task Undo() => (await service.Send(
            method ?? HttpMethod.Patch, Root + path, [("Authorization", "Bearer " + service.Admin), ("If-Match", await Tag())], undone)).Is(HttpStatusCode.OK);
    }

    private async Task<string> Label()
    {
        var label = Name()[..20];
        await Made("/tokens", new { permission_set = Viewer, labels = new[] { label } });
        return label;
    }

    private static object Filter(string label) => new { filter = new[] { $"labels[eq]{label}" } };

    /// <summary>A job that is over, or a plan.</summary>
    private async Task<string> Job(string label, string query = "")
    {
        var answer = await service.Post($"{Root}/tokens/revoke{query}", service.Admin, Filter(label));
        var id = (string)(answer.Json["plan"] ?? answer.Json["id"])!;
        await (query.Length == 0 ? Ended($"/jobs/{id}") : Task.CompletedTask);
        return id;
    }

    private Task Ended(string path) => Eventually.Holds(
        async () => (await service.Get(Root + path, service.Admin)).Is(HttpStatusCode.OK).Json["ended_at"] is not null);

    private async Task<ReadyCall> Revoke()
    {
        var label = await Label();
        return Call("/tokens/revoke", Filter(label)) with
        {
            Settled = answer => Ended($"/jobs/{(string)answer.Json["id"]!}"),
            Undo = () => Made("/tokens", new { permission_set = Viewer, labels = new[] { label } }),
            Other = Filter(await Label()),
        };
    }

    private async Task<string> Import()
    {
        await service.Scheme();
        return (string)(await service.Ended(await service.Import(Lines(Line(NewKey())))))["id"]!;
    }

    private async Task<ReadyCall> ImportCall()
    {
        await service.Scheme();
        var id = "";
        return Call("/tokens/import", Lines(Line(NewKey()))) with
        {
            Type = "application/x-ndjson",
            Settled = async answer =>
            {
                var job = await service.Ended(answer);
                id = (string)(await service.Results(job)).Single()["id"]!;
            },
            Undo = async () =>
                (await service.Delete($"{Root}/tokens/{id}", service.Admin)).Is(HttpStatusCode.NoContent),
            Other = Lines(Line(NewKey())),
        };
    }

    private async Task<ReadyCall> DeleteScheme() =>
        Call($"/import-schemes/{(string)(await Made("/import-schemes", Scheme()))["id"]!}");

    private async Task<string> Intent() => (string)(await Made("/intents", Wish(await Token())))["id"]!;

    private async Task<string> Used()
    {
        var made = await service.Create(Viewer);
        (await service.Get("/v1/permissionsets", made.Access)).Is(HttpStatusCode.OK);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(async () =>
            (await service.Get($"{Root}/tokens/{made.Id}/usage", service.Admin)).Is(HttpStatusCode.OK).Json["hours"]!.AsArray().Count > 0);
        return made.Id;
    }

    private async Task<string> Endpoint() => $"/webhooks/{(string)(await Made("/webhooks", Wanted()))["id"]!}";

    private async Task<ReadyCall> Switch(string command, string undo)
    {
        var endpoint = await Endpoint();
        await Made($"{endpoint}/{undo}", null, HttpStatusCode.OK);
        return Call($"{endpoint}/{command}") with { Undo = () => Made($"{endpoint}/{undo}", null, HttpStatusCode.OK) };
    }

    /// <summary>An endpoint that was sent an event.</summary>
    private async Task<string> Delivered()
    {
        var endpoint = await Endpoint();
        await Token();
        await IsDone(endpoint);
        return endpoint;
    }

    private Task IsDone(string endpoint) => Eventually.Holds(
        async () =>
        {
            var all = (await service.Get($"{Root}{endpoint}/deliveries", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
            return all.Count > 0 && all.All(one => (string?)one!["status"] == "delivered");
        },
        () => $"what {endpoint} is sent is delivered");

    private ReadyCall Repeat(string endpoint, string command, object? body = null, object? other = null) =>
        Call($"{endpoint}/{command}", body) with { Settled = _ => IsDone(endpoint), Other = other };

    private async Task<ReadyCall> Redeliver()
    {
        var endpoint = await Delivered();
        var first = (string)(await service.Get($"{Root}{endpoint}/deliveries", service.Admin)).Json["items"]![0]!["id"]!;
        var other = (string)(await Made($"{endpoint}/test", null, HttpStatusCode.OK))["delivery_id"]!;
        await IsDone(endpoint);
        return Repeat(endpoint, "redeliver", new { delivery_id = first }, new { delivery_id = other });
    }
}
