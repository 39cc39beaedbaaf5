using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.WebConsole.Permissions;
using TokenActors.WebConsole.Sessions;

namespace TokenActors.WebConsole.Http;

/// <summary>One request for a page, as its handler and its components see it.</summary>
public sealed class ConsoleRequest
{
    private const string ThemeCookie = "ta-theme";

    private ConsoleRequest(HttpContext http) => Http = http;

    public HttpContext Http { get; }

    /// <summary>Who asks; null on the page that signs in.</summary>
    public ConsoleSession? Session { get; internal set; }

    /// <summary>What is shown to the person.</summary>
    internal Rights Rights { get; set; } = Rights.Unknown;

    /// <summary>What the person may ask of the service.</summary>
    public TokenActorsClient Api
    {
        get => field ?? throw new InvalidOperationException("the request was not prepared");
        internal set;
    }

    /// <summary>What was typed into a form of the page before the session was over; null where nothing was.</summary>
    public KeptForm? Kept { get; internal set; }

    /// <summary>What the form before this page has done; null where none was.</summary>
    public string? Notice { get; internal set; }

    /// <summary>When the page is made.</summary>
    public DateTimeOffset Now { get; internal set; }

    /// <summary>Cancelled when the browser leaves.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>What a form has to send back: <see cref="Layout.FormKey"/> writes it.</summary>
    public string? FormToken { get; internal set; }

    /// <summary><c>light</c> or <c>dark</c> as the person chose; null follows the system.</summary>
    public string? Theme =>
        Http.Request.Cookies[ThemeCookie] is "light" or "dark" ? Http.Request.Cookies[ThemeCookie] : null;

    /// <summary>The path with its query, to come back to.</summary>
    public string Here => Http.Request.Path + Http.Request.QueryString.ToString();

    /// <summary>The one request object of an HTTP request.</summary>
    public static ConsoleRequest Of(HttpContext http)
    {
        if (http.Features.Get<ConsoleRequest>() is not { } request)
        {
            request = new ConsoleRequest(http);
            http.Features.Set(request);
        }

        return request;
    }

    public static ValueTask<ConsoleRequest?> BindAsync(HttpContext context) => new(Of(context));

    /// <summary>A part of the path, by its name in the route's pattern.</summary>
    public string Part(string name) => Http.Request.RouteValues[name] as string
        ?? throw new ArgumentException($"the route has no '{name}'", nameof(name));

    /// <summary>One value of the query; null where there is none.</summary>
    public string? Query(string name) => Http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>Every value of the query under a name.</summary>
    public IReadOnlyList<string> QueryAll(string name) =>
        [.. Http.Request.Query[name].OfType<string>().Where(value => value.Length > 0)];

    /// <summary>Remembers how the pages look.</summary>
    internal void Choose(string? theme)
    {
        if (theme is "light" or "dark")
        {
            Http.Response.Cookies.Append(ThemeCookie, theme, new CookieOptions
            {
                HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = Http.Request.IsHttps, Path = ConsoleOptions.Path,
                MaxAge = TimeSpan.FromDays(400), IsEssential = true,
            });
        }
        else
        {
            Http.Response.Cookies.Delete(ThemeCookie, new CookieOptions { Path = ConsoleOptions.Path });
        }
    }
}
