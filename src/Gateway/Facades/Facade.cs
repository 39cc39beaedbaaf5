using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Facades;

/// <summary>
/// Another API over the same tokens: where it lies, whose secrets it takes, how it shows tokens and errors. It
/// translates and decides nothing about a token's life.
/// </summary>
internal abstract class Facade : Api
{
    /// <summary>The name of its OpenAPI document, and of the group of its routes.</summary>
    public abstract string Name { get; }

    /// <summary>The title of its OpenAPI document.</summary>
    public abstract string Title { get; }

    /// <summary>How a request says who it is.</summary>
    public virtual OpenApiSecurityScheme Security => Documents.Bearer;

    /// <summary>Whose bearers it takes beside those of the Management API, which administer every facade.</summary>
    protected abstract TokenAudience? Audience { get; }

    public bool Accepts(TokenAudience audience) => audience == TokenAudience.Management || audience == Audience;

    /// <summary>
    /// The secret that a request presents, where this API looks for it; null where there is none that could be ours.
    /// </summary>
    public abstract (Secret Secret, TokenId Id)? Presented(HttpContext http);

    /// <summary>The id of the token that the path names; null where it cannot be one.</summary>
    public abstract TokenId? IdOf(ApiRequest request);

    /// <summary>The id that a create gets: derived from its idempotency key, or new.</summary>
    public TokenId NewId(ApiRequest request, TimeProvider time) =>
        Fit(request.Idempotent?.DerivedId ?? SecretMint.NewTokenId(time));

    /// <summary>Says with a refusal for too many requests of a bearer how long it has to wait, where the API has
    /// headers for it.</summary>
    public virtual void NoteLimit(HttpContext http, TimeSpan wait)
    {
    }

    /// <summary>Cuts an id to what the API can write.</summary>
    protected virtual TokenId Fit(TokenId id) => id;

    /// <summary>The answer to a command that may have minted.</summary>
    /// <param name="request">the request</param>
    /// <param name="answer">what the grain said</param>
    /// <param name="minted">the secrets that came with the command; null where its answer is given again, or nothing
    /// was minted</param>
    /// <param name="show">how the route answers</param>
    /// <param name="maybe">the command mints only where <see cref="TokenAnswer.Replaced"/> says so</param>
    public Results<TOk, Refusal> Answer<TOk>(
        ApiRequest request, TokenAnswer answer, SecretPair? minted, Func<TokenView, SecretPair?, TOk> show, bool maybe = false)
        where TOk : IResult
    {
        if (answer is not { Refusal: null, Token: { } token })
        {
            return Error(ApiError.Of(answer.Refusal ?? TokenRefusal.NotFound));
        }

        if (answer.Secrets == AnswerSecrets.AsMinted)
        {
            return show(token, maybe && !answer.Replaced ? null : minted);
        }

        if (answer.Sealed is not { Length: > 0 } pair)
        {
            return show(token, null);
        }

        // Sealed for somebody else: the caller names another's call, which tells it nothing.
        return request.Idempotent is { } call
            && SecretMint.OpenForCaller(pair, call.Bearer, call.Key, token.Id) is { } secrets
            ? show(token, secrets)
            : Error(ApiError.Unauthorized);
    }

    /// <summary>The secret in a header that holds nothing else.</summary>
    protected static (Secret Secret, TokenId Id)? Parse(string? text) =>
        text is not null && SecretFormat.TryParse(text, out var id) ? (new Secret(text), id) : null;
}
