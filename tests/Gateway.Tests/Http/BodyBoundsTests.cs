using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>Every body of every API, from the documents that tell of them, with too much in each of its
/// fields.</summary>
[Collection("service")]
public sealed partial class BodyBoundsTests(Service service)
{
    private static readonly string[] Documents = ["management", "cloudflare", "launchdarkly", "boomerang", "lifecycle"];

    private static readonly (string What, JsonNode Value)[] TooMuch =
    [
        ("list", new JsonArray(
            [.. Enumerable.Repeat(0, BodyRules.MostItems + 1).Select(i => JsonValue.Create($"x{i}"))])),
        ("object", new JsonObject(
            Enumerable.Range(0, BodyRules.MostItems + 1).Select(i => KeyValuePair.Create($"x{i}", (JsonNode?)i)))),
        ("text", JsonValue.Create(new string('x', BodyRules.LongestText + 1))),
        ("name", new JsonObject { [new string('x', BodyRules.LongestText + 1)] = 1 }),
        ("nested", new JsonObject { ["a"] = new JsonArray(new JsonArray([.. Enumerable.Repeat(0, BodyRules.MostItems + 1).Select(_ => (JsonNode?)null)])) }),
    ];

    [Fact]
    public async Task Too_much_in_any_field_of_any_body_is_400_that_names_it()
    {
        var tried = 0;
        var reports = await Reports();
        foreach (var name in Documents)
        {
            var document = (await service.Get($"/v1/meta/openapi/{name}", null)).Is(HttpStatusCode.OK).Json;
            foreach (var (path, operations) in document["paths"]!.AsObject())
            {
                foreach (var (method, operation) in operations!.AsObject().Where(pair => pair.Value is JsonObject && pair.Value["requestBody"] is not null))
                {
                    var (type, content) = operation!["requestBody"]!["content"]!.AsObject().Single();
                    var schema = content!["schema"]!;
                    foreach (var (field, body) in Bodies(Resolve(document, schema)))
                    {
                        // What transforms are run over has bounds of its own, which their tests try.
                        if (path == "/v1/mappings/apply" && field.StartsWith("data:", StringComparison.Ordinal))
                        {
                            continue;
                        }

                        tried++;
                        var (url, headers) = reports.TryGetValue(path, out var report)
                            ? (report.Url, [("Authorization", "Bearer " + report.Secret)])
                            : (Parameter().Replace(path, match => IdOf(match.Value)), HeadersOf(name));
                        var answer = await service.Send(
                            new HttpMethod(method.ToUpperInvariant()), url, headers, body.ToJsonString(), type);
                        Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{method} {path} {field}: {answer.Status} {answer.Body[..Math.Min(300, answer.Body.Length)]}");
                        Assert.Matches("at most|more than", answer.Body);
                        Assert.Equal(PointerOf(name, field), PointerIn(name, answer));
                    }
                }
            }
        }

        Assert.InRange(tried, 500, int.MaxValue);
    }

    /// <summary>
    /// Whoever sends a body believes that it is read: <c>{"dry_run": true}</c> with a deletion, say. The vendor of one
    /// API is known to pass over that of a reset.
    /// </summary>
    [Fact]
    public async Task A_body_where_an_operation_takes_none_is_400_in_every_api()
    {
        HashSet<string> deletions = [];
        foreach (var name in Documents)
        {
            var document = (await service.Get($"/v1/meta/openapi/{name}", null)).Is(HttpStatusCode.OK).Json;
            foreach (var (path, operations) in document["paths"]!.AsObject())
            {
                foreach (var (method, operation) in operations!.AsObject().Where(
                    pair => pair.Key is not ("get" or "head") && !path.StartsWith("/oauth2/", StringComparison.Ordinal) && pair.Value is JsonObject && pair.Value["requestBody"] is null
                        && (string?)pair.Value["operationId"] is not "launchdarkly_reset" && pair.Value["security"] is not JsonArray { Count: 0 }))
                {
                    var url = Parameter().Replace(path, match => IdOf(match.Value));
                    var answer = await service.Send(new HttpMethod(method.ToUpperInvariant()), url, HeadersOf(name), """{"dry_run":true}""");
                    Assert.True(
                        answer.Status == HttpStatusCode.BadRequest, $"{method} {path}: {answer.Status} {answer.Body}");
                    Assert.True(
                        name == "boomerang" || answer.Body.Contains("takes none", StringComparison.Ordinal),
                        $"{method} {path}: {answer.Body}");
                    if (method == "delete")
                    {
                        deletions.Add(name);
                    }
                }
            }
        }

        Assert.Equal(Documents.Order(), deletions.Order());
    }

    /// <summary>What a patch makes is a body too.</summary>
    [Fact]
    public async Task What_a_patch_makes_has_the_bounds_of_a_body()
    {
        var account = (string)(await service.Post("/v1/accounts", service.Admin, "{}")).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var labels = new JsonArray([.. Enumerable.Range(0, 60).Select(i => JsonValue.Create($"l{i}"))]);
        var patch = new JsonArray(
            new JsonObject { ["op"] = "add", ["path"] = "/labels", ["value"] = labels },
            new JsonObject { ["op"] = "copy", ["from"] = "/labels", ["path"] = "/labels/-" });
        foreach (var i in Enumerable.Range(60, 45))
        {
            patch.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = "/labels/-", ["value"] = $"l{i}" });
        }

        (await service.Send(HttpMethod.Patch, $"/v1/accounts/{account}", service.Admin, patch.ToJsonString())).IsProblem(HttpStatusCode.BadRequest, "/labels");
    }

    /// <summary>
    /// Where what is too much stands: a field, or below it. Answers of other systems have no place for a pointer.
    /// </summary>
    private static string? PointerOf(string document, string what) => (document, what.Split(": ")) switch
    {
        (not ("management" or "lifecycle"), _) => null,
        (_, ["operations"]) => "",
        (_, ["value", var kind]) => "/0/value" + (kind == "nested" ? "/a/0" : ""),
        (_, [var field, var kind]) => $"/{field}{(kind == "nested" ? "/a/0" : "")}",
        _ => throw new ArgumentException($"'{what}' says no field", nameof(what)),
    };

    private static string? PointerIn(string document, Answer answer) => document switch
    {
        "management" => (string?)answer.Json["context"]?["parameter"]?["id"],
        "lifecycle" => (string?)Assert.Single(answer.Json["errors"]!.AsArray())!["pointer"],
        _ => null,
    };

    /// <summary>Routes that take no bearer but a token of the very thing in their path.</summary>
    private async Task<Dictionary<string, (string Url, string Secret)>> Reports()
    {
        async Task<JsonNode> Made(string path, object body) =>
            (await service.Post(path, service.Admin, body)).Is(HttpStatusCode.Created).Result;
        var account = (await Made("/v1/accounts", new { }))["account"]!["id"];
        var bridge = await Made($"/v1/bridges/{account}", new { });
        var integration = await Made(
            $"/v1/integrations/{account}", new { provider_config = new { type = "siem_mock_siem" } });
        return new()
        {
            ["/v1/bridges/{accountId}/{bridgeId}/report"] = ($"/v1/bridges/{account}/{bridge["bridge"]!["id"]}/report", (string)bridge["credential"]!),
            ["/v1/status/{accountId}/{integrationId}/report"] =
                ($"/v1/status/{account}/{integration["integration"]!["id"]}/report", (string)integration["token"]!["access"]!["secret"]!),
        };
    }

    /// <summary>Nothing there but the organization, which the accounts and zones of one API are.</summary>
    private string IdOf(string parameter) => parameter is "{accountId}" or "{zoneId}"
        ? Guid.Parse(service.OrganizationId).ToString("N")
        : Guid.NewGuid().ToString();

    private IEnumerable<(string, string)> HeadersOf(string document) => document switch
    {
        "launchdarkly" => [("Authorization", service.Admin)],
        _ => [("Authorization", "Bearer " + service.Admin)],
    };

    private static JsonNode Resolve(JsonObject document, JsonNode schema) => schema["$ref"] is { } reference
        ? document["components"]!["schemas"]![((string)reference!).Split('/')[^1]]!
        : schema;

    private static IEnumerable<(string Field, JsonNode Body)> Bodies(JsonNode schema)
    {
        if ((schema["type"] as JsonValue)?.ToString() == "array")
        {
            var operation = new JsonObject { ["op"] = "test", ["path"] = "/name", ["value"] = null };
            yield return ("operations", new JsonArray(
                [.. Enumerable.Repeat(0, BodyRules.MostItems + 1).Select(_ => operation.DeepClone())]));
            foreach (var (what, value) in TooMuch)
            {
                yield return ($"value: {what}", new JsonArray(
                    new JsonObject { ["op"] = "add", ["path"] = "/name", ["value"] = value.DeepClone() }));
            }

            yield break;
        }

        foreach (var field in schema["properties"]!.AsObject().Select(property => property.Key))
        {
            foreach (var (what, value) in TooMuch)
            {
                yield return ($"{field}: {what}", new JsonObject { [field] = value.DeepClone() });
            }
        }
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
