using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.PostgreSql;
using TokenActors.Storage.Records;
using TokenActors.Storage.SqlServer;
using TokenActors.Storage.Sqlite;

namespace TokenActors.Storage;

/// <summary>Opens the store that the options name, with its schema brought up to date.</summary>
public static class StoreFactory
{
    /// <param name="options">provider and connection</param>
    /// <param name="serviceId">rows of other service ids on the same database are never seen</param>
    /// <param name="time">the clock</param>
    /// <param name="loggers">for the store's log</param>
    public static async Task<RecordStore> Open(StorageOptions options, string serviceId, TimeProvider time, ILoggerFactory loggers)
    {
        var database = Create(options);
        try
        {
            await Migrator.Migrate(database, time);
            return new RecordStore(database, serviceId, time, loggers.CreateLogger<RecordStore>());
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the store on a schema that somebody else keeps up to date.</summary>
    /// <exception cref="SchemaBehindException">the schema lacks a migration of this program</exception>
    /// <exception cref="StorageUnavailableException">the database did not answer</exception>
    public static async Task<RecordStore> OpenMigrated(StorageOptions options, string serviceId, TimeProvider time, ILoggerFactory loggers)
    {
        var database = Create(options);
        try
        {
            await Migrator.Check(database);
            return new RecordStore(database, serviceId, time, loggers.CreateLogger<RecordStore>());
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the schema up to date; safe to run twice at once.</summary>
    /// <param name="options">provider and connection</param>
    /// <param name="time">the clock</param>
    /// <param name="dryRun">only says what would be done</param>
    /// <returns>the numbers of the migrations that were applied, or would be</returns>
    public static async Task<IReadOnlyList<int>> Migrate(StorageOptions options, TimeProvider time, bool dryRun)
    {
        await using var database = Create(options);
        return await Migrator.Migrate(database, time, dryRun);
    }

    private static Database Create(StorageOptions options) => options.Provider switch
    {
        DatabaseProvider.Sqlite => new SqliteDatabase(options.ConnectionString ?? throw new ArgumentException("SQLite needs a file", nameof(options))),
        DatabaseProvider.PostgreSql => new PostgreSqlDatabase(options.ConnectionString!),
        DatabaseProvider.SqlServer => new SqlServerDatabase(options.ConnectionString!),
        _ => throw new ArgumentException($"no provider '{options.Provider}'", nameof(options)),
    };

    /// <summary>The file that a SQLite connection string names.</summary>
    public static string FileOf(StorageOptions options) => new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;

    /// <summary>The connection string of a SQLite file. It is made without the driver, which a client of a cluster does not load.</summary>
    public static string SqliteFile(string path) => new DbConnectionStringBuilder { ["Data Source"] = path }.ToString();
}
