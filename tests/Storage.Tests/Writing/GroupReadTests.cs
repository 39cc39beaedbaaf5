using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>How reads of single rows come together, over a database that answers when the test says so.</summary>
public sealed class GroupReadTests : IAsyncLifetime
{
    private readonly LogBook _log = new();
    private readonly HeldReads _database = new();
    private readonly StoreHealth _health;
    private readonly GroupRead _reads;

    public GroupReadTests()
    {
        _health = new StoreHealth(_database, "s", _log);
        _reads = new GroupRead(_database, "s", _health, _log);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _database.Release();
        await _reads.DisposeAsync();
        await _health.DisposeAsync();
        await _database.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task What_waits_for_a_read_goes_in_one_group_after_it()
    {
        var first = await ReadHeld("t0");
        var others = Start(10);
        Assert.All(others, reading => Assert.False(reading.IsCompleted));
        _database.Release();
        Assert.Equal("t0", (await first)!.Key.Id);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"t{i}"), (await Task.WhenAll(others)).Select(row => row!.Key.Id));
        Assert.Equal([1, 10], _database.Asked);
    }

    [Fact]
    public async Task Where_many_wait_the_second_reader_takes_them()
    {
        var first = await ReadHeld("t0");
        var others = Start(40);
        await Eventually.Holds(() => _database.Asked.Count >= 2);
        Assert.False(first.IsCompleted);
        _database.Release();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(41, _database.Asked.Sum());
    }

    [Fact]
    public async Task No_group_is_larger_than_the_database_is_asked_for_at_once()
    {
        var first = await ReadHeld("t0");
        var others = Start(1_000);
        _database.Release();
        await Task.WhenAll([first, .. others]);
        Assert.InRange(_database.Asked.Max(), 2, 128);
        Assert.Equal(1_001, _database.Asked.Sum());
    }

    [Fact]
    public async Task Two_that_want_one_row_are_given_the_same()
    {
        var first = await ReadHeld("t0");
        Task<StoredRecord?>[] same = [_reads.Read(Key("t1")), _reads.Read(Key("t1"))];
        _database.Release();
        await first;
        var rows = await Task.WhenAll(same);
        Assert.Same(rows[0], rows[1]);
        Assert.Equal([1, 1], _database.Asked);
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_null_among_others_that_are()
    {
        var first = await ReadHeld("t0");
        var (missing, there) = (_reads.Read(Key(HeldReads.Missing)), _reads.Read(Key("t1")));
        _database.Release();
        await first;
        Assert.Null(await missing);
        Assert.NotNull(await there);
        Assert.Null(await _reads.Read(Key(HeldReads.Missing)));
    }

    [Fact]
    public async Task A_fault_is_told_to_everybody_of_its_group_and_the_next_read_is_asked_over_another_connection()
    {
        var first = await ReadHeld("t0");
        var others = Start(5);
        _database.Fault = new TimeoutException("the server is silent");
        _database.Release();
        foreach (var reading in others.Prepend(first))
        {
            var fault = await Assert.ThrowsAsync<StorageUnavailableException>(() => reading);
            Assert.IsType<TimeoutException>(fault.InnerException);
        }

        _database.Fault = null;
        Assert.NotNull(await _reads.Read(Key("t6")));
        Assert.True(_database.Opened > 1);
    }

    /// <summary>A bug in reading a row is no outage: its reader goes on, and nobody is told that the database is
    /// away.</summary>
    [Fact]
    public async Task A_row_that_cannot_be_read_ends_no_reader()
    {
        var first = await ReadHeld("t0");
        _database.Fault = new FormatException("no such column");
        _database.Release();
        await Assert.ThrowsAsync<FormatException>(() => first);
        _database.Fault = null;
        Assert.NotNull(await _reads.Read(Key("t1")));
        Assert.True(_health.IsWritable);
    }

    [Fact]
    public async Task What_was_asked_before_the_end_is_answered_and_what_is_asked_after_it_is_refused()
    {
        var first = await ReadHeld("t0");
        var others = Start(30);
        var ending = _reads.DisposeAsync();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _reads.Read(Key("late")));
        _database.Release();
        await ending;
        await Task.WhenAll([first, .. others]).WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Asks for a row, and goes on once the database has the question.</summary>
    private async Task<Task<StoredRecord?>> ReadHeld(string id)
    {
        var reading = _reads.Read(Key(id));
        await Eventually.Holds(() => !_database.Asked.IsEmpty);
        return reading;
    }

    private List<Task<StoredRecord?>> Start(int count) =>
        [.. Enumerable.Range(1, count).Select(i => _reads.Read(Key($"t{i}")))];

    /// <summary>Answers reads once they are released, each key with a row, and cannot do anything else.</summary>
    private sealed class HeldReads() : Database("sqlite", Microsoft.Data.Sqlite.SqliteFactory.Instance.CreateDataSource("Data Source=:memory:"))
    {
        public const string Missing = "missing";

        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _opened;

        /// <summary>How many rows each statement asked for.</summary>
        public ConcurrentQueue<int> Asked { get; } = [];

        public Exception? Fault { get; set; }

        public int Opened => Volatile.Read(ref _opened);

        public override IReadOnlyList<string> HotStatements => [];

        public void Release() => _released.TrySetResult();

        public override Task<DbConnection> Open()
        {
            Interlocked.Increment(ref _opened);
            return Task.FromResult<DbConnection>(new AnsweringConnection(new DataTable()));
        }

        public override async Task<List<StoredRecord>> ReadMany(
            DbConnection connection, string serviceId, IReadOnlyList<RecordKey> keys)
        {
            Asked.Enqueue(keys.Count);
            await _released.Task;
            return Fault is { } fault
                ? throw fault
                : [.. keys.Where(key => key.Id != Missing).Select(key => Row(key.Id))];
        }

        public override Task<HashSet<RecordKey>> WriteBatch(
            DbConnection connection, string serviceId, IReadOnlyList<Commit> batch) => throw new NotSupportedException();

        public override Task WriteUsage(
            DbConnection connection, string serviceId, IReadOnlyList<UsageUpdate> updates) =>
            throw new NotSupportedException();

        public override bool IsTransient(DbException exception) => false;

        public override bool IsAboutData(DbException exception) => false;

        public override bool IsUniqueViolation(DbException exception) => false;

        public override bool IsMissingTable(DbException exception) => false;

        public override Task LockForMigration(DbConnection connection) => throw new NotSupportedException();

        public override Task<IReadOnlyList<ServerFact>> Inspect(DbConnection connection) =>
            throw new NotSupportedException();

        public override bool IsScan(string line) => false;

        public override Task<List<string>> Explain(DbConnection connection, string statement, string serviceId) =>
            throw new NotSupportedException();

        protected override bool IsOutage(DbException error) => true;
    }
}
