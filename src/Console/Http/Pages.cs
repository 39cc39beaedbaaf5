using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Http;

/// <summary>The answers of the console's handlers.</summary>
public static class Pages
{
    /// <summary>Servers and proxies take 8,192 characters of an address, with what else is in its line.</summary>
    private const int LongestReturn = 7_000;

    /// <summary>A page, rendered on the server.</summary>
    /// <typeparam name="TView">what it shows</typeparam>
    /// <param name="request">the request that it answers</param>
    /// <param name="title">of the document</param>
    /// <param name="parameters">of the view</param>
    /// <param name="status">other than 200 where something was wrong</param>
    public static IResult Show<TView>(
        this ConsoleRequest request, string title, Dictionary<string, object>? parameters = null,
        int status = StatusCodes.Status200OK)
        where TView : IComponent =>
        new RazorComponentResult<Document>(new Dictionary<string, object?>
        {
            [nameof(Document.Request)] = request,
            [nameof(Document.Title)] = title,
            [nameof(Document.View)] = typeof(TView),
            [nameof(Document.Parameters)] = parameters,
        })
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };

    /// <summary>Another page, which the browser fetches.</summary>
    public static IResult GoTo(string path) => new SeeOther(path);

    /// <summary>
    /// A place of the console that a form or a query names, as a browser would read it; the first page where it names
    /// anything else.
    /// </summary>
    public static string PlaceOf(string? path) =>
        path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl)
        && Uri.TryCreate("http://gateway.invalid" + path, UriKind.Absolute, out var place)
        && new PathString(place.AbsolutePath).StartsWithSegments(ConsoleOptions.Path, StringComparison.Ordinal)
            ? place.PathAndQuery
            : ConsoleOptions.Path;

    /// <summary>
    /// The address of a page that leads back to a place. An address has room for so much: one that is longer leads to
    /// the place without what it was asked.
    /// </summary>
    public static string Leading(string page, string back)
    {
        var whole = Uri.EscapeDataString(back);
        return $"{page}?return={(whole.Length <= LongestReturn ? whole : Uri.EscapeDataString(back.Split('?')[0]))}";
    }

    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
