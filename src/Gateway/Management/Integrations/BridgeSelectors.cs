using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>
/// <c>bridge_selector</c>: an integration's bridge by its id, <c>{"type":"id","value":"…"}</c>, or whichever has some
/// labels, <c>{"type":"labels","value":["…"]}</c>.
/// </summary>
internal static class BridgeSelectors
{
    private const string Field = "bridge_selector";
    private const string ById = "id";
    private const string ByLabels = "labels";

    /// <summary>As it is stored; null where there is none, or where something is wrong, which then stands in the
    /// errors.</summary>
    public static string? Read(JsonFields integration)
    {
        if (integration.Object(Field) is not { } fields)
        {
            return null;
        }

        var type = fields.Text("type", required: true);
        var selector = new JsonObject { ["type"] = type };
        switch (type)
        {
            case ById:
                selector["value"] = fields.Text("value", required: true);
                break;
            case ByLabels:
                selector["value"] = fields.Texts("value", required: true) is { } labels
                    ? new JsonArray([.. labels.Select(label => JsonValue.Create(label))])
                    : null;
                break;
            case not null:
                fields.Reject("type", "must be id or labels");
                break;
        }

        fields.RefuseUnknown();
        return selector.ToJsonString(JsonSerializerOptions.Default);
    }

    /// <summary>
    /// What is wrong with a selector that names a bridge: the account has none of that id. Null where nothing is, and
    /// for one that was there before, whose bridge may be gone since.
    /// </summary>
    public static async Task<RequestError?> ProblemWith(
        ApiRequest request, IGrainFactory grains, Guid account, string? selector, string? current)
    {
        if (selector is null || selector == current || JsonNode.Parse(selector) is not { } chosen
            || (string?)chosen["type"] != ById)
        {
            return null;
        }

        var read = new ReadResource { OrganizationId = request.Bearer.OrganizationId };
        return Guid.TryParseExact((string?)chosen["value"], "D", out var id)
            && (await grains.GetGrain<IBridgeGrain>(id.ToString()).Get(read, request.Aborted))
                .Resource?.Content.Bridge?.AccountId == account
                ? null
                : new RequestError($"/{Field}/value", "body", "names no bridge of the account");
    }
}
