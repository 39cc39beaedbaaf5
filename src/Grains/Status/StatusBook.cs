using Microsoft.Extensions.Logging;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Status;
using TokenActors.Storage.Writing;

namespace TokenActors.Grains.Status;

/// <summary>
/// What this silo has seen of integrations: counted in memory, written at every full minute in statements of many rows,
/// and at the end of the silo. A kill loses a minute at most. What a fault of the database kept from being written is
/// written a minute later; where the fault hid that it was written, it counts twice. A row that the database refuses is
/// left out.
/// </summary>
public sealed partial class StatusBook : IAsyncDisposable
{
    /// <summary>How long hours and events are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    private const int SweptAtOnce = 1_000;

    /// <summary>Events that wait while the database is away; further ones are only counted.</summary>
    private const int MostUnwritten = 10_000;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SweptEvery = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, IntegrationUse> _uses = [];
    private readonly SemaphoreSlim _writing = new(1);
    private readonly StatusStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<StatusBook> _logger;
    private readonly ITimer _timer;
    private readonly Dictionary<(string Integration, DateTimeOffset Hour), StatusUse> _unwritten = [];
    private readonly List<StatusEventRow> _unwrittenEvents = [];
    private DateTimeOffset _sweptAt;

    public StatusBook(StatusStore store, TimeProvider time, ILogger<StatusBook> logger)
    {
        (_store, _time, _logger) = (store, time, logger);
        var now = time.GetUtcNow();
        _sweptAt = now;
        var untilFullMinute = Period - TimeSpan.FromTicks(now.UtcTicks % Period.Ticks);
        _timer = time.CreateTimer(_ => Tick().Forget(), null, untilFullMinute, Period);
    }

    /// <summary>The counter of an integration, for an activation that goes on counting until it closes it.</summary>
    internal IntegrationUse Open(OrganizationId organization, Guid integration)
    {
        using var scope = _lock.EnterScope();
        var use = Find(organization, integration);
        use.Holders++;
        return use;
    }

    internal void Close(IntegrationUse use)
    {
        using var scope = _lock.EnterScope();
        use.Holders--;
    }

    /// <summary>Adds what a connector reports.</summary>
    public void Report(
        OrganizationId organization, Guid integration, StatusCounts counts, IEnumerable<(string Status, string? Error)> errors)
    {
        using var scope = _lock.EnterScope();
        var use = Find(organization, integration);
        use.Report(counts);
        var now = _time.GetUtcNow();
        foreach (var (status, error) in errors)
        {
            use.Note(status, error, now);
        }
    }

    /// <summary>Writes what was counted.</summary>
    /// <exception cref="StorageUnavailableException">it is kept for the next time</exception>
    public async Task Write()
    {
        await _writing.WaitAsync();
        try
        {
            Take();
            foreach (var some in _unwritten.Values.Chunk(StatusStore.RowsAtOnce).ToList())
            {
                await RefusableRows.Write<StatusUse>(
                    some, _store.CountHours, (use, e) => LogRefused(use.IntegrationId, e));
                await RefusableRows.Write<StatusUse>(
                    some, _store.CountTotals, (use, e) => LogRefused(use.IntegrationId, e));
                Array.ForEach(some, use => _unwritten.Remove((use.IntegrationId, use.Hour)));
            }

            foreach (var some in _unwrittenEvents.Chunk(StatusStore.RowsAtOnce).ToList())
            {
                await RefusableRows.Write<StatusEventRow>(
                    some, _store.Note, (row, e) => LogRefused(row.IntegrationId, e));
                _unwrittenEvents.RemoveRange(0, some.Length);
            }
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
            await Sweep();
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

    private async Task Sweep()
    {
        var now = _time.GetUtcNow();
        if (now - _sweptAt < SweptEvery)
        {
            return;
        }

        _sweptAt = now;
        while (await _store.Sweep(now - Kept, SweptAtOnce))
        {
        }
    }

    /// <summary>What was counted before a full minute belongs to the hour before it.</summary>
    private void Take()
    {
        var now = _time.GetUtcNow();
        var hour = StatusStore.HourOf(now - TimeSpan.FromSeconds(1));
        using var scope = _lock.EnterScope();
        foreach (var (integration, use) in _uses.ToList())
        {
            if (use.Take(hour, now) is { } counted)
            {
                var place = (counted.IntegrationId, hour);
                _unwritten[place] = _unwritten.TryGetValue(place, out var earlier)
                    ? counted with { Counts = counted.Counts.Add(earlier.Counts) }
                    : counted;
            }

            _unwrittenEvents.AddRange(use.TakeEvents().Take(MostUnwritten - _unwrittenEvents.Count));
            if (use.Holders == 0)
            {
                _uses.Remove(integration);
            }
        }
    }

    private IntegrationUse Find(OrganizationId organization, Guid integration)
    {
        if (!_uses.TryGetValue(integration, out var use))
        {
            _uses[integration] = use = new IntegrationUse(organization, integration);
        }

        return use;
    }

    [LoggerMessage(3521, LogLevel.Warning, "What integration {Integration} came to in a minute is left out: the database refuses it")]
    private partial void LogRefused(string integration, Exception reason);
}
