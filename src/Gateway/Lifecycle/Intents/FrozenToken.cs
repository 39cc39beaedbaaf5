using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Gateway.Mcp;

namespace TokenActors.Gateway.Lifecycle.Intents;

/// <summary>
/// The fields of a new token as an intent keeps them. What is left out is inherited from the bearer, and another
/// bearer will carry the intent out: so what the first one would have given is written down, or the token would be
/// wider than that.
/// </summary>
internal static class FrozenToken
{
    public static Outcome<JsonObject> Of(
        ApiRequest request, IntentRequest intent, LifecycleApi api, string? ownResource)
    {
        if (intent is not { Wanted: { } wanted, Given: { } given })
        {
            return new JsonObject();
        }

        var (fields, grant) = ((JsonObject)given.DeepClone(), request.Bearer.Caller.Grant);
        if (wanted.IntegrationId is null)
        {
            var attenuation = Attenuation.Of(
                grant, PermissionSets.ActionsOf(wanted.PermissionSet), wanted.Resources.ToRequest());
            if (attenuation.Resources is not { } resources)
            {
                return api.Error(ApiError.Forbidden(
                    $"the bearer itself may not do this: {string.Join(", ", attenuation.TooMuch)}"));
            }

            fields["resources"] = JsonSerializer.SerializeToNode(
                ResourcesWire.From(resources), LifecycleTokenJson.Default.ResourcesWire);
        }

        if (wanted.Addresses is null && grant.Addresses.Texts is { } addresses)
        {
            fields["addresses"] = ListOf(addresses);
        }

        fields["belongs_to"] ??= TokenBelonging.Member.Word();
        return wanted.Mcp is { } mcp && NarrowTools(request, mcp, fields, ownResource) is { } problem
            ? api.Error(problem)
            : fields;
    }

    /// <summary>An MCP token that wants another gives it no more tools than it has, and no more to change.</summary>
    private static ApiError? NarrowTools(ApiRequest request, McpFields wanted, JsonObject fields, string? ownResource)
    {
        if (wanted.Resource is null && ownResource is not null)
        {
            fields["resource"] = ownResource;
        }

        if (request.Bearer.Token.Profile != TokenProfile.Mcp.Name)
        {
            return null;
        }

        var own = McpClaims.Of(request.Bearer.Token);
        if (own.Tools is { } tools)
        {
            if (wanted.Tools?.Any(tool => !tools.Contains(tool)) == true)
            {
                return ApiError.Forbidden("the bearer itself may not use all of these tools");
            }

            fields["tools"] = ListOf(wanted.Tools ?? [.. tools]);
        }

        if (own.IsReadOnly)
        {
            fields["read_only"] = true;
        }

        return null;
    }

    private static JsonArray ListOf(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
