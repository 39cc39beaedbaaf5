using Orleans.Runtime;

namespace Orleans;

/// <summary>A row of the reminder table.</summary>
public sealed class ReminderEntry
{
    public GrainId GrainId { get; set; }

    public string ReminderName { get; set; } = "";

    /// <summary>When it is due, UTC.</summary>
    public DateTime StartAt { get; set; }

    /// <summary>After how long a tick is repeated while the row stands.</summary>
    public TimeSpan Period { get; set; }

    public string ETag { get; set; } = "";
}

/// <summary>What a read of the table returns.</summary>
public sealed class ReminderTableData(IEnumerable<ReminderEntry> list)
{
    public IList<ReminderEntry> Reminders { get; } = [.. list];
}

/// <summary>Where reminders are kept.</summary>
public interface IReminderTable
{
    Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>Rows whose grain's hash lies in (begin, end]; all where begin equals end.</summary>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    Task<string?> UpsertRow(ReminderEntry entry);

    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    Task TestOnlyClearTable();

    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

/// <summary>What grains do with reminders.</summary>
public static class GrainReminderExtensions
{
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        Of(grain).Register(grain.GetGrainId(), reminderName, dueTime, period);

    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) => Of(grain).Unregister(reminder);

    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => Of(grain).Get(grain.GetGrainId(), reminderName);

    private static LocalReminderService Of(Grain grain) =>
        (LocalReminderService)grain.GrainContext.ActivationServices.GetService(typeof(LocalReminderService))!;
}
