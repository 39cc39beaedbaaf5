using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// When reminders start. Tokens may fall due together by the hundred thousand, at one midnight or while nothing ran:
/// all at once, their activations would take more memory than a silo has. So of what is overdue no more than so many
/// tokens start in a second, and no more of what will fall due; what is overdue longest comes last, so that a backlog
/// holds up little of what falls due now. Reminders of other kinds are few and wait for none.
/// </summary>
/// <param name="overdue">what is due by then starts as soon as may be, on the clock of the service</param>
/// <param name="soonest">the first start, on the runtime's clock</param>
internal sealed class TickPace(DateTimeOffset overdue, DateTimeOffset soonest)
{
    public const int TokensPerSecond = 1_000;

    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1) / TokensPerSecond;

    private DateTimeOffset _nextOverdue;
    private DateTimeOffset _nextDue;

    /// <summary>The rows in the order of their starts, with these.</summary>
    public IEnumerable<(DueRecord Row, DateTimeOffset StartAt)> Of(IReadOnlyList<DueRecord> rows)
    {
        foreach (var row in rows.Where(row => row.DueAt <= overdue).OrderByDescending(row => row.DueAt))
        {
            yield return (row, row.Key.Kind == Kinds.Token ? Next(ref _nextOverdue, soonest) : soonest);
        }

        foreach (var row in rows.Where(row => row.DueAt > overdue).OrderBy(row => row.DueAt))
        {
            yield return (row, row.Key.Kind == Kinds.Token ? Next(ref _nextDue, row.DueAt) : row.DueAt);
        }
    }

    private static DateTimeOffset Next(ref DateTimeOffset next, DateTimeOffset wanted)
    {
        var start = wanted > next ? wanted : next;
        next = start + Gap;
        return start;
    }
}
