using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What the Lifecycle API's document says of its operations.</summary>
internal static class LifecycleDocument
{
    public static async Task<JsonObject> Document(this Service service) =>
        (await service.Get("/v1/meta/openapi/lifecycle", null)).Json;

    /// <summary>Operations by method and path, without what all paths begin with.</summary>
    public static Dictionary<string, JsonNode> OperationsOf(JsonObject document) => document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(
            one => ($"{one.Key.ToUpperInvariant()} {path.Key[LifecycleCall.Root.Length..]}", one.Value!)))
        .ToDictionary();

    public static bool TakesKey(JsonNode operation) => operation["parameters"]?.AsArray().Any(
        one => ((string?)one!["in"], (string?)one["name"]) == ("header", "Idempotency-Key")) == true;
}
