using System.Net;
using TokenActors.Client;

namespace TokenActors.WebConsole.Http;

/// <summary>A part of a page that is asked for by itself.</summary>
/// <typeparam name="T">what it shows</typeparam>
/// <param name="Value">null where the person may not see it, or it could not be read</param>
/// <param name="Problem">why it could not be read</param>
public sealed record Part<T>(T? Value, string? Problem = null)
    where T : class;

/// <summary>Parts of a page that are asked for one by one.</summary>
internal static class PageParts
{
    /// <summary>
    /// A part that the person may not see is empty, and one that cannot be read says so: neither takes the page with
    /// it. A session that is over does.
    /// </summary>
    public static async Task<Part<T>> Try<T>(Task<T> part)
        where T : class
    {
        try
        {
            return new(await part);
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return new(null);
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return new(null, e.Detail);
        }
    }
}
