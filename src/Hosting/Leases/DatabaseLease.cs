using System.Data.Common;
using Microsoft.Extensions.Logging;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Leases;

namespace TokenActors.Hosting.Leases;

/// <summary>
/// A lease in the database, renewed by a thread of its own, so that a busy thread pool does not let it expire. The silo
/// trusts a renewal for less time than it stands in the database, and counts from before it was sent. It counts on the
/// monotonic and on the wall clock: while a process or its machine is suspended, one of the two may stand still.
/// </summary>
public sealed partial class DatabaseLease(SiloLeaseTable table, ILogger<DatabaseLease> logger)
    : SiloLease, IAsyncDisposable
{
    /// <summary>After a renewal the lease expires in the database after this time.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long the silo trusts a renewal. The difference to <see cref="Length"/> is the margin for clocks that drift.
    /// </summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RenewedEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly ManualResetEventSlim _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private (Thread Thread, string Silo)? _renewing;
    private long _renewedAt;
    private long _renewedOnTheWall;

    /// <summary>
    /// Cancelled when the database says that this silo is dead or that another cluster serves the service.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    public override bool IsHeld
    {
        get
        {
            var renewed = Volatile.Read(ref _renewedAt);
            return renewed != 0
                && Time.GetElapsedTime(renewed) < Trusted
                && Time.GetUtcNow().Ticks - Volatile.Read(ref _renewedOnTheWall) < Trusted.Ticks;
        }
    }

    public override TimeSpan? Age =>
        Volatile.Read(ref _renewedAt) is var renewed and not 0 ? Time.GetElapsedTime(renewed) : null;

    /// <summary>Claims the lease, and waits long enough for the leases of a dead cluster to expire.</summary>
    /// <param name="silo">unique to this start of the silo: <c>address:port@generation</c> in a cluster</param>
    /// <param name="cancellationToken">gives up waiting</param>
    /// <exception cref="InvalidOperationException">another live cluster serves the service</exception>
    public async Task Claim(string silo, CancellationToken cancellationToken)
    {
        var since = Time.GetTimestamp();
        while (true)
        {
            var (sent, onTheWall) = Now();
            if (await table.Claim(silo, Length) is not { } holder)
            {
                Note(sent, onTheWall);
                break;
            }

            if (Time.GetElapsedTime(since) > Length + Length)
            {
                throw new InvalidOperationException(
                    $"Silo {holder} of another cluster serves this service id on this database. "
                    + "Stop that cluster first, or set another TokenActors:Cluster:ServiceId.");
            }

            await Task.Delay(RenewedEvery, Time, cancellationToken);
        }

        var thread = new Thread(() => Renew(silo)) { IsBackground = true, Name = "silo lease" };
        _renewing = (thread, silo);
        thread.Start();
    }

    /// <summary>Stops answering, and deletes the lease so that a successor need not wait for it to expire.</summary>
    public async Task Release()
    {
        if (_renewing is not var (thread, silo))
        {
            return;
        }

        _renewing = null;
        _stop.Set();
        thread.Join();
        Volatile.Write(ref _renewedAt, 0);
        try
        {
            await table.Release(silo);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            // It expires by itself.
            LogNotReleased(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Release();
        table.Dispose();
        _stop.Dispose();
        _lost.Dispose();
    }

    private void Renew(string silo)
    {
        var away = false;
        while (!_stop.Wait(RenewedEvery))
        {
            var (sent, onTheWall) = Now();
            try
            {
                if (!table.Renew(silo, Length))
                {
                    LogLost(silo);
                    Volatile.Write(ref _renewedAt, 0);
                    _lost.Cancel();
                    return;
                }

                Note(sent, onTheWall);
                away = false;
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException or InvalidOperationException)
            {
                if (!away)
                {
                    LogAway(e);
                }

                away = true;
            }
        }
    }

    private static (long Sent, long OnTheWall) Now() => (Time.GetTimestamp(), Time.GetUtcNow().Ticks);

    private void Note(long sent, long onTheWall)
    {
        Volatile.Write(ref _renewedOnTheWall, onTheWall);
        Volatile.Write(ref _renewedAt, sent);
    }

    [LoggerMessage(3101, LogLevel.Critical, "Silo {Silo} was declared dead, or its service was taken over: it stops")]
    private partial void LogLost(string silo);

    [LoggerMessage(3102, LogLevel.Warning, "The lease could not be renewed: the silo answers nothing until it can")]
    private partial void LogAway(Exception exception);

    [LoggerMessage(3103, LogLevel.Warning, "The lease could not be given back: it runs out by itself")]
    private partial void LogNotReleased(Exception exception);
}
