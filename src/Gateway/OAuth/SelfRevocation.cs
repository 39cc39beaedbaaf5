using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// <c>POST /oauth2/revoke-self</c>: whoever holds a secret may end what it opens, of every kind, of either half, and
/// also where it opens nothing at the moment. The answer is the same whatever the secret was, so that it tells a finder
/// nothing.
/// </summary>
internal static class SelfRevocation
{
    public static void MapSelfRevocation(this IEndpointRouteBuilder oauth) =>
        oauth.MapPost("/revoke-self", RevokeSelf).WithName("oauth2_revoke_self");

    private static async Task<Results<Ok, Refusal>> RevokeSelf(
        ApiRequest request, RateLimits limits, TokenGrains tokens)
    {
        var address = request.Address;
        if (limits.TooManyFailures(address) is { } wait)
        {
            return OAuthError.TooManyRequests(wait);
        }

        var presented = request.Presented;
        if (presented is null && request.Http.Request.Headers.Authorization.Count == 0)
        {
            var form = await OAuthForm.Read(request.Http);
            if (!form.IsSuccess)
            {
                return form.Refusal;
            }

            presented = form.Value.Named is { } named ? (new Secret(form.Value.Token), named) : null;
        }

        if (presented is not var (secret, id) || !await Revoke(request, tokens, secret, id))
        {
            limits.NoteFailure(address);
        }

        return TypedResults.Ok();
    }

    /// <summary>
    /// Asks without a caller where the secret is not accepted now: one of a disabled organization or an expired half
    /// ends all the same.
    /// </summary>
    private static async Task<bool> Revoke(ApiRequest request, TokenGrains tokens, Secret secret, TokenId id)
    {
        var fingerprint = secret.Fingerprint();
        var query = new VerifyToken
        {
            Presented = fingerprint, RefreshToo = true, PasswordChangeToo = true, Uncounted = true, FromAnywhere = true,
            KnowsLimits = true,
        };
        var verification = await tokens.Verify(id, query);
        var command = new RevokeToken
        {
            Context = request.NewCommand() with { Caller = verification.Caller }, Presented = fingerprint,
        };
        return (await request.Command(() => tokens[id].Revoke(command))).Refusal is null;
    }
}
