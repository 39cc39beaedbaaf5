using TokenActors.Client;

namespace TokenActors.Mcp.Callers;

/// <summary>One request: whose it is, and the client that asks the APIs on its behalf. The gateway opens it.</summary>
internal sealed class McpSession
{
    private McpCaller? _caller;
    private TokenActorsClient? _client;

    /// <summary>Where the console begins, as the caller knows the service; null where there is none.</summary>
    public string? Console { get; private set; }

    public McpCaller Caller => _caller ?? throw new InvalidOperationException("nobody has opened the session");

    public TokenActorsClient Client => _client ?? throw new InvalidOperationException("nobody has opened the session");

    public void Open(McpCaller caller, TokenActorsClient client, string? console) =>
        (_caller, _client, Console) = (caller, client, console);
}
