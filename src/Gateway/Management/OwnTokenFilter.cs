using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>
/// Lets in, in place of a bearer of the Management API, a token of the very thing in the path: that of another finds
/// nothing there.
/// </summary>
/// <param name="kind">of the thing, as the wire names it</param>
/// <param name="part">of the path that names the thing by its id; <c>accountId</c> names its account</param>
/// <param name="accepts">which tokens may go on</param>
/// <param name="ofIntegration">the thing is an integration</param>
internal sealed class OwnTokenFilter(
    string kind, string part, Func<TokenAudience, bool> accepts, bool ofIntegration = false)
    : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var authentication = await request.Http.RequestServices.GetRequiredService<Authenticator>().Authenticate(
            request, request.Presented, accepts, limited: true, ofIntegration);
        if (!authentication.IsAdmitted)
        {
            return ManagementBearer.ToProblem(authentication);
        }

        var (token, id) = (authentication.Bearer.Token, request.Path(part));
        return IsSame(token.OwnerId, id) && IsSame(token.AccountId?.ToString(), request.Path("accountId"))
            ? await next(context)
            : Problems.NotFound(kind, id);
    }

    private static bool IsSame(string? id, string given) =>
        string.Equals(id, given, StringComparison.OrdinalIgnoreCase);
}
