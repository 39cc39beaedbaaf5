using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Usage;
using TokenActors.Storage.Writing;

namespace TokenActors.Grains.Usage;

/// <summary>
/// What this silo has seen of tokens: noted in memory, written at every full minute in statements of many rows, and at
/// the end of the silo. A kill loses a minute at most. What a fault of the database kept from being written is written
/// a minute later; where the fault hid that it was written, it counts twice. What the database refuses is left out.
/// </summary>
public sealed partial class UsageBook : IAsyncDisposable
{
    /// <summary>How long hours are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    /// <summary>Tokens whose uses may wait to be written.</summary>
    internal const int MostUnwritten = 100_000;

    private const int WrittenAtOnce = 500;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<TokenUse> _announced = [];
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Dictionary<string, TokenUsage> _unwritten = [];
    private readonly TokenUseStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<UsageBook> _logger;
    private readonly ITimer _timer;
    private DateTimeOffset _writtenAt;

    public UsageBook(TokenUseStore store, UsageSettings settings, TimeProvider time, ILogger<UsageBook> logger)
    {
        (_store, _time, _logger, Keeps) = (store, time, logger, settings.IsKept);
        var now = time.GetUtcNow();
        _writtenAt = now;
        UsageTelemetry.Opened();
        var untilFullMinute = Period - TimeSpan.FromTicks(now.UtcTicks % Period.Ticks);
        _timer = time.CreateTimer(_ => Tick().Forget(), null, untilFullMinute, Period);
    }

    /// <summary>Hours and networks are kept; otherwise only the time of the last use is.</summary>
    public bool Keeps { get; }

    /// <summary>The notes of a token, for one activation of its grain.</summary>
    internal TokenUse Open(OrganizationId organization, TokenId token) => new(this, organization, token);

    /// <summary>Something was noted that is to be written.</summary>
    internal void Announce(TokenUse use) => _announced.Enqueue(use);

    /// <summary>Writes what was noted.</summary>
    /// <exception cref="StorageUnavailableException">the rest is kept for the next time</exception>
    public async Task Write()
    {
        await _writing.WaitAsync();
        try
        {
            Take();
            foreach (var some in _unwritten.Values.Chunk(WrittenAtOnce).ToList())
            {
                await RefusableRows.Write<TokenUsage>(some, _store.Write, (use, e) => LogRefused(use.TokenId, e));
                Array.ForEach(some, use => _unwritten.Remove(use.TokenId));
            }

            _writtenAt = _time.GetUtcNow();
            UsageTelemetry.Flushed(isWritten: true, TimeSpan.Zero);
        }
        catch (StorageUnavailableException)
        {
            UsageTelemetry.Flushed(isWritten: false, _time.GetUtcNow() - _writtenAt);
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        try
        {
            await Write();
        }
        catch (StorageUnavailableException)
        {
            // The database is away at the end: the last minute is lost, as after a kill.
        }

        _writing.Dispose();
    }

    private async Task Tick()
    {
        try
        {
            await Write();
        }
        catch (StorageUnavailableException)
        {
            // Kept, and tried again in a minute. The store has noted the fault.
        }
        catch (ObjectDisposedException)
        {
            // The silo ends, and writes the rest itself.
        }
    }

    /// <summary>What was counted before a full minute belongs to the hour before it.</summary>
    private void Take()
    {
        var before = _time.GetUtcNow() - TimeSpan.FromSeconds(1);
        var hour = new DateTimeOffset(before.UtcTicks - (before.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var dropped = 0;

        // Not more than are there now: under load tokens are announced as fast as they are taken.
        for (var left = _announced.Count; left > 0 && _announced.TryDequeue(out var use); left--)
        {
            var taken = use.Take(hour);
            if (_unwritten.TryGetValue(taken.TokenId, out var earlier))
            {
                _unwritten[taken.TokenId] = earlier.Then(taken);
            }
            else if (_unwritten.Count < MostUnwritten)
            {
                _unwritten[taken.TokenId] = taken;
            }
            else
            {
                dropped++;
            }
        }

        if (dropped > 0)
        {
            UsageTelemetry.Drop(dropped);
        }
    }

    [LoggerMessage(3522, LogLevel.Warning, "What token {Token} was used for in a minute is left out: the database refuses it")]
    private partial void LogRefused(string token, Exception reason);
}
