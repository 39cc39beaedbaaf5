using System.Net;
using TokenActors.Client;

namespace TokenActors.WebConsole.Http;

/// <summary>Parts of a page that are asked for one by one.</summary>
internal static class PageParts
{
    /// <summary>A part that the person may not see is left out.</summary>
    public static async Task<T?> IfAllowed<T>(Task<T> part)
        where T : class
    {
        try
        {
            return await part;
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }
}
