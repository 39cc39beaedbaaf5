using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>
/// Delivers reminders: reads the table at start and once every refresh period, keeps what it returned in memory, and ticks each at its
/// time and then once a period until the row is gone. A row that a read does not return is dropped from memory.
/// </summary>
internal sealed partial class LocalReminderService(
    LocalRuntime runtime, IReminderTable table, LocalSiloOptions options, TimeProvider time, ILogger<LocalReminderService> logger) : IDisposable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), Scheduled> _scheduled = [];
    private ITimer? _refresh;

    public async Task Start()
    {
        await table.StartAsync();
        await Refresh();
        _refresh = time.CreateTimer(_ => RefreshSoon(), null, options.ReminderRefreshPeriod, options.ReminderRefreshPeriod);
    }

    public void Dispose()
    {
        _refresh?.Dispose();
        foreach (var scheduled in _scheduled.Values)
        {
            scheduled.Timer?.Dispose();
        }
    }

    public async Task<IGrainReminder> Register(GrainId grain, string name, TimeSpan dueTime, TimeSpan period)
    {
        var entry = new ReminderEntry { GrainId = grain, ReminderName = name, StartAt = (time.GetUtcNow() + dueTime).UtcDateTime, Period = period };
        var tag = await table.UpsertRow(entry) ?? throw new InvalidOperationException($"the table did not take reminder {name} of {grain}");
        entry.ETag = tag;
        Schedule(entry);
        return new Reminder(grain, name, tag);
    }

    public async Task Unregister(IGrainReminder reminder)
    {
        var (grain, name, tag) = (Reminder)reminder;
        await table.RemoveRow(grain, name, tag);
        Drop((grain, name));
    }

    public async Task<IGrainReminder?> Get(GrainId grain, string name) =>
        await table.ReadRow(grain, name) is { } entry ? new Reminder(grain, name, entry.ETag) : null;

    private async void RefreshSoon()
    {
        try
        {
            await Refresh();
        }
        catch (Exception e)
        {
            LogRefreshFailed(e);
        }
    }

    private async Task Refresh()
    {
        var known = _scheduled.Keys.ToHashSet();
        foreach (var entry in (await table.ReadRows(0, 0)).Reminders)
        {
            known.Remove((entry.GrainId, entry.ReminderName));
            if (!_scheduled.TryGetValue((entry.GrainId, entry.ReminderName), out var mine) || mine.Entry.ETag != entry.ETag)
            {
                Schedule(entry);
            }
        }

        foreach (var gone in known)
        {
            Drop(gone);
        }
    }

    /// <summary>No timer is set for longer; a reminder that ticks too early finds nothing due.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private void Schedule(ReminderEntry entry)
    {
        var key = (entry.GrainId, entry.ReminderName);
        var scheduled = new Scheduled(entry);
        _scheduled.AddOrUpdate(key, scheduled, (_, earlier) =>
        {
            earlier.Timer?.Dispose();
            return scheduled;
        });
        var due = entry.StartAt - time.GetUtcNow().UtcDateTime;
        due = TimeSpan.FromTicks(Math.Clamp(due.Ticks, 0, LongestTimer.Ticks));
        scheduled.Timer = time.CreateTimer(_ => Tick(key, scheduled), null, due, entry.Period);
    }

    private void Drop((GrainId, string) key)
    {
        if (_scheduled.TryRemove(key, out var scheduled))
        {
            scheduled.Timer?.Dispose();
        }
    }

    private async void Tick((GrainId Grain, string Name) key, Scheduled scheduled)
    {
        try
        {
            if (_scheduled.TryGetValue(key, out var current) && current == scheduled)
            {
                var status = new TickStatus(scheduled.Entry.StartAt, scheduled.Entry.Period, time.GetUtcNow().UtcDateTime);
                await runtime.Reference<IRemindable>(key.Grain).ReceiveReminder(key.Name, status);
            }
        }
        catch (Exception e)
        {
            LogTickFailed(key.Grain, e);
        }
    }

    [LoggerMessage(2101, LogLevel.Warning, "The reminder of {GrainId} failed; it is repeated after its period")]
    private partial void LogTickFailed(GrainId grainId, Exception exception);

    [LoggerMessage(2102, LogLevel.Warning, "The reminder table could not be read; it is read again after the refresh period")]
    private partial void LogRefreshFailed(Exception exception);

    private sealed record Reminder(GrainId Grain, string ReminderName, string Tag) : IGrainReminder;

    private sealed class Scheduled(ReminderEntry entry)
    {
        public ReminderEntry Entry => entry;

        public ITimer? Timer { get; set; }
    }
}
