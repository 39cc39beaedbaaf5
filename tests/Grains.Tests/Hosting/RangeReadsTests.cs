using TokenActors.Hosting.Reminders;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>
/// A silo of a cluster has many ranges of the ring, which the runtime asks for in one turn: they are one read.
/// </summary>
public sealed class RangeReadsTests
{
    private const int Rows = 2_000;

    private static readonly uint[] Ends = [.. Enumerable.Range(1, 30).Select(i => (uint)(i * (uint.MaxValue / 31)))];

    // Odd ranges are another silo's.
    private static readonly HashRange[] Own =
        [.. Enumerable.Range(0, Ends.Length).Where(i => i % 2 == 0).Select(i => new HashRange(Ends[i], Ends[(i + 1) % Ends.Length]))];

    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly List<GrainId> _all = [.. Enumerable.Range(0, Rows).Select(i => GrainId.Create("token", $"{i}"))];
    private readonly List<List<GrainId>> _reads = [];
    private Task _database = Task.CompletedTask;

    [Fact]
    public async Task All_ranges_of_a_turn_are_one_read_and_each_gets_its_own()
    {
        var ranges = new RangeReads(Read);
        var answers = await InOneTurn(() => Own.Select(ranges.Read));
        var read = Assert.Single(_reads);
        Assert.Equal(_all.Where(IsOwn), read);
        Assert.Equal(_all.Where(IsOwn).Order(), answers.SelectMany(answer => answer).Select(entry => entry.GrainId).Order());
        Assert.All(answers.Zip(Own), pair => Assert.All(pair.First, entry => Assert.True(pair.Second.Holds(entry.GrainId.GetUniformHashCode()))));
    }

    [Fact]
    public async Task Who_asks_after_a_read_began_waits_for_one_of_its_own()
    {
        var ranges = new RangeReads(Read);
        var database = new TaskCompletionSource();
        _database = database.Task;
        var first = InOneTurn(() => [ranges.Read(Own[0])]);
        await Eventually.Holds(() => Task.FromResult(_reads.Count == 1), "the first is read");
        _all.Add(Next(Own[0]));
        var second = InOneTurn(() => [ranges.Read(Own[0])]);
        await Eventually.Holds(() => Task.FromResult(_reads.Count == 2), "the second is read");
        database.SetResult();
        Assert.DoesNotContain((await first)[0], entry => entry.GrainId == _all[^1]);
        Assert.Contains((await second)[0], entry => entry.GrainId == _all[^1]);
    }

    [Fact]
    public async Task A_read_that_fails_fails_for_all_and_the_next_is_another()
    {
        var ranges = new RangeReads(Read);
        _database = Task.FromException(new IOException("away"));
        var answers = await Task.Factory.StartNew(() => Own.Select(ranges.Read).ToList(), default, TaskCreationOptions.None, _turns);
        foreach (var answer in answers)
        {
            await Assert.ThrowsAsync<IOException>(() => answer);
        }

        _database = Task.CompletedTask;
        Assert.NotEmpty((await InOneTurn(() => [ranges.Read(Own[1])]))[0]);
        Assert.Equal(2, _reads.Count);
    }

    [Theory]
    [InlineData(10, 20, 10, false)]
    [InlineData(10, 20, 11, true)]
    [InlineData(10, 20, 20, true)]
    [InlineData(10, 20, 21, false)]
    [InlineData(uint.MaxValue - 1, 5, uint.MaxValue, true)]
    [InlineData(uint.MaxValue - 1, 5, 0, true)]
    [InlineData(uint.MaxValue - 1, 5, 5, true)]
    [InlineData(uint.MaxValue - 1, 5, 6, false)]
    [InlineData(uint.MaxValue - 1, 5, uint.MaxValue - 1, false)]
    [InlineData(0, 0, 0, true)]
    [InlineData(7, 7, 7, true)]
    [InlineData(7, 7, 6, true)]
    public void A_range_goes_around_the_ring_and_is_all_of_it_where_it_ends_at_its_begin(uint begin, uint end, uint hash, bool holds) =>
        Assert.Equal(holds, new HashRange(begin, end).Holds(hash));

    private static bool IsOwn(GrainId id) => Own.Any(range => range.Holds(id.GetUniformHashCode()));

    private static GrainId Next(HashRange range) => Enumerable.Range(Rows, int.MaxValue - Rows)
        .Select(i => GrainId.Create("token", $"{i}")).First(id => range.Holds(id.GetUniformHashCode()));

    private Task<IEnumerable<ReminderEntry>[]> InOneTurn(Func<IEnumerable<Task<IEnumerable<ReminderEntry>>>> asked) =>
        Task.Factory.StartNew(() => Task.WhenAll(asked()), default, TaskCreationOptions.None, _turns).Unwrap();

    private async Task<IEnumerable<ReminderEntry>> Read(Func<GrainId, bool> wanted)
    {
        List<GrainId> found = [.. _all.Where(wanted)];
        _reads.Add(found);
        await _database;
        return found.Select(id => new ReminderEntry { GrainId = id, ReminderName = "expiry" });
    }
}
