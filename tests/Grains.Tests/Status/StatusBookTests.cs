using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Status;
using TokenActors.Storage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Status;

namespace TokenActors.Grains.Tests.Status;

/// <summary>What a silo counts of integrations, in memory until the full minute.</summary>
public sealed class StatusBookTests : IAsyncLifetime
{
    private static readonly OrganizationId Organization = new(Guid.NewGuid());
    private static readonly Guid Integration = Guid.NewGuid();

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-book-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 11, 59, 30, TimeSpan.Zero));
    private RecordStore? _records;

    private StatusStore Store => (_records ?? throw new InvalidOperationException()).Status;

    private string Database => StoreFactory.SqliteFile(Path.Combine(_folder, "book.db"));

    public async Task InitializeAsync() => _records = await StoreFactory.Open(
        new StorageOptions { ConnectionString = Database }, "s", TimeProvider.System, NullLoggerFactory.Instance);

    public async Task DisposeAsync()
    {
        await (_records?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_counted_is_written_at_the_full_minute_to_the_hour_that_it_was_of()
    {
        await using var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        use.Accept();
        use.Refuse(TokenRefusal.Expired, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(await Hours());
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Holds(async () => (await Events()).Count == 1);
        use.Accept();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(async () => (await Hours()).Count == 2);
        Assert.Equal(
            [(11, 2, 1), (12, 1, 0)], (await Hours()).Select(h => (h.Hour.Hour, h.Counts.Requests, h.Counts.Failed)));
        Assert.Equal("expired", (await Events())[0].Status);
        book.Close(use);
    }

    [Fact]
    public async Task What_was_counted_last_is_written_at_the_end()
    {
        var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        use.Accept();
        book.Close(use);
        book.Report(Organization, Integration, new StatusCounts(2, 1, 0, 0, 0, 0, 0), [("timeout", "x")]);
        await book.DisposeAsync();
        Assert.Equal(3, Assert.Single(await Hours()).Counts.Requests);
        Assert.Equal("timeout", Assert.Single(await Events()).Status);
    }

    [Fact]
    public async Task What_a_connector_reports_counts_once_however_often_it_is_written()
    {
        var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        book.Report(Organization, Integration, new StatusCounts(2, 1, 0, 0, 0, 0, 0), []);
        await book.Write();
        await book.Write();
        use.Accept();
        await book.Write();
        Assert.Equal(
            (3, 1), Assert.Single(await Hours()) is var hour ? (hour.Counts.Requests, hour.Counts.Failed) : default);
        book.Close(use);
        await book.DisposeAsync();
    }

    /// <summary>Nobody keeps a counter that nobody holds, and one that is held goes on.</summary>
    [Fact]
    public async Task A_counter_is_dropped_once_nobody_holds_it()
    {
        await using var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        Assert.Same(use, book.Open(Organization, Integration));
        book.Close(use);
        await book.Write();
        Assert.Same(use, book.Open(Organization, Integration));
        book.Close(use);
        book.Close(use);
        await book.Write();
        Assert.NotSame(use, book.Open(Organization, Integration));
    }

    [Fact]
    public async Task What_a_fault_kept_from_being_written_is_written_with_the_next()
    {
        await using var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        use.Accept();
        await using (var other = new SqliteConnection(Database))
        {
            await other.OpenAsync();
            await using SqliteCommand locking = new("BEGIN IMMEDIATE", other);
            await locking.ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<StorageUnavailableException>(book.Write);
        }

        SqliteConnection.ClearAllPools();
        use.Accept();
        await Eventually.Holds(async () =>
        {
            try
            {
                await book.Write();
                return true;
            }
            catch (StorageUnavailableException)
            {
                return false;
            }
        });
        Assert.Equal(2, Assert.Single(await Hours()).Counts.Requests);
    }

    [Fact]
    public async Task Each_of_many_at_once_is_counted_once_and_an_accepted_one_allocates_nothing()
    {
        await using var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        use.Accept();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            use.Accept();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                use.Accept();
                if (i % 5_000 == 0)
                {
                    await book.Write();
                }
            }
        })));
        await book.Write();
        Assert.Equal(81_001, (await Hours()).Sum(hour => hour.Counts.Requests));
        Assert.Equal(
            81_001,
            Assert.Single(await Store.Totals(Organization.ToString(), [Integration.ToString()])).Counts.Requests);
    }

    [Fact]
    public async Task An_hour_tells_as_many_events_as_are_kept_and_the_next_tells_again()
    {
        await using var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        for (var i = 0; i < 1000; i++)
        {
            use.Refuse(TokenRefusal.Disabled, _clock.GetUtcNow());
        }

        await book.Write();
        Assert.Equal(StatusStore.MostEvents, (await Events()).Count);
        _clock.Advance(TimeSpan.FromHours(1));
        use.Refuse(TokenRefusal.Disabled, _clock.GetUtcNow());
        await Eventually.Holds(async () =>
        {
            await book.Write();
            return (await Events()).Count == StatusStore.MostEvents + 1;
        });
        Assert.Equal(1001, (await Hours()).Sum(hour => hour.Counts.Failed));
    }

    [Fact]
    public async Task Hours_and_events_are_kept_for_thirty_five_days()
    {
        await using var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        var use = book.Open(Organization, Integration);
        use.Refuse(TokenRefusal.Expired, _clock.GetUtcNow());
        await book.Write();
        _clock.Advance(StatusBook.Kept - TimeSpan.FromHours(2));
        Assert.Single(await Hours());
        _clock.SetUtcNow(_clock.GetUtcNow() + TimeSpan.FromHours(3));
        await Eventually.Holds(async () =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            return (await Hours()).Count == 0 && (await Events()).Count == 0;
        });
    }

    [Theory]
    [InlineData("integration_hours")]
    [InlineData("integration_status")]
    [InlineData("integration_events")]
    public async Task A_row_that_the_database_refuses_keeps_no_other_from_being_written(string table)
    {
        await using var book = new StatusBook(Store, _clock, NullLogger<StatusBook>.Instance);
        List<IntegrationUse> uses = [.. Enumerable.Range(0, 7).Select(
            i => book.Open(Organization, i == 3 ? Integration : Guid.NewGuid()))];
        await Execute(
            $"CREATE TRIGGER refused BEFORE INSERT ON {table} WHEN NEW.integration_id = '{Integration}' BEGIN SELECT RAISE(ABORT, 'no'); END");
        uses.ForEach(use => use.Refuse(TokenRefusal.Expired, _clock.GetUtcNow()));
        await book.Write();
        Assert.Equal(table == "integration_hours" ? 6 : 7, (await All()).Requests);
        Assert.Equal(table == "integration_events" ? 0 : 1, (await Events()).Count);

        // What was refused is not tried again, and what was written is not written twice.
        await Execute("DROP TRIGGER refused");
        uses[0].Accept();
        await book.Write();
        Assert.Equal(table == "integration_hours" ? 7 : 8, (await All()).Requests);
    }

    private async Task<StatusCounts> All() =>
        Assert.Single(await Store.Hours(Organization.ToString(), null, DateTimeOffset.UnixEpoch)).Counts;

    private async Task Execute(string sql)
    {
        await using var connection = new SqliteConnection(Database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private Task<IReadOnlyList<StatusHourRow>> Hours() =>
        Store.Hours(Organization.ToString(), Integration.ToString(), DateTimeOffset.UnixEpoch);

    private Task<IReadOnlyList<StatusEventRow>> Events() =>
        Store.Events(Integration.ToString(), [], 1000, descending: false);
}
