using Microsoft.Extensions.DependencyInjection;
using Orleans.Reminders;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Records;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// Orleans' reminder table as a window on the due times of the rows, so that memory does not grow with the number of tokens. The rules
/// that keep reminders from being lost: a read returns every row due within the window, overdue ones included and without a limit; on an
/// error it throws; overdue rows start a second from now; the period is the retry interval; single-grain reads are not windowed.
/// </summary>
/// <param name="store">holds the rows</param>
/// <param name="time">the service's clock, which says what is due</param>
/// <param name="runtime">the clock of Orleans' reminder service, which waits for it</param>
internal sealed class RecordReminderTable(
    IRecordStore store, TimeProvider time, [FromKeyedServices(ReminderTimeProviderNames.Reminders)] TimeProvider runtime) : IReminderTable
{
    /// <summary>How long after a tick the next one comes, until the row's due time has moved.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new(await store.DueOf(KeyOf(grainId)) is { } due ? [Entry(due)] : (IEnumerable<ReminderEntry>)[]);

    public async Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        new((await store.Due(time.GetUtcNow() + ServiceOptions.ReminderWindow)).Select(Entry)
            .Where(entry => IsInRange(entry.GrainId.GetUniformHashCode(), begin, end)));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        reminderName == NameOf(grainId) && await store.DueOf(KeyOf(grainId)) is { } due ? Entry(due) : null;

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entry.ReminderName, NameOf(entry.GrainId));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(entry.Period, TimeSpan.Zero);
        return await store.RenewDue(KeyOf(entry.GrainId), new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc)));
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => store.ClearDue(KeyOf(grainId), eTag);

    public Task TestOnlyClearTable() => throw new NotSupportedException("reminders are part of the rows that they belong to");

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>(begin, end] on a ring; everything where both are the same.</summary>
    internal static bool IsInRange(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private ReminderEntry Entry(DueRecord due)
    {
        // What is overdue starts in a second of the runtime's clock: it would wait for the next period after a start that lies in its past.
        var isOverdue = due.DueAt <= time.GetUtcNow() + Soon;
        return new ReminderEntry
        {
            GrainId = GrainId.Create(due.Key.Kind, due.Key.Id),
            ReminderName = Kinds.ReminderOf(due.Key.Kind),
            StartAt = (isOverdue ? runtime.GetUtcNow() + Soon : due.DueAt).UtcDateTime,
            Period = RetryPeriod,
            ETag = due.Tag,
        };
    }

    private static string NameOf(GrainId id) => Kinds.ReminderOf(id.Type.ToString()!);

    private static RecordKey KeyOf(GrainId id) => new(id.Type.ToString()!, id.Key.ToString()!);
}
