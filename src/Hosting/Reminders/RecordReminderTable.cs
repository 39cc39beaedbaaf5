using Microsoft.Extensions.DependencyInjection;
using Orleans.Reminders;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Records;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// Orleans' reminder table over the due times of the rows, of which the runtime sees a window, so that its memory does
/// not grow with the number of tokens. No reminder is lost, because: a read returns every row that is due within the
/// window, overdue ones included and without a limit; a read that fails throws; overdue rows start a second from now,
/// or in their turn (<see cref="TickPace"/>), and repeat until their due time has moved; reads of a single grain have
/// no window. A silo of a cluster has a dozen ranges and more, and the runtime asks for all of them at once: they are
/// read together (<see cref="RangeReads"/>), so that the pace is that of the silo.
/// </summary>
internal sealed class RecordReminderTable : IReminderTable
{
    private readonly IRecordStore _store;
    private readonly TimeProvider _time;
    private readonly TimeProvider _runtime;
    private readonly RangeReads _ranges;

    /// <param name="store">holds the rows</param>
    /// <param name="time">the service's clock, which says what is due</param>
    /// <param name="runtime">the clock of Orleans' reminder service, which waits for it</param>
    public RecordReminderTable(
        IRecordStore store,
        TimeProvider time,
        [FromKeyedServices(ReminderTimeProviderNames.Reminders)] TimeProvider runtime)
    {
        _store = store;
        _time = time;
        _runtime = runtime;
        _ranges = new(ReadDue);
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new(await _store.DueOf(KeyOf(grainId)) is { } due ? Entries([due]) : (IEnumerable<ReminderEntry>)[]);

    public async Task<ReminderTableData> ReadRows(uint begin, uint end) => new(await _ranges.Read(new(begin, end)));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        reminderName == NameOf(grainId) && await _store.DueOf(KeyOf(grainId)) is { } due
            ? Entries([due]).Single()
            : null;

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entry.ReminderName, NameOf(entry.GrainId));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(entry.Period, TimeSpan.Zero);
        if (StoredDue.Tag is { } stored)
        {
            return stored;
        }

        var startAt = new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc));
        return await _store.RenewDue(KeyOf(entry.GrainId), startAt);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        _store.ClearDue(KeyOf(grainId), eTag);

    public Task TestOnlyClearTable() =>
        throw new NotSupportedException("reminders are part of the rows that they belong to");

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    private async Task<IEnumerable<ReminderEntry>> ReadDue(Func<GrainId, bool> wanted) =>
        Entries([.. (await _store.Due(_time.GetUtcNow() + ServiceOptions.ReminderWindow)).Where(row => wanted(IdOf(row)))]);

    /// <summary>
    /// Orleans lets a reminder whose start is in the past wait for its next period, so an overdue one starts a second
    /// from now, on the runtime's clock, or a little later.
    /// </summary>
    private IEnumerable<ReminderEntry> Entries(IReadOnlyList<DueRecord> rows)
    {
        var soon = TickPace.SoonestOf(rows.Count);
        return new TickPace(_time.GetUtcNow() + soon, _runtime.GetUtcNow() + soon).Of(rows).Select(
            paced => new ReminderEntry
            {
                GrainId = IdOf(paced.Row),
                ReminderName = Kinds.ReminderOf(paced.Row.Key.Kind),
                StartAt = paced.StartAt.UtcDateTime,
                Period = paced.Period,
                ETag = paced.Row.Tag,
            });
    }

    private static GrainId IdOf(DueRecord row) => GrainId.Create(row.Key.Kind, row.Key.Id);

    private static string NameOf(GrainId id) => Kinds.ReminderOf($"{id.Type}");

    private static RecordKey KeyOf(GrainId id) => new($"{id.Type}", $"{id.Key}");
}
