using Microsoft.Extensions.Time.Testing;
using TokenActors.Grains.Revocations;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Revocations;

/// <summary>The trail is read without a gap, although rows become visible out of order.</summary>
public sealed class TrailFollowerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Trail _trail = new();
    private readonly TrailFollower _follower;

    public TrailFollowerTests() => _follower = new TrailFollower(_trail, _clock);

    [Fact]
    public async Task Each_row_is_given_once_and_those_of_before_never()
    {
        _trail.Commit(1, 2, 3);
        Assert.Empty(await Read());
        _trail.Commit(4, 5);
        Assert.Equal([4, 5], await Read());
        Assert.Empty(await Read());
    }

    [Fact]
    public async Task A_row_that_becomes_visible_late_is_given_late()
    {
        _trail.Commit(1, 4);
        await Read();
        _trail.Commit(2, 7);
        Assert.Equal([2, 7], await Read());
        _clock.Advance(TimeSpan.FromSeconds(40));
        _trail.Commit(3, 6);
        Assert.Equal([3, 6], await Read());
        _trail.Commit(5);
        Assert.Equal([5], await Read());
    }

    [Fact]
    public async Task A_number_that_was_burnt_is_given_up_after_its_writers_time()
    {
        _trail.Commit(1, 3);
        await Read();
        _clock.Advance(TimeSpan.FromSeconds(119));
        await Read();
        Assert.Equal([2], _trail.AskedFor);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Read();
        _trail.AskedFor.Clear();
        await Read();
        Assert.Empty(_trail.AskedFor);
    }

    [Fact]
    public async Task With_too_many_missing_it_does_not_claim_to_be_current()
    {
        await Read();
        _trail.Commit(50_000);
        await Read();
        Assert.False(_follower.IsCurrent);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await Read();
        Assert.True(_follower.IsCurrent);
    }

    [Fact]
    public async Task The_time_is_that_of_before_the_read()
    {
        var before = _clock.GetUtcNow();
        _trail.OnRead = () => _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(before, (await _follower.Read()).UpTo);
    }

    private async Task<IEnumerable<long>> Read() => (await _follower.Read()).Rows.Select(row => row.Number);

    private sealed class Trail : ITrailReads
    {
        private readonly SortedSet<long> _committed = [];

        public List<long> AskedFor { get; } = [];

        public Action OnRead { get; set; } = () => { };

        public void Commit(params long[] numbers) => _committed.UnionWith(numbers);

        public Task<long> End()
        {
            OnRead();
            return Task.FromResult(_committed.Max);
        }

        public Task<IReadOnlyList<TrailRow>> After(long number, int limit) =>
            Rows(_committed.Where(one => one > number).Take(limit));

        public Task<IReadOnlyList<TrailRow>> Late(IReadOnlyCollection<long> numbers)
        {
            AskedFor.AddRange(numbers);
            return Rows(numbers.Where(_committed.Contains));
        }

        private static Task<IReadOnlyList<TrailRow>> Rows(IEnumerable<long> numbers) => Task.FromResult<IReadOnlyList<TrailRow>>(
            [.. numbers.Select(number => new TrailRow(number, "o", "token.deleted", new RecordKey("token", $"t{number}"), false))]);
    }
}
