using System.Collections.Immutable;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Tokens;

/// <summary>What a token belongs to, and dies with. Everything dies with its organization, and with what it
/// opens.</summary>
public enum TokenBelonging
{
    /// <summary>The token that it was made with: it dies with that one, and with whatever that one dies with.</summary>
    Parent,

    /// <summary>The member behind it: it dies with the member, and not with the token that it was made with.</summary>
    Member,

    /// <summary>The organization alone: neither its maker nor its member takes it along.</summary>
    Organization,
}

/// <summary>What follows from what a token belongs to.</summary>
public static class TokenBelongings
{
    /// <summary>
    /// The tokens that a new one dies with, nearest first: a chain that ends at the first that does not belong to its
    /// parent.
    /// </summary>
    /// <param name="belongsTo">what the new token belongs to</param>
    /// <param name="maker">the token that it is made with</param>
    /// <param name="above">the tokens that the maker dies with</param>
    public static ImmutableArray<TokenId> Above(
        this TokenBelonging belongsTo, TokenId maker, ImmutableArray<TokenId> above) =>
        belongsTo == TokenBelonging.Parent ? [maker, .. above] : [];

    /// <summary>The word on the wire and in rows.</summary>
    public static string Word(this TokenBelonging belongsTo) => belongsTo switch
    {
        TokenBelonging.Parent => "parent",
        TokenBelonging.Member => "member",
        TokenBelonging.Organization => "organization",
        _ => throw new ArgumentOutOfRangeException(nameof(belongsTo), belongsTo, null),
    };

    /// <summary>What a word says; null where it is none of them.</summary>
    public static TokenBelonging? Of(string word) => word switch
    {
        "parent" => TokenBelonging.Parent,
        "member" => TokenBelonging.Member,
        "organization" => TokenBelonging.Organization,
        _ => null,
    };
}
