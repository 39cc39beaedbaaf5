using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// <c>PUT /v1/tokens/{id}/refresh</c>. With the token's own refresh secret it is a refresh, and may be retried with the same secret; with an
/// access secret that has the permission it is a rotation.
/// </summary>
internal static class TokenRefresh
{
    public static async Task<IResult> Refresh(
        HttpContext http, string refreshTokenId, ManagementBearer bearer, RateLimits limits, TokenLookup lookup, TokenGrains tokens, IGrainFactory grains)
    {
        var address = http.Connection.RemoteIpAddress;
        if (limits.TooManyFailures(address) is { } wait)
        {
            return ProblemResults.TooManyRequests(http, wait);
        }

        if (http.PresentedBearer() is var (presented, own) && await Names(refreshTokenId, own, presented, tokens))
        {
            if (limits.Request(own) is { } pause)
            {
                return ProblemResults.TooManyRequests(http, pause);
            }

            if (await RefreshSelf(http, presented, own, limits, tokens) is { } result)
            {
                return result;
            }
        }

        return await bearer.Require(http, "tokens:refresh")
            ?? await TokenEndpoints.Renew(http, null, refreshTokenId, lookup, grains, (grain, command) => grain.Rotate(command));
    }

    /// <summary>Null where the secret is not a refresh secret, so that the call is an administrator's.</summary>
    private static async Task<IResult?> RefreshSelf(HttpContext http, Secret presented, TokenId id, RateLimits limits, TokenGrains tokens)
    {
        if (TokenProfile.OfSecret(presented) is not { HasRefreshHalf: true } profile)
        {
            return null;
        }

        var minted = SecretMint.Mint(profile, id);
        var command = new RefreshToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, id)),
            Presented = presented.Fingerprint(),
            Secrets = minted.ToMinted(),
            Sealed = SecretMint.SealForHolder(minted, presented, id),
        };
        var answer = await http.Command(() => tokens[id].Refresh(command));
        switch (answer.Refusal)
        {
            case null:
                return TokenAnswers.Minted(http, answer, minted, presented);
            case TokenRefusal.WrongKind:
                return null;
            default:
                limits.NoteFailure(http.Connection.RemoteIpAddress);
                return TokenRefusals.ToRefreshProblem(http, answer.Refusal.Value);
        }
    }

    /// <summary>Whether the path names the very token that the bearer belongs to.</summary>
    private static async ValueTask<bool> Names(string path, TokenId own, Secret presented, TokenGrains tokens)
    {
        if (TokenId.TryParse(path, out var id))
        {
            return id == own;
        }

        var verification = await tokens.Verify(own, new VerifyToken { Presented = presented.Fingerprint(), RefreshToo = true });
        return string.Equals(verification.Token?.Name, path, StringComparison.OrdinalIgnoreCase);
    }
}
