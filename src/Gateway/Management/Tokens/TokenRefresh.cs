using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// <c>PUT /v1/tokens/{id}/refresh</c>. With the token's own refresh secret it is a refresh, and may be retried with the
/// same secret; with an access secret that has the permission it is a rotation.
/// </summary>
internal static class TokenRefresh
{
    public static async Task<Results<JsonOk<Envelope<RefreshTokenWire>>, Refusal>> Refresh(
        ApiRequest request, string refreshTokenId, ManagementBearer bearer, RateLimits limits, TokenLookup lookup,
        TokenGrains tokens,
        IGrainFactory grains)
    {
        if (limits.TooManyFailures(request.Http.Connection.RemoteIpAddress) is { } wait)
        {
            return Problems.TooManyRequests(wait);
        }

        if (request.Presented is var (presented, own)
            && MayName(refreshTokenId, own))
        {
            // A secret that is not verified takes nothing from the bucket of the token whose id it bears.
            if (limits.TooManyRequests(own) is { } pause)
            {
                return Problems.TooManyRequests(pause);
            }

            // By id, an access secret is rare enough to leave it to the grain.
            if ((TokenId.TryParse(refreshTokenId, out _) || !IsKnownAccessSecret(own, presented, tokens))
                && await RefreshSelf(request, refreshTokenId, presented, own, limits, tokens) is { } answer)
            {
                return answer;
            }
        }

        return await bearer.Require(request, new RoutePolicy("tokens:refresh")) is { } refusal
            ? refusal
            : await TokenEndpoints.Renew(
                request, null, refreshTokenId, lookup, grains, (grain, command) => grain.Rotate(
                    command with { IsRefresh = true }));
    }

    /// <summary>
    /// Null where the secret is not a refresh secret, or not one of the token that the path names, so that the call is
    /// an administrator's.
    /// </summary>
    private static async Task<Results<JsonOk<Envelope<RefreshTokenWire>>, Refusal>?> RefreshSelf(
        ApiRequest request, string path, Secret presented, TokenId id, RateLimits limits, TokenGrains tokens)
    {
        if (TokenProfile.OfSecret(presented) is not { HasRefreshHalf: true } profile)
        {
            return null;
        }

        var minted = SecretMint.Mint(profile, id);
        var command = new RefreshToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Presented = presented.Fingerprint(),
            Secrets = minted.ToMinted(),
            Sealed = SecretMint.SealForHolder(minted, presented, id),
            Address = request.Address,
            Name = TokenId.TryParse(path, out _) ? null : path,
        };
        var answer = await request.Command(() => tokens[id].Refresh(command));
        switch (answer.Refusal)
        {
            case null:
                limits.Request(id);
                return TokenAnswers.Minted(request, answer, minted, TokenAnswers.Renewed, presented);
            case TokenRefusal.WrongKind:
                return null;
            case { } refusal:
                limits.NoteFailure(request.Http.Connection.RemoteIpAddress);
                return TokenRefusals.ToRefreshProblem(refusal);
        }
    }

    /// <summary>
    /// An access secret that this process can tell for one: nothing is minted and sealed for a refresh that its grain
    /// would refuse. False where another silo would have to be asked, which the refresh does anyway.
    /// </summary>
    private static bool IsKnownAccessSecret(TokenId id, Secret presented, TokenGrains tokens) =>
        tokens.TryVerifyLocally(id, new VerifyToken
        {
            Presented = presented.Fingerprint(), RefreshToo = true, FromAnywhere = true, Uncounted = true, KnowsLimits = true,
        })
            is { Refusal: null, Presented: PresentedKind.PrimaryAccess or PresentedKind.SecondaryAccess };

    /// <summary>
    /// Whether the path may name the token that the bearer belongs to. The token's grain compares a name, also where
    /// the secret is an old one: a replay must be found whatever the token is called by.
    /// </summary>
    private static bool MayName(string path, TokenId own) => !TokenId.TryParse(path, out var id) || id == own;
}
