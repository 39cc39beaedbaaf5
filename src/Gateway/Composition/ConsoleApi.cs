using TokenActors.Gateway.Http;
using TokenActors.WebConsole;
using TokenActors.WebConsole.Http;

namespace TokenActors.Gateway.Composition;

/// <summary>The console's place among the APIs: what goes wrong there is told by a page.</summary>
internal sealed class ConsoleApi : Api
{
    public override bool Owns(PathString path) => path.StartsWithSegments(ConsoleOptions.Path);

    public override Refusal Error(ApiError error) => new PageRefusal(error) { RetryAfter = error.RetryAfter };

    private sealed class PageRefusal(ApiError error) : Refusal(error.Status)
    {
        protected override Task Write(HttpContext http) => ErrorPages.Write(http, Status, error.Message);
    }
}
