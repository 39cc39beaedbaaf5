using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.Sessions;

/// <summary>
/// The console's cookies over TLS have the prefix that binds them to this host and to TLS. On plain HTTP, which is for
/// the loopback alone, browsers would refuse that prefix, and the names do without.
/// </summary>
internal sealed class ConsoleCookies : ICookieManager
{
    private const string Prefix = "__Host-";

    private readonly ChunkingCookieManager _cookies = new();

    /// <summary>
    /// None on plain HTTP from elsewhere: a browser sends none there, and whoever is on the line could set one.
    /// </summary>
    public string? GetRequestCookie(HttpContext context, string key) =>
        MayCarry(context.Request) ? _cookies.GetRequestCookie(context, NameIn(context, key)) : null;

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameIn(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, NameIn(context, key), options);

    /// <summary>Whether a session may be opened and used by this request: over TLS, or on the loopback.</summary>
    public static bool MayCarry(HttpRequest request) =>
        request.IsHttps
        || (request.Host.Host is "localhost" or "127.0.0.1" or "[::1]"
            && request.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !request.Headers.ContainsKey("X-Forwarded-For"));

    public static string NameIn(HttpContext context, string name) => context.Request.IsHttps ? Prefix + name : name;
}
