using System.Text;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// How a resource server says who it is: by a bearer, or as a client by <c>client_secret_basic</c> or
/// <c>client_secret_post</c> (RFC 6749 2.3.1) with a bearer as its secret and any client id, which is all that most
/// libraries can be configured to. Two methods at once are 400.
/// </summary>
internal sealed class ClientAuthentication(Authenticator authenticator)
{
    private const string Basic = "Basic ";

    private enum Method
    {
        Bearer,
        Basic,
        Post,
    }

    /// <summary>
    /// The secret that a request presents, by whichever method; null where it presents none that could be ours.
    /// </summary>
    /// <param name="request">the request</param>
    /// <param name="form">its form; null where it has none that could be read</param>
    public static (Secret Secret, TokenId Id)? Presented(ApiRequest request, OAuthForm? form) =>
        MethodOf(request.Http, form) switch
        {
            Method.Basic => Parse(SecretOf(request.Http.Request.Headers.Authorization.ToString())),
            Method.Post => Parse(form?.ClientSecret),
            _ => request.Presented,
        };

    /// <summary>Authenticates; or what to answer instead.</summary>
    /// <param name="request">gets the bearer</param>
    /// <param name="form">its form; null where it has none that could be read</param>
    /// <param name="limited">counts against the limit per token</param>
    public async ValueTask<Outcome<Bearer>> Authenticate(ApiRequest request, OAuthForm? form, bool limited)
    {
        var method = MethodOf(request.Http, form);
        if (form?.ClientSecret is not null && request.Http.Request.Headers.Authorization.Count > 0)
        {
            return OAuthError.InvalidRequest("a client authenticates by one method only");
        }

        var authentication = await authenticator.Authenticate(
            request, Presented(request, form), audience => audience == TokenAudience.Management, limited);
        if (authentication.IsAdmitted)
        {
            return authentication.Bearer;
        }

        return method != Method.Bearer && authentication.Failure == AuthenticationFailure.Unauthorized
            ? OAuthError.InvalidClient()
            : OAuthError.Of(authentication);
    }

    private static Method MethodOf(HttpContext http, OAuthForm? form)
    {
        if (http.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return Method.Basic;
        }

        // A client id beside a bearer says who asks, and not how it authenticates.
        return form?.ClientSecret is not null
            || (form?.ClientId is not null && http.Request.Headers.Authorization.Count == 0)
                ? Method.Post
                : Method.Bearer;
    }

    /// <summary>The client secret of a Basic header, form-encoded before it was put there (RFC 6749 2.3.1).</summary>
    private static string? SecretOf(string header)
    {
        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), buffer, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = text.IndexOf(':');
        return colon < 0 ? null : System.Net.WebUtility.UrlDecode(text[(colon + 1)..]);
    }

    private static (Secret Secret, TokenId Id)? Parse(string? text) =>
        text?.Trim() is { } secret && SecretFormat.TryParse(secret, out var id) ? (new Secret(secret), id) : null;
}
