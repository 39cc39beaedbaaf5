using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>Times of last use that wait for the end of their minute.</summary>
public sealed class LastUsedBufferTests : IAsyncLifetime
{
    private static readonly RecordKey Key = new("token", "t1");

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-uses-").FullName;
    private readonly FakeTimeProvider _time = new(Now);
    private RecordStore? _store;

    private RecordStore Store => _store ?? throw new InvalidOperationException("not open yet");

    public async Task InitializeAsync()
    {
        _store = await Open();
        await Store.Commit(new Commit(Row("t1") with { Sealed = [1] }, 0, []));
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Two requests note their times in the order in which they end, not in which they began.</summary>
    [Fact]
    public async Task The_later_time_stands_in_whatever_order_uses_are_noted()
    {
        Note(version: 1, minute: 9);
        Note(version: 1, minute: 5);
        Assert.Equal(Now.AddMinutes(9), (await Written()).LastUsedAt);
    }

    [Fact]
    public async Task What_one_use_erases_no_other_use_brings_back()
    {
        Note(version: 1, minute: 5, presented: 5, erase: true);
        Note(version: 1, minute: 6);
        var row = await Written();
        Assert.Equal((Now.AddMinutes(6), Now.AddMinutes(5)), (row.LastUsedAt, row.PresentedAt));
        Assert.Null(row.Sealed);
    }

    /// <summary>A use of the version before may be noted after one of the version that followed.</summary>
    [Fact]
    public async Task A_use_of_an_older_version_takes_nothing_from_one_of_the_newer()
    {
        await Store.Commit(new Commit(Row("t1", 2) with { Sealed = [2] }, 1, []));
        Note(version: 2, minute: 5, presented: 5, erase: true);
        Note(version: 1, minute: 7, presented: 7);
        var row = await Written();
        Assert.Equal((Now.AddMinutes(7), Now.AddMinutes(5)), (row.LastUsedAt, row.PresentedAt));
        Assert.Null(row.Sealed);
    }

    [Fact]
    public async Task What_an_older_version_was_to_erase_the_newer_one_keeps()
    {
        Note(version: 1, minute: 5, presented: 5, erase: true);
        await Store.Commit(new Commit(Row("t1", 2) with { Sealed = [2] }, 1, []));
        Note(version: 2, minute: 6);
        var row = await Written();
        Assert.Equal((Now.AddMinutes(6), (DateTimeOffset?)null), (row.LastUsedAt, row.PresentedAt));
        Assert.Equal((byte[])[2], row.Sealed);
    }

    [Fact]
    public async Task A_use_is_written_a_minute_later_and_not_before()
    {
        Note(version: 1, minute: 3);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null((await Store.Read(Key))?.LastUsedAt);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Holds(async () => (await Store.Read(Key))?.LastUsedAt == Now.AddMinutes(3), "it is written");
    }

    private void Note(long version, int minute, int? presented = null, bool erase = false) => Store.NoteUsage(
        new UsageUpdate(
            Key, version, Now.AddMinutes(minute), presented is { } at ? Now.AddMinutes(at) : null, erase),
        soon: false);

    /// <summary>The row after the store was closed and opened again.</summary>
    private async Task<StoredRecord> Written()
    {
        await Store.DisposeAsync();
        _store = await Open();
        return await Store.Read(Key) ?? throw new InvalidOperationException("the row is gone");
    }

    private Task<RecordStore> Open() => StoreFactory.Open(
        new StorageOptions { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, "db")) }, "s", _time,
        NullLoggerFactory.Instance);
}
