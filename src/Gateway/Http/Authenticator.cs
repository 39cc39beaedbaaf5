using System.Diagnostics.CodeAnalysis;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Http;

/// <summary>Why a request has no bearer that may go on.</summary>
internal enum AuthenticationFailure
{
    Unauthorized,
    OrganizationDisabled,

    /// <summary>The token is made for another place.</summary>
    OtherAudience,

    /// <summary>The bearer is accepted, but not from where the request comes.</summary>
    OutsideAddresses,
    TooManyFailures,
    TooManyRequests,
}

/// <summary>The outcome of an authentication: a bearer, or why there is none and how long to wait.</summary>
internal readonly record struct Authentication(Bearer? Bearer, AuthenticationFailure? Failure, TimeSpan Wait = default)
{
    [MemberNotNullWhen(true, nameof(Bearer))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsAdmitted => Failure is null;

    /// <summary>The failure as an error, for the APIs that have no words of their own for it.</summary>
    public ApiError ToError() => Failure switch
    {
        AuthenticationFailure.Unauthorized or AuthenticationFailure.OtherAudience => ApiError.Unauthorized,
        AuthenticationFailure.OrganizationDisabled => ApiError.OrganizationDisabled,
        AuthenticationFailure.OutsideAddresses => ApiError.OutsideAddresses,
        AuthenticationFailure.TooManyFailures or AuthenticationFailure.TooManyRequests =>
            ApiError.TooManyRequests(Wait),
        _ => throw new InvalidOperationException("the bearer was admitted"),
    };
}

/// <summary>
/// From a presented secret to a caller: its text is checked here, then one grain is asked, which asks its organization.
/// Only access secrets of tokens that open an organization pass.
/// </summary>
internal sealed class Authenticator(TokenGrains tokens, RateLimits limits, ImportedKeys imported)
{
    /// <param name="request">gets the bearer</param>
    /// <param name="limited">false for introspection, which is not under the limit per token</param>
    /// <param name="changesPassword">true for the one route that a member with a password that must be changed may
    /// ask</param>
    public ValueTask<Authentication> Authenticate(ApiRequest request, bool limited, bool changesPassword = false) =>
        Authenticate(
            request,
            request.Presented,
            audience => audience == TokenAudience.Management
                || (changesPassword && audience == TokenAudience.PasswordChange),
            limited);

    /// <param name="request">gets the bearer</param>
    /// <param name="presented">the secret in it, if any that could be ours</param>
    /// <param name="accepts">which bearers may go on</param>
    /// <param name="limited">counts against the limit per token</param>
    /// <param name="ofIntegration">the bearer opens an integration, which no other route lets in</param>
    /// <param name="isMeantFor">whether a token is made for this place; another one is refused before it counts as
    /// used</param>
    public async ValueTask<Authentication> Authenticate(
        ApiRequest request, (Secret Secret, TokenId Id)? presented, Func<TokenAudience, bool> accepts, bool limited,
        bool ofIntegration = false, Func<TokenView, bool>? isMeantFor = null)
    {
        var address = request.Address;
        if (limits.TooManyFailures(address) is { } wait)
        {
            return new(null, AuthenticationFailure.TooManyFailures, wait);
        }

        // The secret of another API is not even shown to its grain, where it would count as used.
        if (presented is not var (secret, id) || TokenProfile.OfSecret(secret) is not { } profile
            || !accepts(profile.Audience))
        {
            limits.NoteFailure(address);
            return new(null, AuthenticationFailure.Unauthorized);
        }

        var query = new VerifyToken
        {
            Presented = secret.Fingerprint(), PasswordChangeToo = profile.Audience == TokenAudience.PasswordChange,
            Uncounted = ofIntegration, Address = address, Client = request.Client, KnowsLimits = true,
        };
        var verification = await tokens.Verify(
            id, isMeantFor is null ? query : query with { IsQuestion = true, Uncounted = true });
        if (isMeantFor is not null && verification is { Refusal: null, Token: { } asked })
        {
            if (!isMeantFor(asked))
            {
                limits.NoteFailure(address);
                return new(null, AuthenticationFailure.OtherAudience);
            }

            verification = await tokens.Verify(id, query);
        }

        switch (verification.Refusal)
        {
            case TokenRefusal.OrganizationDisabled:
                return new(null, AuthenticationFailure.OrganizationDisabled);
            case TokenRefusal.OutsideAddresses:
                return new(null, AuthenticationFailure.OutsideAddresses);
        }

        // An integration's token is for connectors, whatever its profile.
        if (verification is not { Refusal: null, Caller: { } caller, Token: { } token }
            || token.OwnerType == TokenOwnerType.Integration != ofIntegration)
        {
            limits.NoteFailure(address);
            return new(null, AuthenticationFailure.Unauthorized);
        }

        if (((limited ? limits.Request(id) : null) ?? limits.OwnRequest(token)) is { } pause)
        {
            return new(null, AuthenticationFailure.TooManyRequests, pause);
        }

        if (token.Limits?.Uses is not null && !request.IsPreview
            && (await tokens.Use(id, query, verification)).Refusal is not null)
        {
            limits.NoteFailure(address);
            return new(null, AuthenticationFailure.Unauthorized);
        }

        request.Bearer = new Bearer(secret, caller, token);
        if (!HttpMethods.IsGet(request.Http.Request.Method))
        {
            request.Keys = await imported.ScanOf(request.Bearer.OrganizationId);
        }

        return new(request.Bearer, null);
    }
}
