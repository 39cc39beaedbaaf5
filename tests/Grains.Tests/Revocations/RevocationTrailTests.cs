using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Grains.Revocations;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Revocations;

/// <summary>One read of the trail serves the feeds of all organizations, while there are any.</summary>
public sealed class RevocationTrailTests : IAsyncLifetime
{
    private readonly Rows _rows = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly RevocationTrail _trail;
    private readonly RevocationFeed _mine = new("o1");
    private readonly RevocationFeed _other = new("o2");

    public RevocationTrailTests() => _trail = new RevocationTrail(_rows, _clock, NullLogger<RevocationTrail>.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _trail.DisposeAsync();

    [Fact]
    public async Task Each_feed_is_told_what_its_own_organization_revoked()
    {
        await Open(_mine);
        await Open(_other);
        var (mine, other) = (_mine.Read(null)?.Cursor, _other.Read(null)?.Cursor);
        _rows.Write("o1", "token.issued");
        _rows.Write("o1", "token.deleted");
        await Eventually.Holds(() => _mine.Read(mine) is { All: false, Tokens: ["t2"] });
        Assert.True(_other.Read(other) is { All: false, Tokens: [] });
    }

    [Fact]
    public async Task With_the_last_feed_the_reading_ends_and_with_the_next_it_begins_again()
    {
        await Open(_mine);
        _trail.Close(_mine);
        var seen = 0;
        await Eventually.Holds(
            () => Task.FromResult(seen == (seen = _rows.Reads)), () => "nothing is read any more", pause: TimeSpan.FromMilliseconds(500));
        await Open(_other);
    }

    [Fact]
    public async Task A_fault_of_the_database_is_over_when_it_answers_again()
    {
        await Open(_mine);
        var cursor = _mine.Read(null)?.Cursor;
        _rows.IsAway = true;
        var failed = _rows.Reads;
        await Eventually.Holds(() => _rows.Reads > failed);
        _rows.Write("o1", "token.deleted");
        Assert.True(_mine.Read(cursor) is { All: false, Tokens: [] });
        _rows.IsAway = false;
        await Eventually.Holds(() => _mine.Read(cursor) is { All: false, Tokens: ["t1"] });
    }

    /// <summary>A driver calls off what takes it too long: that is no end of the reading.</summary>
    [Fact]
    public async Task A_read_that_is_called_off_is_a_fault_like_any_other()
    {
        await Open(_mine);
        var cursor = _mine.Read(null)?.Cursor;
        _rows.IsSlow = true;
        var failed = _rows.Reads;
        await Eventually.Holds(() => _rows.Reads > failed);
        _rows.Write("o1", "token.deleted");
        _rows.IsSlow = false;
        await Eventually.Holds(() => _mine.Read(cursor) is { All: false, Tokens: ["t1"] });
    }

    /// <summary>While nobody can say what is still to come, a feed does not claim to know it.</summary>
    [Fact]
    public async Task While_too_many_rows_are_missing_no_time_is_told()
    {
        await Open(_mine);
        _rows.Skip(30_000);
        _rows.Write("o1", "token.deleted");
        var (read, before) = (_rows.Reads, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Holds(() => _rows.Reads > read + 2);
        Assert.Equal(before, _mine.Read(null)?.UpTo);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await Eventually.Holds(() => _mine.Read(null)?.UpTo > before);
    }

    /// <summary>Opened and read until the repetitions of the beginning are over.</summary>
    private async Task Open(RevocationFeed feed)
    {
        _trail.Open(feed);
        await Eventually.Holds(() => feed.Read(null) is not null, "the feed is read");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var now = _clock.GetUtcNow();
        await Eventually.Holds(() => feed.Read(null)?.UpTo == now, "the beginning is over");
    }

    /// <summary>A trail in memory, whose database may be away.</summary>
    private sealed class Rows : ITrailReads
    {
        private readonly Lock _lock = new();
        private readonly List<TrailRow> _rows = [];
        private long _last;
        private int _reads;

        public volatile bool IsAway;

        /// <summary>Reads are called off before they end, as a driver does at a time-out.</summary>
        public volatile bool IsSlow;

        public int Reads => Volatile.Read(ref _reads);

        public void Write(string organization, string happened)
        {
            using var scope = _lock.EnterScope();
            _rows.Add(
                new TrailRow(++_last, organization, happened, new RecordKey("token", $"t{_rows.Count + 1}"), false));
        }

        public void Skip(int numbers)
        {
            using var scope = _lock.EnterScope();
            _last += numbers;
        }

        public Task<long> End()
        {
            using var scope = _lock.EnterScope();
            return Task.FromResult(_last);
        }

        public Task<IReadOnlyList<TrailRow>> After(long number, int limit)
        {
            Interlocked.Increment(ref _reads);
            using var scope = _lock.EnterScope();
            return IsSlow ? throw new TaskCanceledException("slow")
                : IsAway ? throw new StorageUnavailableException("away")
                : Task.FromResult<IReadOnlyList<TrailRow>>([.. _rows.Where(row => row.Number > number).Take(limit)]);
        }

        public Task<IReadOnlyList<TrailRow>> Late(IReadOnlyCollection<long> numbers)
        {
            using var scope = _lock.EnterScope();
            return Task.FromResult<IReadOnlyList<TrailRow>>([.. _rows.Where(row => numbers.Contains(row.Number))]);
        }
    }
}
