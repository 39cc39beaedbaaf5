namespace TokenActors.Mcp.Callers;

/// <summary>
/// Whose token a request bears, and what that may do. The APIs behind the tools ask the grant once more.
/// </summary>
/// <param name="May">has an action somewhere in the organization</param>
/// <param name="MayEverywhere">has an action in all of the organization</param>
/// <param name="Tools">the only tools that the token may use; null: all</param>
/// <param name="IsReadOnly">the token only looks</param>
internal sealed record McpCaller(
    Func<string, bool> May, Func<string, bool> MayEverywhere, IReadOnlySet<string>? Tools, bool IsReadOnly);
