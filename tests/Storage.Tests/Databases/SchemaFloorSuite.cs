using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Tests.Databases;

/// <summary>What keeps a program from starting on rows that it would spoil.</summary>
public abstract class SchemaFloorSuite
{
    private const int Newer = Migrator.ProgramSchema + 1;

    protected abstract StorageOptions NewDatabase();

    /// <summary>This program is the older one of a program that knows one migration more.</summary>
    public virtual async Task A_program_that_is_older_than_what_was_demanded_does_not_start()
    {
        var options = NewDatabase();
        await using (var store = await Open(options))
        {
            await store.Floor.Demand(Migrator.ProgramSchema);
            await (await Open(options)).DisposeAsync();
            await store.Floor.Demand(Newer);
        }

        foreach (var start in new Func<Task>[]
        {
            () => Open(options), () =>
                StoreFactory.OpenMigrated(options, "s1", TimeProvider.System, NullLoggerFactory.Instance),
            () => StoreFactory.Migrate(options, TimeProvider.System, dryRun: false),
        })
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(start);
            Assert.EndsWith(
                $"demands a program of schema {Newer} or newer; this one is {Newer - 1}. Upgrade the program.",
                refused.Message);
        }
    }

    public virtual async Task What_was_demanded_is_never_taken_back()
    {
        var options = NewDatabase();
        await using (var store = await Open(options))
        {
            await using var other = await Open(options);
            await Task.WhenAll(Enumerable.Range(1, Newer).Select(program => store.Floor.Demand(program).AsTask()));
            await other.Floor.Demand(1);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => Open(options));
    }

    /// <summary>A new database has no older programs; one that an older program has written in may go back to
    /// it.</summary>
    public virtual async Task Rows_are_divided_where_no_program_starts_that_reads_none()
    {
        var options = NewDatabase();
        await using (var store = await Open(options))
        {
            Assert.True(store.MayDivideRows);
        }

        await using (var database = StoreFactory.Create(options))
        {
            await using var connection = await database.Open();
            await using var command = connection.Command("UPDATE schema_versions SET oldest_program = 1");
            await command.ExecuteNonQueryAsync();
        }

        await using (var store = await Open(options))
        {
            Assert.False(store.MayDivideRows);
            await store.Floor.Demand(Migrator.HotParts - 1);
            Assert.False(store.MayDivideRows);
        }

        await using (var store = await Open(options))
        {
            Assert.False(store.MayDivideRows);
            await store.Floor.Demand(Migrator.HotParts);
            Assert.False(store.MayDivideRows);
        }

        await using (var store = await Open(options))
        {
            Assert.True(store.MayDivideRows);
        }
    }

    private static Task<RecordStore> Open(StorageOptions options) =>
        StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);
}
