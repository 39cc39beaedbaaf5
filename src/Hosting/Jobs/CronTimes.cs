using Cronos;
using TokenActors.Domain.Integrations;

namespace TokenActors.Hosting.Jobs;

/// <summary>
/// Cron expressions of scheduled operations: five fields (minute, hour, day of month, month, day of week) in UTC, with
/// what the package Cronos gives, such as names of months and days, <c>L</c>, <c>W</c>, <c>#</c>, and <c>@daily</c> and
/// the like. Where both days are restricted, both have to match.
/// </summary>
public static class CronTimes
{
    private const int LongestExpression = 255;
    private const int Fields = 5;

    private const string Form =
        "must be a cron expression of five fields in UTC: minute, hour, day of month, month, day of week";

    /// <summary>What Cronos says before what is wrong.</summary>
    private const string Preface = "The given cron expression has an invalid format.";

    /// <summary>
    /// Every year is one of fourteen: leap or not, and by the day that it begins with. All of them, and every two that
    /// follow on each other, lie in these 28 years, so that what an expression does not do in them it never does.
    /// </summary>
    private static readonly DateTime Since = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly DateTime Until = Since.AddYears(28);

    /// <summary>
    /// Null where an expression is well formed, occurs at some time, and never twice within
    /// <see cref="ScheduledOperation.Shortest"/>.
    /// </summary>
    public static string? ProblemWith(string expression)
    {
        if (expression.Length > LongestExpression)
        {
            return $"must be at most {LongestExpression} characters long";
        }

        var isMacro = expression.TrimStart().StartsWith('@');
        if (!isMacro && expression.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length != Fields)
        {
            return Form;
        }

        try
        {
            var cron = CronExpression.Parse(expression);
            if (cron.GetNextOccurrence(Since, inclusive: true) is not { } first || first >= Until)
            {
                return "must be a cron expression that occurs at some time";
            }

            return IsTooNear(cron, first)
                ? $"must leave at least {ScheduledOperation.Shortest.TotalMinutes}m between two executions"
                : null;
        }
        catch (Exception e) when (e is CronFormatException or MissingSeedException)
        {
            return $"{Form} ({e.Message.Replace(Preface, "", StringComparison.Ordinal).Trim()})";
        }
    }

    /// <summary>The first time after another at which an expression occurs; null where it never does again.</summary>
    /// <exception cref="CronFormatException">it is none</exception>
    public static DateTimeOffset? After(string expression, DateTimeOffset time) =>
        CronExpression.Parse(expression).GetNextOccurrence(time.UtcDateTime) is { } next
            ? new DateTimeOffset(next)
            : null;

    /// <summary>
    /// Whether it occurs twice within the shortest while: on one day, of which all are alike, or on either side of a
    /// midnight between two days on which it occurs.
    /// </summary>
    private static bool IsTooNear(CronExpression cron, DateTime first)
    {
        var last = first;
        while (cron.GetNextOccurrence(last) is { } next && next.Date == first.Date)
        {
            if (next - last < ScheduledOperation.Shortest)
            {
                return true;
            }

            last = next;
        }

        return first.AddDays(1) - last < ScheduledOperation.Shortest && OccursOnTwoDaysInTurn(cron, last);
    }

    /// <param name="cron">the expression</param>
    /// <param name="last">its last time on the first of its days</param>
    private static bool OccursOnTwoDaysInTurn(CronExpression cron, DateTime last)
    {
        while (cron.GetNextOccurrence(last) is { } next && next < Until)
        {
            var nextDay = next.Date - last.Date;
            if (nextDay == TimeSpan.FromDays(1))
            {
                return true;
            }

            last += nextDay;
        }

        return false;
    }
}
