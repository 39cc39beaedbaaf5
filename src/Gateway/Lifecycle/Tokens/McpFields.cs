using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>
/// What MCP servers read of a token: for which of them it is, with which tools, and whether to look only.
/// </summary>
/// <param name="Resource">its audience; null: this service's own MCP server</param>
/// <param name="Tools">the only tools; null: all</param>
/// <param name="ReadOnly">it only looks; null as false</param>
internal sealed record McpFields(string? Resource, IReadOnlyList<string>? Tools, bool? ReadOnly)
{
    private const int LongestResource = 2_048;

    public static McpFields? Read(JsonFields fields, bool isMcp)
    {
        if (!isMcp)
        {
            fields.Refuse("this kind of token", "resource", "tools", "read_only");
            return null;
        }

        var resource = fields.Text("resource", longest: LongestResource);
        if (resource is not null
            && (!Uri.TryCreate(resource, UriKind.Absolute, out var address) || address.Fragment.Length > 0))
        {
            fields.Reject("resource", "must be an absolute URI without a fragment");
        }

        return new(resource, fields.Texts("tools"), fields.Flag("read_only"));
    }

    /// <summary>As the token stores them; null where it says nothing.</summary>
    /// <param name="own">the service's own audience; null where it is not known</param>
    public string? Of(string? own)
    {
        JsonObject claims = [];
        if ((Resource ?? own) is { } resource)
        {
            claims["resource"] = resource;
        }

        if (Tools is not null)
        {
            claims["tools"] = new JsonArray([.. Tools.Select(tool => JsonValue.Create(tool))]);
        }

        if (ReadOnly is { } readOnly)
        {
            claims["read_only"] = readOnly;
        }

        return claims.Count == 0 ? null : claims.ToJsonString(JsonSerializerOptions.Default);
    }
}
