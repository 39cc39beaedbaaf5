using System.Net;
using TokenActors.Mcp.Hosting;

namespace TokenActors.Gateway.Http;

/// <summary>
/// What the MCP server of this service is called: the audience (RFC 8707) of tokens that open it. It follows from
/// <c>TokenActors:Issuer</c>. Without that it follows from the connection, and only on the loopback: what a request
/// says in its <c>Host</c> is the client's word, and whoever holds a token for another server could say that server's
/// name.
/// </summary>
/// <param name="options">say the issuer and the origins</param>
/// <param name="tools">what it offers; null where it is switched off</param>
internal sealed class McpResource(GatewayOptions options, McpTools? tools = null)
{
    public const string Path = "/mcp";

    /// <summary>Its name; null where nobody said what the service is called.</summary>
    public string? Of(HttpContext http)
    {
        if (options.Issuer is { } issuer)
        {
            return issuer + Path;
        }

        if (http.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local))
        {
            return null;
        }

        var (host, port) = (http.Request.Host, http.Connection.LocalPort);
        var isNamed = host.Port == port
            && Uri.TryCreate($"http://{host}", UriKind.Absolute, out var named) && named.IsLoopback;
        return $"{http.Request.Scheme}://{(isNamed ? host.ToString() : $"127.0.0.1:{port}")}{Path}";
    }

    /// <summary>Whether a token's audience is this service; on the loopback under whichever of its names.</summary>
    public bool IsOwn(HttpContext http, string audience)
    {
        if (Of(http) is not { } own || !Uri.TryCreate(own, UriKind.Absolute, out var mine)
            || !Uri.TryCreate(audience, UriKind.Absolute, out var theirs))
        {
            return false;
        }

        var isSameHost = mine.Host == theirs.Host || (options.Issuer is null && theirs.IsLoopback);
        return isSameHost && mine.Scheme == theirs.Scheme && mine.Port == theirs.Port && theirs.Query.Length == 0
            && theirs.AbsolutePath.TrimEnd('/') == mine.AbsolutePath.TrimEnd('/');
    }

    /// <summary>
    /// The first of some tools that it does not have, for a token that is for it; null where it has all of them, and
    /// for tokens that are for others, whose tools are not known here.
    /// </summary>
    /// <param name="http">the request that asks for the token</param>
    /// <param name="audience">whom the token is for; null for this service</param>
    /// <param name="wanted">the only tools that the token may use; null for all</param>
    public string? UnknownTool(HttpContext http, string? audience, IReadOnlyList<string>? wanted) =>
        tools is not null && (audience is null || IsOwn(http, audience))
            ? wanted?.FirstOrDefault(tool => !tools.ByName.ContainsKey(tool))
            : null;

    /// <summary>
    /// Whether a page of an origin may ask: one of the service's own address, or one that the operator named.
    /// </summary>
    public bool Admits(HttpContext http, string origin) =>
        options.McpOrigins.Contains(origin)
        || (Of(http) is { } own && new Uri(own).GetLeftPart(UriPartial.Authority) == origin);
}
