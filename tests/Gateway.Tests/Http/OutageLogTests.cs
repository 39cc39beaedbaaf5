using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>A cluster that is away fills no disk with what is said of it.</summary>
public sealed class OutageLogTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lines _lines = new();
    private readonly OutageLog _log;

    public OutageLogTests() => _log = new(_clock, _lines);

    [Fact]
    public void A_thousand_in_a_minute_are_one_line_and_the_next_counts_them()
    {
        var reason = new TimeoutException("silo");
        for (var i = 0; i < 1_000; i++)
        {
            _log.Unanswered("/v1/tokens", reason);
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal((1, reason), (_lines.Said.Count, _lines.Said[0].Reason));
        Assert.Contains(" 0 others", _lines.Said[0].Text, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _log.Unanswered("/v1/roles", reason);
        Assert.Contains("/v1/roles", _lines.Said[1].Text, StringComparison.Ordinal);
        Assert.Contains(" 999 others", _lines.Said[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_that_are_asked_again_are_counted_by_themselves()
    {
        _log.Unanswered("/v1/tokens", new TimeoutException());
        _log.Retried("/v1/tokens", new TimeoutException());
        Assert.Equal(2, _lines.Said.Count);
    }

    [Fact]
    public void Of_many_at_once_one_is_said()
    {
        Parallel.For(0, 1_000, _ => _log.Unanswered("/v1/tokens", new TimeoutException()));
        Assert.Single(_lines.Said);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _log.Unanswered("/v1/tokens", new TimeoutException());
        Assert.Contains(" 999 others", _lines.Said[1].Text, StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger<OutageLog>
    {
        private readonly Lock _lock = new();

        public List<(string Text, Exception? Reason)> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var scope = _lock.EnterScope();
            Said.Add((formatter(state, exception), exception));
        }
    }
}
