using Microsoft.AspNetCore.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Http;

/// <summary>Pages for what no page answered.</summary>
public static class ErrorPages
{
    /// <param name="http">the request</param>
    /// <param name="status">the HTTP status</param>
    /// <param name="message">a sentence for people</param>
    public static Task Write(HttpContext http, int status, string message)
    {
        PageHeaders.Set(http.Response.Headers);
        return ConsoleRequest.Of(http)
            .Show<ErrorView>(
                "Error", new() { [nameof(ErrorView.Message)] = message, [nameof(ErrorView.Status)] = status }, status)
            .ExecuteAsync(http);
    }
}
