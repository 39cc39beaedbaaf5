using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Http;

/// <summary>The answers of the console's handlers.</summary>
public static class Pages
{
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
