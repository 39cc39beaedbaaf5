using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Usage;
using TokenActors.Storage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Tests.Usage;

/// <summary>What a silo notes of tokens, in memory until the full minute.</summary>
public sealed class UsageBookTests : IAsyncLifetime
{
    private static readonly OrganizationId Organization = new(Guid.NewGuid());

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-usage-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 11, 59, 30, TimeSpan.Zero));
    private RecordStore? _records;

    private RecordStore Records => _records ?? throw new InvalidOperationException();

    private string Database => StoreFactory.SqliteFile(Path.Combine(_folder, "book.db"));

    private DateTimeOffset Now => _clock.GetUtcNow();

    public async Task InitializeAsync() => _records = await StoreFactory.Open(
        new StorageOptions { ConnectionString = Database }, "s", TimeProvider.System, NullLoggerFactory.Instance);

    public async Task DisposeAsync()
    {
        await (_records?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_noted_is_written_at_the_full_minute_to_the_hour_that_it_was_of()
    {
        var token = await NewToken();
        await using var book = NewBook();
        var use = book.Open(Organization, token);
        use.Note(null, IPAddress.Parse("203.0.113.9"), "curl", Now);
        use.Note(TokenRefusal.Expired, null, null, Now);
        var usedAt = Now;
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(await Hours(token));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Holds(async () => await LastUse(token) is not null);
        Assert.Equal(new LastTokenUse(token.ToString(), usedAt, "203.0.113.0/24", "curl"), await LastUse(token));
        use.Note(null, null, null, Now);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(async () => (await Hours(token)).Count == 2);
        Assert.Equal([(11, 1, 1), (12, 1, 0)], (await Hours(token)).Select(Shown));
        await Eventually.Holds(async () => (await LastUse(token))?.Address is null);
    }

    [Fact]
    public async Task Only_the_last_five_networks_are_kept_however_many_there_are()
    {
        var token = await NewToken();
        var book = NewBook();
        var use = book.Open(Organization, token);
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            use.Note(null, new IPAddress([10, 0, (byte)i, 1]), $"c{i}", Now);
        }

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        use.Note(null, new IPAddress([10, 0, 97, 200]), "again", Now);
        await book.DisposeAsync();
        var kept = await Records.Uses.Addresses(token.ToString());
        Assert.Equal(
            ["10.0.97.0/24 again", "10.0.99.0/24 c99", "10.0.98.0/24 c98", "10.0.96.0/24 c96", "10.0.95.0/24 c95"],
            kept.Select(address => $"{address.Address} {address.Client}"));
        Assert.True(kept[0].FirstAt < kept[0].LastAt);
    }

    [Fact]
    public async Task Uses_of_all_threads_are_counted_once_each()
    {
        var token = await NewToken();
        var book = NewBook();
        var use = book.Open(Organization, token);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                use.Note(i % 5 == 0 ? TokenRefusal.Disabled : null, new IPAddress([10, 0, (byte)thread, 1]), "c", Now);
                if (i % 1_000 == 0)
                {
                    await book.Write();
                }
            }
        })));
        await book.DisposeAsync();
        Assert.Equal((11, 32_000, 8_000), Shown(Assert.Single(await Hours(token))));
    }

    [Fact]
    public async Task What_a_fault_kept_from_being_written_is_written_with_the_next()
    {
        var token = await NewToken();
        await using var book = NewBook();
        var use = book.Open(Organization, token);
        use.Note(null, IPAddress.Loopback, "c", Now);
        await using (var blocker = new SqliteConnection(Database))
        {
            await blocker.OpenAsync();
            await using var block = blocker.CreateCommand();
            block.CommandText = "BEGIN IMMEDIATE";
            await block.ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<StorageUnavailableException>(book.Write);
        }

        SqliteConnection.ClearAllPools();
        use.Note(null, IPAddress.Loopback, "c", Now);
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
        Assert.Equal((11, 2, 0), Shown(Assert.Single(await Hours(token))));
    }

    [Fact]
    public async Task Switched_off_only_the_time_of_the_last_use_is_kept()
    {
        var token = await NewToken();
        var book = new UsageBook(
            Records.Uses, new UsageSettings(IsKept: false), _clock, NullLogger<UsageBook>.Instance);
        var use = book.Open(Organization, token);
        use.Note(null, IPAddress.Loopback, "c", Now);
        use.Note(TokenRefusal.Expired, IPAddress.Loopback, "c", Now);
        await book.DisposeAsync();
        Assert.Equal(new LastTokenUse(token.ToString(), Now, null, null), await LastUse(token));
        Assert.Empty(await Hours(token));
        Assert.Empty(await Records.Uses.Addresses(token.ToString()));
    }

    [Fact]
    public async Task A_token_that_was_only_refused_is_written_too()
    {
        var token = await NewToken();
        await using var book = NewBook();
        var use = book.Open(Organization, token);
        use.Note(TokenRefusal.Expired, IPAddress.Loopback, "c", Now);
        use.Note(TokenRefusal.Expired, IPAddress.Loopback, "c", Now);
        await book.Write();
        Assert.Equal((11, 0, 2), Shown(Assert.Single(await Hours(token))));
        Assert.Null(await LastUse(token));
        await book.Write();
        Assert.Equal((11, 0, 2), Shown(Assert.Single(await Hours(token))));
    }

    /// <summary>What was taken to be written is taken: a use from the same network is of the next minute.</summary>
    [Fact]
    public async Task A_network_is_noted_with_its_first_and_its_last_use_however_often_it_is_written()
    {
        var token = await NewToken();
        await using var book = NewBook();
        var use = book.Open(Organization, token);
        var first = Now;
        use.Note(null, IPAddress.Parse("10.0.0.1"), "a", Now);
        _clock.Advance(TimeSpan.FromSeconds(1));
        use.Note(null, IPAddress.Parse("10.0.0.2"), "b", Now);
        await book.Write();
        Assert.Equal(
            ("10.0.0.0/24", "b", first, first.AddSeconds(1)), Shown(
                Assert.Single(await Records.Uses.Addresses(token.ToString()))));
        _clock.Advance(TimeSpan.FromSeconds(1));
        use.Note(null, IPAddress.Parse("10.0.0.3"), null, Now);
        await book.Write();
        Assert.Equal(
            ("10.0.0.0/24", null, first, first.AddSeconds(2)), Shown(
                Assert.Single(await Records.Uses.Addresses(token.ToString()))));
        Assert.Equal(
            new LastTokenUse(token.ToString(), first.AddSeconds(2), "10.0.0.0/24", null), await LastUse(token));
    }

    [Fact]
    public async Task A_use_from_nowhere_known_is_the_last_one_and_no_network_is_named_for_it()
    {
        var token = await NewToken();
        await using var book = NewBook();
        var use = book.Open(Organization, token);
        use.Note(null, IPAddress.Parse("10.0.0.1"), "a", Now);
        _clock.Advance(TimeSpan.FromSeconds(1));
        use.Note(null, null, null, Now);
        await book.Write();
        Assert.Equal(new LastTokenUse(token.ToString(), Now, null, null), await LastUse(token));
        Assert.Equal((11, 2, 0), Shown(Assert.Single(await Hours(token))));
    }

    private static (string Network, string? Client, DateTimeOffset First, DateTimeOffset Last) Shown(TokenAddress address) =>
        (address.Address, address.Client, address.FirstAt, address.LastAt);

    private static (int Hour, long Accepted, long Refused) Shown(TokenHour hour) =>
        (hour.Start.Hour, hour.Counts.Accepted, hour.Counts.Refused.Values.Sum());

    private UsageBook NewBook() => new(Records.Uses, UsageSettings.Default, _clock, NullLogger<UsageBook>.Instance);

    private Task<IReadOnlyList<TokenHour>> Hours(TokenId token) =>
        Records.Uses.Hours(token.ToString(), Now.AddDays(-1));

    private async Task<LastTokenUse?> LastUse(TokenId token) =>
        (await Records.Uses.LastUses([token.ToString()])) is [var last] ? last : null;

    private async Task<TokenId> NewToken()
    {
        var id = TokenId.Parse(Guid.NewGuid().ToString());
        await Records.Commit(new Commit(
            new StoredRecord
            {
                Key = new RecordKey("token", id.ToString()), Version = 1, CommandId = "c", State = "{}", Name = "n",
                OrganizationId = Organization.ToString(), CreatedAt = Now, UpdatedAt = Now,
            },
            0, []));
        return id;
    }
}
