using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Http;

/// <summary>Why a request has no bearer that may go on.</summary>
internal enum AuthenticationFailure
{
    None,
    Unauthorized,
    OrganizationDisabled,
    TooManyFailures,
    TooManyRequests,
}

/// <summary>
/// From a presented secret to a caller: its text is checked here, then one grain is asked, which asks its organization. Only access
/// secrets of tokens that open an organization pass.
/// </summary>
internal sealed class Authenticator(TokenGrains tokens, RateLimits limits)
{
    /// <param name="http">the request</param>
    /// <param name="limited">false for introspection, which is not under the limit per token</param>
    public ValueTask<(Bearer? Bearer, AuthenticationFailure Failure, TimeSpan Wait)> Authenticate(HttpContext http, bool limited) =>
        Authenticate(http, http.PresentedBearer(), audience => audience == TokenAudience.Management, limited);

    /// <param name="http">the request</param>
    /// <param name="presented">the secret in it, if any that could be ours</param>
    /// <param name="accepts">which bearers may go on</param>
    /// <param name="limited">counts against the limit per token</param>
    public async ValueTask<(Bearer? Bearer, AuthenticationFailure Failure, TimeSpan Wait)> Authenticate(
        HttpContext http, (Secret Secret, TokenId Id)? presented, Func<TokenAudience, bool> accepts, bool limited)
    {
        var address = http.Connection.RemoteIpAddress;
        if (limits.TooManyFailures(address) is { } wait)
        {
            return (null, AuthenticationFailure.TooManyFailures, wait);
        }

        // What another API made is not even shown to its grain, where it would count as used.
        if (presented is not var (secret, id) || TokenProfile.OfSecret(secret) is not { } profile || !accepts(profile.Audience))
        {
            limits.NoteFailure(address);
            return (null, AuthenticationFailure.Unauthorized, default);
        }

        var verification = await tokens.Verify(id, new VerifyToken { Presented = secret.Fingerprint() });
        if (verification.Refusal == TokenRefusal.OrganizationDisabled)
        {
            return (null, AuthenticationFailure.OrganizationDisabled, default);
        }

        // An integration's token is for connectors, whatever its profile.
        if (verification.Refusal is not null || verification.Token!.OwnerType == TokenOwnerType.Integration)
        {
            limits.NoteFailure(address);
            return (null, AuthenticationFailure.Unauthorized, default);
        }

        if (limited && limits.Request(id) is { } pause)
        {
            return (null, AuthenticationFailure.TooManyRequests, pause);
        }

        var bearer = new Bearer(secret, verification);
        http.Features.Set(bearer);
        return (bearer, AuthenticationFailure.None, default);
    }
}
