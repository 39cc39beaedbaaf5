using System.Data.Common;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Writing;

/// <summary>
/// The connection of one reader or writer, kept from one use to the next: opened at the first, dropped after a fault,
/// and dropped before it is used where sessions were discarded since. For one user at a time.
/// </summary>
internal sealed partial class HeldConnection(Database database, StoreHealth health, ILogger logger) : IAsyncDisposable
{
    private readonly ILogger _logger = logger;
    private DbConnection? _connection;

    /// <summary>What <see cref="StoreHealth.Generation"/> was when it was opened.</summary>
    public int Generation { get; private set; }

    public async ValueTask<DbConnection> Open()
    {
        var generation = health.Generation;
        if (Generation != generation)
        {
            await Drop();
        }

        Generation = generation;
        return _connection ??= await database.OpenKeyed();
    }

    public ValueTask DisposeAsync() => Drop();

    /// <summary>Closes the connection; the next use opens another.</summary>
    public async ValueTask Drop()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception e) when (e is DbException or IOException or InvalidOperationException)
            {
                LogDrop(e);
            }
        }
    }

    [LoggerMessage(1003, LogLevel.Debug, "A broken connection did not close")]
    private partial void LogDrop(Exception exception);
}
