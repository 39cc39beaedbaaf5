using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>Turns a grain's answer into a response. Whatever carries a secret is never cached.</summary>
internal static class TokenAnswers
{
    /// <summary>
    /// The secrets of the answer to a command that mints: those that came with it, or those sealed for this very
    /// caller.
    /// </summary>
    /// <param name="request">the request</param>
    /// <param name="answer">of the grain</param>
    /// <param name="minted">the secrets that came with the command; null where its answer is given again</param>
    /// <param name="show">how the route answers</param>
    /// <param name="presented">the refresh secret, which opens a lost refresh answer</param>
    public static Results<TOk, Refusal> Minted<TOk>(
        ApiRequest request, TokenAnswer answer, SecretPair? minted, Func<TokenView, SecretPair?, TOk> show, Secret? presented = null)
        where TOk : IResult
    {
        if (answer.Refusal is { } refusal)
        {
            return TokenRefusals.ToProblem(refusal, request.Path("refreshTokenId"));
        }

        return answer.Token is { } token && SecretsOf(request, answer, token, minted, presented) is { } secrets
            ? show(token, secrets)

            // Sealed for somebody else: the caller names another's call, which tells it nothing.
            : Problems.Unauthorized();
    }

    /// <summary>The answer to a command without content.</summary>
    public static Results<NoContent, Refusal> Empty(TokenAnswer answer, string id) =>
        answer.Refusal is { } refusal ? TokenRefusals.ToProblem(refusal, id) : TypedResults.NoContent();

    /// <summary>A token that was made, with its pair in clear.</summary>
    public static JsonCreated<Envelope<RefreshTokenWire>> Created(TokenView token, SecretPair? secrets) =>
        new(new(RefreshTokenWire.From(token, secrets)), TokenJson.Wire.EnvelopeRefreshTokenWire, holdsSecret: true);

    /// <summary>A single token that was made, without the record around it.</summary>
    public static JsonCreated<Envelope<TokenWire>> CreatedSingle(TokenView token, SecretPair? secrets) =>
        new(new(RefreshTokenWire.From(token, secrets).Primary.Access), TokenJson.Wire.EnvelopeTokenWire, holdsSecret: true);

    /// <summary>A token that was made with an account.</summary>
    public static JsonCreated<Envelope<SynqlyIntegrationsToken>> CreatedWithAccount(TokenView token, SecretPair? secrets) => new(
        new(new(token.AccountId?.ToString() ?? "", RefreshTokenWire.From(token, secrets))),
        TokenJson.Wire.EnvelopeSynqlyIntegrationsToken, holdsSecret: true);

    /// <summary>A token with its new pair in clear.</summary>
    public static JsonOk<Envelope<RefreshTokenWire>> Renewed(TokenView token, SecretPair? secrets) =>
        new(new(RefreshTokenWire.From(token, secrets)), TokenJson.Wire.EnvelopeRefreshTokenWire, holdsSecret: true);

    /// <summary>The secrets of an answer, as far as this caller may have them.</summary>
    public static SecretPair? SecretsOf(
        ApiRequest request, TokenAnswer answer, TokenView token, SecretPair? minted, Secret? presented = null) =>
        (answer.Secrets, answer.Sealed, request.Idempotent) switch
        {
            (AnswerSecrets.AsMinted, _, _) => minted,
            (AnswerSecrets.SealedForHolder, { } pair, _) when presented is not null =>
                SecretMint.OpenForHolder(pair, presented, token.Id),
            (AnswerSecrets.SealedForCaller, { } pair, { } call) =>
                SecretMint.OpenForCaller(pair, call.Bearer, call.Key, token.Id),
            _ => null,
        };
}
