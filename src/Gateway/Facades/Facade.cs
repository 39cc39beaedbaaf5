using Microsoft.OpenApi;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Facades;

/// <summary>
/// Another API over the same tokens: where it lies, whose secrets it takes, how it shows tokens and errors. It translates and decides
/// nothing about a token's life.
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

    /// <summary>The secret that a request presents, where this API looks for it; null where there is none that could be ours.</summary>
    public abstract (Secret Secret, TokenId Id)? Presented(HttpContext http);

    /// <summary>A token as the answer of the call that made or changed it.</summary>
    /// <param name="http">the request</param>
    /// <param name="token">the token</param>
    /// <param name="secret">its new secret in clear; null where none was minted</param>
    /// <param name="created">it was made by this call</param>
    public abstract IResult Show(HttpContext http, TokenView token, Secret? secret, bool created);

    /// <summary>The id of the token that the path names; null where it cannot be one.</summary>
    public abstract TokenId? IdOf(HttpContext http);

    /// <summary>The id that a create gets: derived from its idempotency key, or new.</summary>
    public TokenId NewId(HttpContext http) => Fit(
        http.Features.Get<IdempotentCall>() is { } call ? call.DerivedId : SecretMint.NewTokenId(http.RequestServices.GetRequiredService<TimeProvider>()));

    /// <summary>Cuts an id to what the API can write.</summary>
    protected virtual TokenId Fit(TokenId id) => id;

    /// <summary>The answer to a command that may have minted.</summary>
    /// <param name="http">the request</param>
    /// <param name="answer">what the grain said</param>
    /// <param name="minted">the secrets that came with the command; null where its answer is given again</param>
    /// <param name="created">the command made the token</param>
    /// <param name="maybe">the command mints only where <see cref="TokenAnswer.Replaced"/> says so</param>
    public IResult Answer(HttpContext http, TokenAnswer answer, SecretPair? minted, bool created = false, bool maybe = false)
    {
        if (answer.Refusal is { } refusal)
        {
            return Error(http, ApiError.Of(refusal));
        }

        var token = answer.Token!;
        if (answer.Secrets == AnswerSecrets.AsMinted)
        {
            return Show(http, token, maybe && !answer.Replaced ? null : minted?.Access, created);
        }

        if (answer.Sealed is { Length: 0 })
        {
            return Show(http, token, null, created);
        }

        // Sealed for somebody else: the caller names another's call, which tells it nothing.
        return http.Features.Get<IdempotentCall>() is { } call && SecretMint.OpenForCaller(answer.Sealed!, call.Bearer, call.Key, token.Id) is { } pair
            ? Show(http, token, pair.Access, created)
            : Error(http, ApiError.Unauthorized);
    }

    /// <summary>The secret in a header that holds nothing else.</summary>
    protected static (Secret Secret, TokenId Id)? Parse(string? text) =>
        text is not null && SecretFormat.TryParse(text, out var id) ? (new Secret(text), id) : null;
}
