using System.Text.Json;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Mcp;

/// <summary>What an MCP token says of itself, as <c>POST /lifecycle/v1/tokens</c> stored it.</summary>
/// <param name="Resource">its audience; null for tokens of <c>/v1</c>, which have none</param>
/// <param name="Tools">the only tools that it may use; null: all</param>
/// <param name="IsReadOnly">it only looks</param>
internal sealed record McpClaims(string? Resource, IReadOnlySet<string>? Tools, bool IsReadOnly)
{
    public static McpClaims Of(TokenView token)
    {
        if (token.Claims is not { } json)
        {
            return new(null, null, false);
        }

        using var claims = JsonDocument.Parse(json);
        var root = claims.RootElement;
        return new(
            root.TryGetProperty("resource", out var resource) ? resource.GetString() : null,
            root.TryGetProperty("tools", out var tools)
                ? tools.EnumerateArray().Select(tool => tool.GetString() ?? "").ToHashSet(StringComparer.Ordinal)
                : null,
            root.TryGetProperty("read_only", out var only) && only.GetBoolean());
    }
}
