using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.PostgreSql;
using TokenActors.Storage.Records;
using TokenActors.Storage.SqlServer;
using TokenActors.Storage.Sqlite;

namespace TokenActors.Storage;

/// <summary>Opens the store that the options name.</summary>
public static partial class StoreFactory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string InMemory = ":memory:";

    /// <summary>Migrates the database, and opens the store.</summary>
    /// <param name="options">provider and connection</param>
    /// <param name="serviceId">rows of other service ids in the same database are never read or written</param>
    /// <param name="time">the clock</param>
    /// <param name="loggers">for the store's log</param>
    public static Task<RecordStore> Open(
        StorageOptions options, string serviceId, TimeProvider time, ILoggerFactory loggers) =>
        Open(Create(options), database => Migrator.Migrate(database, time), serviceId, time, loggers);

    /// <summary>Opens the store on a schema that is migrated already.</summary>
    /// <exception cref="SchemaBehindException">the schema lacks a migration of this program</exception>
    /// <exception cref="StorageUnavailableException">the database did not answer</exception>
    public static Task<RecordStore> OpenMigrated(
        StorageOptions options, string serviceId, TimeProvider time, ILoggerFactory loggers) =>
        Open(Create(options), Migrator.Check, serviceId, time, loggers);

    /// <summary>
    /// Opens the store on a database, which is disposed of with the store, and at once where it cannot be used.
    /// </summary>
    internal static async Task<RecordStore> Open(
        Database database, Func<Database, Task> prepare, string serviceId, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            await prepare(database);
            await Warn(database, loggers);
            return await Over(database, serviceId, time, loggers);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Applies missing migrations. Two processes may do so at the same time: one waits for the other.
    /// </summary>
    /// <param name="options">provider and connection</param>
    /// <param name="time">the clock</param>
    /// <param name="dryRun">applies none</param>
    /// <returns>the numbers of the migrations that were missing</returns>
    public static async Task<IReadOnlyList<int>> Migrate(StorageOptions options, TimeProvider time, bool dryRun)
    {
        if (dryRun && options.Provider == DatabaseProvider.Sqlite && !File.Exists(FileOf(options)))
        {
            return [.. SqlText.Migrations("sqlite").Select(migration => migration.Number)];
        }

        await using var database = Create(options);
        return await Migrator.Migrate(database, time, dryRun);
    }

    private static async Task<RecordStore> Over(Database database, string serviceId, TimeProvider time, ILoggerFactory loggers) =>
        new(database, serviceId, time, loggers.CreateLogger<RecordStore>())
        {
            MayDivideRows = await Migrator.OldestProgram(database) >= Migrator.HotParts,
        };

    private static async Task Warn(Database database, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(typeof(StoreFactory));
        await using var connection = await database.Open();
        foreach (var fact in await database.Warnings(connection))
        {
            LogWarning(logger, fact.What, fact.Value, fact.Problem);
        }
    }

    [LoggerMessage(1007, LogLevel.Warning, "The database's {What} is {Value}: {Problem}")]
    private static partial void LogWarning(ILogger logger, string what, string value, string? problem);

    internal static Database Create(StorageOptions options) => options switch
    {
        { Provider: DatabaseProvider.Sqlite, ConnectionString: { } text } => OpenFile(text, FileOf(options)),
        { Provider: DatabaseProvider.PostgreSql, ConnectionString: { } server } => new PostgreSqlDatabase(server),
        { Provider: DatabaseProvider.SqlServer, ConnectionString: { } server } => new SqlServerDatabase(server),
        _ => throw new ArgumentException($"no connection string of provider '{options.Provider}'", nameof(options)),
    };

    /// <summary>
    /// The file is made for its owner alone before SQLite would make it for everybody; SQLite gives its log the same
    /// mode.
    /// </summary>
    private static SqliteDatabase OpenFile(string connectionString, string file)
    {
        if (!OperatingSystem.IsWindows() && Path.GetFileName(file) is { Length: > 0 } name && name != InMemory)
        {
            if (!File.Exists(file) && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder
                && Directory.Exists(folder))
            {
                new FileStream(file, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
                }).Dispose();
            }

            foreach (var made in FilesOf(file))
            {
                if (File.Exists(made) && File.GetUnixFileMode(made) != OwnerOnly)
                {
                    File.SetUnixFileMode(made, OwnerOnly);
                }
            }
        }

        return new SqliteDatabase(connectionString);
    }

    /// <summary>The files of a SQLite database: itself, its log and the log's index.</summary>
    public static string[] FilesOf(StorageOptions options) => FilesOf(FileOf(options));

    private static string[] FilesOf(string file) => [file, file + "-wal", file + "-shm"];

    /// <summary>The file that a SQLite connection string names.</summary>
    public static string FileOf(StorageOptions options) =>
        new SqliteConnectionStringBuilder(options.ConnectionString).DataSource;

    /// <summary>
    /// The connection string of a SQLite file. A client of a cluster calls this too, so it does not load the driver.
    /// </summary>
    public static string SqliteFile(string path) => new DbConnectionStringBuilder { ["Data Source"] = path }.ToString();
}
