using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// When reminders start. Tokens may fall due together by the hundred thousand, at one midnight or while nothing ran:
/// all at once, their activations would take more memory than a silo has. So of what is overdue no more than so many
/// tokens start in a second, and no more of what will fall due; what is overdue longest comes last, so that a backlog
/// holds up little of what falls due now. The first of a backlog start slower: a silo that has just begun compiles and
/// loads what all of them need. One that was not carried out is repeated when others have had their turn: each minute,
/// repetitions alone would be more than a silo can do. Reminders of other kinds are few and wait for none.
/// </summary>
/// <param name="overdue">what is due by then starts as soon as may be, on the clock of the service</param>
/// <param name="soonest">the first start, on the runtime's clock</param>
internal sealed class TickPace(DateTimeOffset overdue, DateTimeOffset soonest)
{
    public const int TokensPerSecond = 1_000;

    /// <summary>So many of a backlog start with four times the usual gap.</summary>
    public const int Slow = 500;

    /// <summary>What is not carried out is repeated after so long, where no more of it is due than starts in that time.</summary>
    public static readonly TimeSpan Repetition = TimeSpan.FromMinutes(1);

    /// <summary>Less than the runtime's window, beyond which it forgets a reminder until it reads its list again, and
    /// gives it a start before those that had no turn yet.</summary>
    public static readonly TimeSpan LongestRepetition = TimeSpan.FromMinutes(9);

    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1) / TokensPerSecond;
    private static readonly TimeSpan SlowGap = 4 * Gap;

    private int _begun;
    private DateTimeOffset _nextOverdue;
    private DateTimeOffset _nextDue;

    /// <summary>
    /// How long after a read of so many rows the first of them may start. The runtime takes the list over before; one
    /// whose start has passed by then would wait for its period.
    /// </summary>
    public static TimeSpan SoonestOf(int rows) =>
        TimeSpan.FromSeconds(1) + TimeSpan.FromMicroseconds(Math.Min(100L * rows, 30_000_000));

    /// <summary>The rows in the order of their starts, with these and with the period after which each is repeated.</summary>
    public IEnumerable<(DueRecord Row, DateTimeOffset StartAt, TimeSpan Period)> Of(IReadOnlyList<DueRecord> rows)
    {
        var turn = rows.Count(IsToken) * Gap;
        var period = TimeSpan.FromTicks(Math.Clamp(turn.Ticks, Repetition.Ticks, LongestRepetition.Ticks));
        foreach (var row in rows.Where(row => row.DueAt <= overdue).OrderByDescending(row => row.DueAt).ThenBy(IdOf, StringComparer.Ordinal))
        {
            yield return IsToken(row) ? (row, NextOverdue(), period) : (row, soonest, Repetition);
        }

        foreach (var row in rows.Where(row => row.DueAt > overdue).OrderBy(row => row.DueAt).ThenBy(IdOf, StringComparer.Ordinal))
        {
            yield return IsToken(row) ? (row, Next(ref _nextDue, row.DueAt, Gap), period) : (row, row.DueAt, Repetition);
        }
    }

    // What is due at one midnight has the same turn in each list: out of the window, it would be forgotten shortly before.
    private static string IdOf(DueRecord row) => row.Key.Id;

    private static bool IsToken(DueRecord row) => row.Key.Kind == Kinds.Token;

    private DateTimeOffset NextOverdue() => Next(ref _nextOverdue, soonest, _begun++ < Slow ? SlowGap : Gap);

    private static DateTimeOffset Next(ref DateTimeOffset next, DateTimeOffset wanted, TimeSpan gap)
    {
        var start = wanted > next ? wanted : next;
        next = start + gap;
        return start;
    }
}
