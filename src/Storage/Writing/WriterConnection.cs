using System.Data.Common;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Writing;

/// <summary>The connection of one writer: opened at the first use, and dropped after a fault.</summary>
internal sealed partial class WriterConnection(Database database, StoreHealth health, ILogger logger) : IAsyncDisposable
{
    public const int MostRetries = 5;

    /// <summary>No repetition begins later than this: its callers wait for 5 s only.</summary>
    private static readonly TimeSpan RetriedFor = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly HeldConnection _connection = new(database, health, logger);

    /// <summary>
    /// Repeats work that the database rolled back after a deadlock or a serialization failure. Errors about data are
    /// thrown as they are; after any other error the connection is dropped and the outcome of the work is unknown.
    /// </summary>
    public async Task<T> Retrying<T>(Func<DbConnection, Task<T>> work)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work(await _connection.Open());
            }
            catch (DbException e) when (database.IsTransient(e) && attempt < MostRetries
                && TimeProvider.System.GetElapsedTime(began) < RetriedFor)
            {
                LogRetry(attempt, database.CodeOf(e));
                await RetryPause.Before(attempt);
            }
            catch (Exception e) when (e is not DbException db || !database.IsAboutData(db))
            {
                await _connection.Drop();
                throw health.Fault(e, _connection.Generation);
            }
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [LoggerMessage(
        1001, LogLevel.Information, "Write attempt {Attempt} was undone by the database ({Code}); trying again")]
    private partial void LogRetry(int attempt, string code);
}
