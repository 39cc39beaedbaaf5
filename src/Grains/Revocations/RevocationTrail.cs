using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Audit;

namespace TokenActors.Grains.Revocations;

/// <summary>
/// Reads the audit trail for the feeds of this silo, while there are any: one read for all organizations, whose cost is
/// that of what is written.
/// </summary>
public sealed partial class RevocationTrail(ITrailReads trail, TimeProvider time, ILogger<RevocationTrail> logger) : IAsyncDisposable
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TriedAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<RevocationFeed, byte> _feeds = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task _reading = Task.CompletedTask;

    internal void Open(RevocationFeed feed)
    {
        using var scope = _lock.EnterScope();
        _feeds[feed] = 0;
        if (_reading.IsCompleted && !_stopping.IsCancellationRequested)
        {
            _reading = Task.Run(ReadOn);
        }
    }

    internal void Close(RevocationFeed feed) => _feeds.TryRemove(feed, out _);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        _stopping.Dispose();
    }

    private async Task ReadOn()
    {
        var follower = new TrailFollower(trail, time);
        using var timer = new PeriodicTimer(ReadEvery, TimeProvider.System);
        try
        {
            while (HasFeeds())
            {
                try
                {
                    await Read(follower);
                }
                catch (Exception e) when (
                    e is not OperationCanceledException || !_stopping.IsCancellationRequested)
                {
                    // The feeds say nothing meanwhile, and whoever follows them keeps nothing for longer than its
                    // bound.
                    LogLater(e);
                    await Task.Delay(TriedAgainAfter, TimeProvider.System, _stopping.Token);
                }

                await timer.WaitForNextTickAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Ends the reading with the last feed, under the lock, so that one that opens now begins it
    /// again.</summary>
    private bool HasFeeds()
    {
        using var scope = _lock.EnterScope();
        if (_feeds.IsEmpty)
        {
            _reading = Task.CompletedTask;
        }

        return !_feeds.IsEmpty;
    }

    /// <summary>A feed that opens during the read is told of the next: this one began before it.</summary>
    private async Task Read(TrailFollower follower)
    {
        var open = _feeds.Keys.ToList();
        var (rows, upTo) = await follower.Read();
        if (!follower.IsCurrent)
        {
            return;
        }

        var revoked = rows.Select(RevocationRules.Of).OfType<Revocation>().ToLookup(
            one => one.OrganizationId, one => one.TokenId);
        foreach (var feed in open)
        {
            feed.Add(revoked[feed.OrganizationId], upTo);
        }
    }

    [LoggerMessage(2450, LogLevel.Warning, "What was revoked cannot be read; it is tried again every second")]
    private partial void LogLater(Exception exception);
}
