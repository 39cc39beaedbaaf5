using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.Sessions;

/// <summary>A page that asks for itself again, which nobody did: it keeps no session alive.</summary>
internal static class LivePart
{
    public static bool Is(HttpRequest request) => request.Headers.ContainsKey("X-Live");
}
