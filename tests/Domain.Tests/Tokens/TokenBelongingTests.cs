using System.Collections.Immutable;
using CsCheck;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>What a token dies with, by what it belongs to.</summary>
public sealed class TokenBelongingTests
{
    private static readonly Gen<(int Maker, TokenBelonging BelongsTo)[]> Trees =
        Gen.Select(Gen.Int[0, 1_000], Gen.Enum<TokenBelonging>()).Array[1, 40];

    /// <summary>By the definition: it dies with its maker where it belongs to that, and with what the maker dies
    /// with.</summary>
    [Fact]
    public void A_token_dies_with_the_tokens_above_up_to_the_first_that_belongs_elsewhere() => Trees.HoldsForAll(200, tree =>
    {
        List<(TokenId Id, int Maker, TokenBelonging BelongsTo, ImmutableArray<TokenId> Above)> made =
            [(new TokenId(Guid.NewGuid()), -1, TokenBelonging.Parent, [])];
        foreach (var (draw, belongsTo) in tree)
        {
            var maker = draw % made.Count;
            made.Add(
                (new TokenId(Guid.NewGuid()), maker, belongsTo, belongsTo.Above(made[maker].Id, made[maker].Above)));
        }

        bool DiesWith(int token, int deleted) => token == deleted
            || (made[token] is { Maker: >= 0 and var maker, BelongsTo: TokenBelonging.Parent } && DiesWith(maker, deleted));

        for (var token = 0; token < made.Count; token++)
        {
            var expected = Enumerable.Range(0, made.Count).Where(other => other != token && DiesWith(token, other));
            Assert.Equal(expected.Select(other => made[other].Id).ToHashSet(), made[token].Above.ToHashSet());
        }
    });

    [Theory]
    [InlineData(TokenBelonging.Parent, TokenEvent.Issued, false)]
    [InlineData(TokenBelonging.Member, TokenEvent.Issued, false)]
    [InlineData(TokenBelonging.Organization, TokenEvent.IssuedToOrganization, true)]
    public void What_belongs_to_the_organization_depends_on_no_member_and_is_an_event_of_its_own(
        TokenBelonging belongsTo, TokenEvent happened, bool independent)
    {
        Machine machine = new();
        var issue = machine.Issue();
        var changed = Assert.IsType<Decision.Changed>(
            machine.Do(issue with { Spec = issue.Spec with { BelongsTo = belongsTo } }));
        Assert.Equal(
            (happened, independent, belongsTo), (changed.Event, changed.Next.Independent, changed.Next.BelongsTo));
    }

    [Fact]
    public void Every_word_is_read_as_it_is_written()
    {
        Assert.All(
            Enum.GetValues<TokenBelonging>(),
            belongsTo => Assert.Equal(belongsTo, TokenBelongings.Of(belongsTo.Word())));
        Assert.Null(TokenBelongings.Of("Member"));
        Assert.Null(TokenBelongings.Of(""));
    }
}
