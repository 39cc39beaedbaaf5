using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TokenActors.Client.Tests.Agent;

/// <summary>The few calls of the API of Kubernetes that an agent uses, with resource versions, as its reference
/// describes them.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    public const string Space = "apps";
    private const string Bearer = "Bearer agents-own";

    private readonly Lock _turn = new();
    private readonly Dictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private int _version = 100;

    private FakeCluster(WebApplication app) => _app = app;

    /// <summary>Answers in place of the API: a method, a kind and a name, and how to go on; null: as ever.</summary>
    public Func<string, string, string, int?>? Fault { get; set; }

    /// <summary>What was asked, as <c>PUT secrets/deploy 200</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public Uri Url => new(_app.Urls.First());

    public static async Task<FakeCluster> Start()
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = ["--urls", "http://127.0.0.1:0"] });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var cluster = new FakeCluster(app);
        foreach (var root in new[] { $"/api/v1/namespaces/{Space}/{{kind}}", $"/apis/coordination.k8s.io/v1/namespaces/{Space}/{{kind}}" })
        {
            app.MapPost(root, (HttpContext context, string kind) => cluster.Answer(context, kind, ""));
            app.MapMethods(
                root + "/{name}", ["GET", "PUT"],
                (HttpContext context, string kind, string name) => cluster.Answer(context, kind, name));
        }

        await app.StartAsync();
        return cluster;
    }

    /// <summary>As a client of the cluster with the agent's account.</summary>
    public Kubernetes Client() =>
        new(new KubernetesClientConfiguration { Host = Url.AbsoluteUri, AccessToken = Bearer.Split(' ')[1] });

    /// <summary>A configuration for programs.</summary>
    public string Configuration(string token = "agents-own") => $"""
        apiVersion: v1
        kind: Config
        clusters: [{"{"} name: fake, cluster: {"{"} server: "{Url.AbsoluteUri}" {"}"} {"}"}]
        users: [{"{"} name: agent, user: {"{"} token: {token} {"}"} {"}"}]
        contexts: [{"{"} name: fake, context: {"{"} cluster: fake, user: agent, namespace: {Space} {"}"} {"}"}]
        current-context: fake
        """;

    /// <summary>Puts an object there, as an operator does.</summary>
    public void Put(string path, JsonObject there)
    {
        lock (_turn)
        {
            Store(path, there);
        }
    }

    /// <summary>Changes one that is there, as an operator does.</summary>
    public void Edit(string path, Action<JsonObject> edit)
    {
        lock (_turn)
        {
            edit(_objects[path]);
            Store(path, _objects[path]);
        }
    }

    public void Remove(string path)
    {
        lock (_turn)
        {
            _objects.Remove(path);
        }
    }

    /// <summary>A copy; null where there is none.</summary>
    public JsonObject? Find(string path)
    {
        lock (_turn)
        {
            return (JsonObject?)_objects.GetValueOrDefault(path)?.DeepClone();
        }
    }

    /// <summary>A key of a Secret as text.</summary>
    public string? DataOf(string secret, string key) => (string?)Find($"secrets/{secret}")?["data"]?[key] is { } base64
        ? Encoding.UTF8.GetString(Convert.FromBase64String(base64))
        : null;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<IResult> Answer(HttpContext context, string kind, string name)
    {
        var body = context.Request.Method == "GET"
            ? null
            : await JsonNode.ParseAsync(context.Request.Body) as JsonObject;
        name = name.Length > 0 ? name : (string)body!["metadata"]!["name"]!;
        var path = $"{kind}/{name}";
        var fault = context.Request.Headers.Authorization == Bearer
            ? Fault?.Invoke(context.Request.Method, kind, name)
            : 401;
        var (status, answer) = fault is { } code ? (code, null) : Decide(context.Request.Method, path, body);
        Calls.Enqueue($"{context.Request.Method} {path} {status}");
        return Results.Text(
            (answer ?? new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["code"] = status }).ToJsonString(),
            "application/json", statusCode: status);
    }

    private (int Status, JsonObject? Answer) Decide(string method, string path, JsonObject? body)
    {
        lock (_turn)
        {
            if (_objects.GetValueOrDefault(path) is not { } there)
            {
                return method == "POST" ? (201, Store(path, body!)) : (404, null);
            }

            return method switch
            {
                "GET" => (200, (JsonObject)there.DeepClone()),
                "POST" => (409, null),
                _ when (string?)body!["type"] is { } type && type != (string?)there["type"] => (422, null),
                _ when (string?)body["metadata"]!["resourceVersion"] is { } version && version != VersionOf(there) =>
                    (409, null),
                _ => (200, Store(path, body)),
            };
        }
    }

    private JsonObject Store(string path, JsonObject content)
    {
        var kept = (JsonObject)content.DeepClone();
        if (kept["metadata"] is not JsonObject metadata)
        {
            kept["metadata"] = metadata = [];
        }

        metadata["name"] = path.Split('/')[1];
        metadata["namespace"] = Space;
        metadata["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _objects[path] = kept;
        return (JsonObject)kept.DeepClone();
    }

    private static string? VersionOf(JsonObject there) => (string?)there["metadata"]!["resourceVersion"];
}
