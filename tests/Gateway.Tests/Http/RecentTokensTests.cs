using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>Which tokens a gateway takes for those that were verified lately.</summary>
public sealed class RecentTokensTests
{
    private readonly FakeTimeProvider _time = new();

    private TokenId NewId() => SecretMint.NewTokenId(_time);

    [Fact]
    public void A_token_is_recent_from_its_second_time_on()
    {
        var recent = new RecentTokens(_time);
        var id = NewId();
        Assert.False(recent.Note(id));
        Assert.True(recent.Note(id));
        Assert.False(recent.Note(NewId()));
    }

    [Fact]
    public void To_look_notes_nothing()
    {
        var recent = new RecentTokens(_time);
        var id = NewId();
        Assert.False(recent.WasSeen(id));
        Assert.False(recent.Note(id));
        Assert.True(recent.WasSeen(id));
    }

    /// <summary>It lasts five to ten minutes, wherever in its turn the first time was.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(299)]
    public void It_is_forgotten_after_ten_minutes_and_not_before_five(int offset)
    {
        var recent = new RecentTokens(_time);
        recent.Note(NewId());
        _time.Advance(TimeSpan.FromSeconds(offset));
        var (early, late) = (NewId(), NewId());
        Assert.False(recent.Note(early));
        Assert.False(recent.Note(late));
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.True(recent.Note(early));
        _time.Advance(TimeSpan.FromSeconds(301));
        Assert.False(recent.Note(late));
    }

    [Fact]
    public void After_a_silence_nothing_is_recent()
    {
        var recent = new RecentTokens(_time);
        var id = NewId();
        Assert.False(recent.Note(id));
        _time.Advance(TimeSpan.FromHours(3));
        Assert.False(recent.Note(id));
        Assert.True(recent.Note(id));
    }

    [Fact]
    public void Among_a_million_few_are_mistaken_for_recent_ones()
    {
        var recent = new RecentTokens(_time);
        for (var i = 0; i < 1_000_000; i++)
        {
            recent.Note(NewId());
        }

        var mistaken = Enumerable.Range(0, 10_000).Count(_ => recent.Note(NewId()));
        Assert.InRange(mistaken, 0, 300);
    }
}
