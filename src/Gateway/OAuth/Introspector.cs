using System.Net;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// What is said of a secret to a bearer that may ask, one at a time or many. Inactive is all that is said of a token
/// that is unknown, dead, disabled or another organization's. A refresh secret is active only where the hint asks for
/// one: it opens nothing, and a resource server that let it in would let a thief of refresh secrets in.
/// </summary>
internal sealed class Introspector(TokenGrains tokens, ImportedKeys imported, GatewayOptions options)
{
    private readonly KeptIntrospections _kept = new();

    /// <inheritdoc cref="Of(Bearer, string, TokenId?, bool, IPAddress?)"/>
    public ValueTask<(Introspection Said, TimeSpan? Wait)> Of(
        Bearer bearer, string text, bool refreshToo, IPAddress? client) =>
        Of(bearer, text, SecretFormat.TryParse(text, out var id) ? id : null, refreshToo, client);

    /// <param name="bearer">who asks</param>
    /// <param name="text">what was presented to it</param>
    /// <param name="named">the token that the text names; null where it has not the form of a secret of ours</param>
    /// <param name="refreshToo">the hint says that it may be a refresh secret</param>
    /// <param name="client">from where it was presented; null where the resource server does not say</param>
    /// <returns>what is said; or how long to wait, where somebody guesses keys that were imported</returns>
    public async ValueTask<(Introspection Said, TimeSpan? Wait)> Of(
        Bearer bearer, string text, TokenId? named, bool refreshToo, IPAddress? client)
    {
        var query = new VerifyToken
        {
            Presented = new Secret(text).Fingerprint(), RefreshToo = refreshToo, Address = client, KnowsLimits = true,
        };
        if (named is { } id && TokenProfile.OfText(text) is not null)
        {
            return (await Of(bearer, id, query, await tokens.Verify(id, query)), null);
        }

        var answer = await imported.Verify(bearer.OrganizationId, text, query, CancellationToken.None);
        return answer.Key is { } key
            ? (await Of(bearer, key.Id, key.Query, key.Verification), null)
            : (Introspection.Inactive, answer.Wait);
    }

    private async ValueTask<Introspection> Of(Bearer bearer, TokenId id, VerifyToken query, Verification verification) =>
        verification is { Refusal: null, Token: { } token, Presented: { } presented }
        && await IsSeen(bearer, token) && (await tokens.Use(id, query, verification)).Refusal is null
            ? Say(token, presented, query, verification)
            : Introspection.Inactive;

    private Introspection Say(TokenView token, PresentedKind presented, VerifyToken query, Verification verification)
    {
        if (_kept.Find(token.Id, verification) is { } kept)
        {
            return kept;
        }

        var said = Introspection.From(token, presented, verification, options.Issuer, ProfileOf(token, query));
        _kept.Note(token.Id, verification, said);
        return said;
    }

    /// <summary>Of a key that was imported what it was, also once its token has a pair of our own, which is any
    /// other's.</summary>
    private static string ProfileOf(TokenView token, VerifyToken query)
    {
        if (query.ImportedToo)
        {
            return TokenProfile.Imported.Name;
        }

        return token.Profile == TokenProfile.Adopted.Name ? TokenProfile.Organization.Name : token.Profile;
    }

    /// <summary>Of the bearer's organization, and within its grant where the bearer is narrowed.</summary>
    private async ValueTask<bool> IsSeen(Bearer bearer, TokenView token) =>
        token.OrganizationId == bearer.OrganizationId
        && (bearer.Caller.Grant.IsWholeIn(bearer.Organization, "tokens:get")
            || (await tokens[token.Id].See(new SeeToken { Caller = bearer.Caller })).Refusal is null);
}
