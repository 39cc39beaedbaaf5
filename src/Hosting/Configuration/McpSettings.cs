namespace TokenActors.Hosting.Configuration;

/// <summary>Section <c>TokenActors:Mcp</c> of the gateway.</summary>
public sealed class McpSettings
{
    /// <summary>The MCP server at <c>/mcp</c>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Origins of pages that may call it from a browser, beside those of the service itself.</summary>
    [Origin]
    public IReadOnlyList<string> Origins { get; init; } = [];
}
