using Microsoft.Extensions.Time.Testing;
using TokenActors.AspNetCore;

namespace TokenActors.Gateway.Tests.AspNetCore;

/// <summary>When an answer that was kept may be used.</summary>
public sealed class RevocationStateTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RevocationState _state;

    public RevocationStateTests() => _state = new RevocationState(TimeSpan.FromSeconds(5), _clock);

    [Fact]
    public void Nothing_is_kept_before_the_first_heartbeat_and_after_the_bound()
    {
        Assert.Null(_state.Begin());
        _state.Heartbeat(_clock.GetUtcNow());
        var since = Begin();
        Assert.True(_state.Holds("a", since));
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(_state.Holds("a", since));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(_state.Holds("a", since));
        Assert.Null(_state.Begin());
        _state.Heartbeat(_clock.GetUtcNow());
        Assert.True(_state.Holds("a", since));
    }

    [Fact]
    public void What_was_asked_for_before_a_revocation_does_not_hold_after_it()
    {
        _state.Heartbeat(_clock.GetUtcNow());
        var before = Begin();
        _state.Revoke("a");
        Assert.False(_state.Holds("a", before));
        Assert.True(_state.Holds("b", before));
        Assert.True(_state.Holds("a", Begin()));
        _state.RevokeAll();
        Assert.False(_state.Holds("b", before));
        Assert.True(_state.Holds("b", Begin()));
    }

    [Fact]
    public void A_heartbeat_that_was_long_under_way_is_as_old_as_it_is()
    {
        // The service's clock is an hour behind, which says nothing of how old a heartbeat is.
        var behind = TimeSpan.FromHours(1);
        _state.Heartbeat(_clock.GetUtcNow() - behind);
        var since = Begin();
        var made = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(4));
        _state.Heartbeat(made + TimeSpan.FromSeconds(0.5) - behind);
        Assert.True(_state.Holds("a", since));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_state.Holds("a", since));
        _state.Heartbeat(made + TimeSpan.FromSeconds(0.9) - behind);
        Assert.Null(_state.Begin());
    }

    [Fact]
    public void A_revocation_that_is_no_longer_known_by_its_token_speaks_against_every_answer_of_before()
    {
        _state.Heartbeat(_clock.GetUtcNow());
        var before = Begin();
        _state.Revoke("a");
        var after = Begin();
        for (var minute = 0; minute < 70; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _state.Heartbeat(_clock.GetUtcNow());
        }

        Assert.False(_state.Holds("a", before));
        Assert.False(_state.Holds("b", before));
        Assert.True(_state.Holds("a", after));
    }

    /// <summary>A gateway whose feed stands still says the same time again to everybody who comes back to it.</summary>
    [Fact]
    public void The_first_heartbeat_of_a_stream_is_as_old_as_it_is()
    {
        _state.Heartbeat(_clock.GetUtcNow());
        var stale = _clock.GetUtcNow() + TimeSpan.FromSeconds(1);
        _clock.Advance(TimeSpan.FromSeconds(7));
        _state.Heartbeat(stale);
        Assert.Null(_state.Begin());
        _state.Heartbeat(_clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.NotNull(_state.Begin());
    }

    [Fact]
    public void A_clock_of_the_service_that_was_set_back_is_believed_again_after_a_minute_for_each_second()
    {
        _state.Heartbeat(_clock.GetUtcNow());
        var back = TimeSpan.FromSeconds(10);
        var minutes = 0;
        do
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _state.Heartbeat(_clock.GetUtcNow() - back);
            minutes++;
        }
        while (_state.Begin() is null);
        Assert.Equal(6, minutes);
    }

    private long Begin() =>
        _state.Begin() ?? throw new InvalidOperationException("the stream is not known to be complete");
}
