using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>Turns a grain's answer into a response. Whatever carries a secret is never cached.</summary>
internal static class TokenAnswers
{
    /// <summary>The answer to a command that mints. <paramref name="presented"/> opens a lost refresh answer.</summary>
    public static IResult Minted(HttpContext http, TokenAnswer answer, SecretPair? minted, Secret? presented = null)
    {
        var route = http.GetEndpoint()!.Metadata.GetMetadata<MintingRoute>()!;
        if (answer.Refusal is { } refusal)
        {
            return TokenRefusals.ToProblem(http, refusal, http.Request.RouteValues["refreshTokenId"] as string ?? "");
        }

        var token = answer.Token!;
        var secrets = answer.Secrets switch
        {
            AnswerSecrets.AsMinted => minted,
            AnswerSecrets.SealedForHolder => SecretMint.OpenForHolder(answer.Sealed!, presented!, token.Id),
            AnswerSecrets.SealedForCaller when http.Features.Get<IdempotentCall>() is { } call =>
                SecretMint.OpenForCaller(answer.Sealed!, call.Bearer, call.Key, token.Id),
            _ => null,
        };
        if (secrets is null)
        {
            // Sealed for somebody else: the caller names another's call, which tells it nothing.
            return ProblemResults.Unauthorized(http);
        }

        http.Response.Headers.CacheControl = "no-store";
        var status = route.Creates ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        var wire = RefreshTokenWire.From(token, secrets);
        if (route.Creates && token.Profile == TokenProfile.SynqlyIntegrations.Name)
        {
            return TypedResults.Json(
                new Envelope<SynqlyIntegrationsToken>(new(token.AccountId.ToString()!, wire)), TokenJson.Wire.EnvelopeSynqlyIntegrationsToken, statusCode: status);
        }

        return route.SingleToken
            ? new BufferedJsonResult<Envelope<TokenWire>>(new(wire.Primary.Access), TokenJson.Wire.EnvelopeTokenWire, status)
            : new BufferedJsonResult<Envelope<RefreshTokenWire>>(new(wire), TokenJson.Wire.EnvelopeRefreshTokenWire, status);
    }

    /// <summary>The answer to a command without content.</summary>
    public static IResult Empty(HttpContext http, TokenAnswer answer, string id) =>
        answer.Refusal is { } refusal ? TokenRefusals.ToProblem(http, refusal, id) : TypedResults.NoContent();
}
