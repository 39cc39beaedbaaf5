using System.Buffers.Text;
using System.Globalization;
using System.Text;
using TokenActors.Grains.Abstractions.Revocations;
using TokenActors.Grains.Revocations;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Revocations;

/// <summary>What a feed says after a cursor.</summary>
public sealed class RevocationFeedTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly RevocationFeed _feed = new("o");
    private string? _cursor;

    [Fact]
    public void Nothing_is_said_before_the_first_read_and_then_all()
    {
        Assert.Null(_feed.Read(null));
        Assert.False(_feed.Changed.IsCompleted);
        var changed = _feed.Changed;
        _feed.Add([], Start);
        Assert.True(changed.IsCompleted);
        Assert.True(Read().All);
        Assert.False(Read().All);
    }

    [Fact]
    public void Each_revocation_is_said_at_once_after_a_second_and_after_the_longest_statement()
    {
        Settle();
        _feed.Add(["a"], Start.AddSeconds(100));
        Assert.Equal(["a"], Read().Tokens.ToArray());
        _feed.Add([], Start.AddSeconds(100.9));
        Assert.Empty(Read().Tokens.ToArray());
        _feed.Add(["b"], Start.AddSeconds(101));
        Assert.Equal(["a", "b"], Read().Tokens.ToArray());
        _feed.Add([], Start.AddSeconds(102));
        Assert.Equal(["b"], Read().Tokens.ToArray());
        _feed.Add([], Start.AddSeconds(136));
        Assert.Equal(["a", "b"], Read().Tokens.ToArray());
        _feed.Add([], Start.AddSeconds(500));
        Assert.Empty(Read().Tokens.ToArray());
    }

    [Fact]
    public void All_hides_the_names_and_many_names_are_all()
    {
        Settle();
        _feed.Add(["a", null, "b"], Start.AddSeconds(100));
        var page = Read();
        Assert.True(page.All);
        Assert.Empty(page.Tokens);
        _feed.Add(Enumerable.Range(0, 201).Select(i => $"t{i}"), Start.AddSeconds(100.1));
        Assert.True(Read().All);
    }

    [Fact]
    public void A_cursor_of_another_feed_or_of_too_long_ago_is_all()
    {
        Settle();
        var other = new RevocationFeed("o");
        other.Add([], Start);
        Assert.True(_feed.Read(other.Read(null)?.Cursor) is { All: true });
        foreach (var cursor in new[] { "", "x", "%", "MTIuMTI", new string('A', 500) })
        {
            Assert.True(_feed.Read(cursor) is { All: true });
        }

        var old = _cursor;
        for (var i = 0; i < 110; i++)
        {
            _feed.Add(Enumerable.Range(0, 100).Select(n => $"{i}.{n}"), Start.AddSeconds(200));
        }

        Assert.True(_feed.Read(old) is { All: true });
    }

    [Fact]
    public void Who_waits_is_woken_by_a_revocation_and_by_its_repetition_and_by_nothing_else()
    {
        Settle();
        var changed = _feed.Changed;
        _feed.Add([], Start.AddSeconds(100));
        Assert.False(changed.IsCompleted);
        _feed.Add(["a"], Start.AddSeconds(100.1));
        Assert.True(changed.IsCompleted);
        changed = _feed.Changed;
        Assert.False(changed.IsCompleted);
        _feed.Add([], Start.AddSeconds(101.1));
        Assert.True(changed.IsCompleted);
    }

    /// <summary>After so many nothing that a cursor from before did not see is known any more.</summary>
    [Theory]
    [InlineData(10_000, false)]
    [InlineData(10_001, true)]
    public void A_cursor_is_good_for_as_many_revocations_as_are_kept(int revocations, bool isAll)
    {
        Settle();
        _feed.Add(Enumerable.Range(0, revocations).Select(i => $"t{i % 3}"), Start.AddSeconds(100));
        var page = Read();
        Assert.Equal(isAll, page.All);
        Assert.Equal(isAll ? [] : ["t0", "t1", "t2"], page.Tokens.ToArray());
        _feed.Add(["z"], Start.AddSeconds(100));
        Assert.Equal(["z"], Read().Tokens.ToArray());
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(201, true)]
    public void So_many_are_named_and_a_name_that_comes_again_counts_once(int names, bool isAll)
    {
        Settle();
        _feed.Add(Enumerable.Range(0, names * 2).Select(i => $"t{i % names}"), Start.AddSeconds(100));
        var page = Read();
        Assert.Equal((isAll, isAll ? 0 : names), (page.All, page.Tokens.Length));
    }

    /// <summary>Positions mean something else in another feed, and none is ahead of what was said.</summary>
    [Fact]
    public void A_cursor_of_the_same_position_of_another_feed_and_one_of_the_future_are_all()
    {
        Settle();
        var mine = Position(_cursor);
        var other = new RevocationFeed("o");
        foreach (var second in new[] { 0, 1, 36 })
        {
            other.Add([], Start.AddSeconds(second));
        }

        Assert.Equal(mine, Position(other.Read(null)?.Cursor));
        Assert.True(_feed.Read(other.Read(null)?.Cursor) is { All: true });
        Assert.True(_feed.Read(CursorAt(mine)) is { All: false, Tokens: [] });
        Assert.True(_feed.Read(CursorAt(mine + 1)) is { All: true });
        Assert.True(_feed.Read(CursorAt(0)) is { All: true });
    }

    [Theory]
    [InlineData("token", "token.deleted", "o", "x")]
    [InlineData("token", "token.refreshed", "o", "x")]
    [InlineData("token", "token.something_new", "o", "x")]
    [InlineData("token", "token.described", "o", "x")]
    [InlineData("token", "token.issued", null, null)]
    [InlineData("token", "token.imported", null, null)]
    [InlineData("member", "member.roles_bound", "o", null)]
    [InlineData("member", "member.logged_on", null, null)]
    [InlineData("role", "role.updated", "o", null)]
    [InlineData("account", "account.deleted", "o", null)]
    [InlineData("integration", "integration.created", null, null)]
    [InlineData("organization", "organization.status_set", "x", null)]
    [InlineData("webhook", "webhook.updated", null, null)]
    public void What_ends_or_narrows_tokens_is_known_by_its_audit_row(
        string kind, string happened, string? organization, string? token)
    {
        var revocation = RevocationRules.Of(new TrailRow(1, "o", happened, new RecordKey(kind, "x"), false));
        Assert.Equal((organization, token), (revocation?.OrganizationId, revocation?.TokenId));
    }

    [Fact]
    public void A_token_with_others_below_is_all() => Assert.Equal(
        new Revocation("o", null), RevocationRules.Of(
            new TrailRow(1, "o", "token.deleted", new RecordKey("token", "x"), HadTokensBelow: true)));

    /// <summary>Until the repetitions of the beginning are over.</summary>
    private void Settle()
    {
        foreach (var second in new[] { 0, 1, 36 })
        {
            _feed.Add([], Start.AddSeconds(second));
        }

        Read();
    }

    private static long Position(string? cursor) => long.Parse(Parts(cursor)[1], CultureInfo.InvariantCulture);

    private string CursorAt(long position) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{Parts(_cursor)[0]}.{position}"));

    private static string[] Parts(string? cursor) =>
        Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');

    private RevocationPage Read()
    {
        var page = _feed.Read(_cursor) ?? throw new InvalidOperationException("the feed was not read");
        _cursor = page.Cursor;
        return page;
    }
}
