using System.Data.Common;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Whether the database can be used. The first fault is logged with its cause, and throws the sessions away: one
/// that a demoted server or a full disk made read-only would stay so. From then on a probe asks once a second over a
/// new session, until one can write; then what was opened meanwhile is thrown away, too, and the end is logged.
/// Readiness follows, and no request is needed to find out.
/// </summary>
internal sealed partial class StoreHealth(Database database, string serviceId, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan ProbedEvery = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _changing = new();
    private Task _probing = Task.CompletedTask;
    private volatile bool _isAway;
    private volatile int _generation;
    private bool _isClosed;

    public bool IsWritable => !_isAway;

    /// <summary>Differs once sessions were thrown away: one that was opened before is not to be used again.</summary>
    public int Generation => _generation;

    /// <summary>
    /// Notes the fault of a statement, and makes the exception that its callers get. A session that was in use while an
    /// outage ended may fail afterwards; that says nothing of the database as it is now.
    /// </summary>
    /// <param name="cause">what the statement failed with</param>
    /// <param name="generation">what <see cref="Generation"/> was when the session was opened</param>
    public StorageUnavailableException Fault(Exception cause, int generation)
    {
        if (!database.IsOutage(cause))
        {
            // The statement is wrong, not the database: every one of these is a bug to be found.
            LogRefused(cause);
        }
        else
        {
            StorageTelemetry.Unavailable.Add(1);
            lock (_changing)
            {
                if (!_isAway && !_isClosed && generation == _generation)
                {
                    _isAway = true;
                    Discard();
                    LogAway(cause.GetBaseException().Message, cause);
                    _probing = Task.Run(Probe);
                }
            }
        }

        return new StorageUnavailableException("the database did not answer", cause);
    }

    /// <summary>Ends the probe. A second time does no harm: hosts dispose of a store twice.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_changing)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _closing.Cancel();
        }

        await _probing;
        _closing.Dispose();
    }

    private void Discard()
    {
        // In this order: whoever reads the new number opens a session after the old ones are gone.
        database.DiscardSessions();
        Interlocked.Increment(ref _generation);
    }

    private async Task Probe()
    {
        while (!_closing.IsCancellationRequested)
        {
            await Task.Delay(ProbedEvery, TimeProvider.System, _closing.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await using var connection = await database.OpenKeyed();
                await using var write = connection.Command(database.Sql["probe"], ("service", serviceId));
                await write.ExecuteNonQueryAsync();

                // Requests have opened sessions meanwhile, which were read-only a moment ago.
                Discard();
                lock (_changing)
                {
                    _isAway = false;
                }

                LogBack();
                return;
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException or InvalidOperationException)
            {
                Discard();
            }
        }
    }

    [LoggerMessage(1004, LogLevel.Error, "The database cannot be used: {Cause}. Writes are refused until it can")]
    private partial void LogAway(string cause, Exception exception);

    [LoggerMessage(1005, LogLevel.Information, "The database can be used again")]
    private partial void LogBack();

    [LoggerMessage(1006, LogLevel.Error, "The database refused a statement")]
    private partial void LogRefused(Exception exception);
}
