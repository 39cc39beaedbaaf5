using TokenActors.Hosting.Jobs;

namespace TokenActors.Grains.Tests.Jobs;

/// <summary>Cron expressions: which are taken, and when they occur.</summary>
public sealed class CronTimesTests
{
    private const string Form = "must be a cron expression of five fields in UTC: minute, hour, day of month, month, day of week";
    private const string TooNear = "must leave at least 5m between two executions";
    private const string Never = "must be a cron expression that occurs at some time";

    [Theory]
    [InlineData("0 4 * * *")]
    [InlineData("*/5 * * * *")]
    [InlineData("2-59/5 * * * *")]
    [InlineData("0 */6 * * MON-FRI")]
    [InlineData("0 0 1 JAN,JUL *")]
    [InlineData("0 0 L * *")]
    [InlineData("0 0 L-3 * *")]
    [InlineData("0 0 LW * *")]
    [InlineData("0 0 15W * *")]
    [InlineData("0 0 * * 1#2")]
    [InlineData("0 0 * * FRIL")]
    [InlineData("0 0 ? * 7")]
    [InlineData("0 0 13 * 5")]
    [InlineData("0 22-2 * * *")]
    [InlineData(" 0\t4  * * * ")]
    [InlineData("@hourly")]
    [InlineData("@daily")]
    [InlineData("@yearly")]
    [InlineData("0 0 29 2 *")]
    [InlineData("0 0 29 2 MON")]
    [InlineData("0,55 * * * *")]
    public void An_expression_of_five_fields_is_taken(string expression) =>
        Assert.Null(CronTimes.ProblemWith(expression));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("4h")]
    [InlineData("0 4 * *")]
    [InlineData("0 0 4 * * *")]
    [InlineData("0 4 * * * 2026")]
    public void Other_than_five_fields_are_refused(string expression) =>
        Assert.Equal(Form, CronTimes.ProblemWith(expression));

    [Theory]
    [InlineData("60 4 * * *", "Minutes: Value must be a number between 0 and 59")]
    [InlineData("0 24 * * *", "Hours: Value must be a number between 0 and 23")]
    [InlineData("0 4 32 * *", "Days of month: Value must be a number between 1 and 31")]
    [InlineData("0 4 * 13 *", "Months: Value must be a number between 1 and 12")]
    [InlineData("0 4 * * 8", "Days of week: Value must be a number between 0 and 7")]
    [InlineData("0 4 * * MONDAY", "")]
    [InlineData("-5 4 * * *", "")]
    [InlineData("H 4 * * *", "")]
    [InlineData("\u0665 4 * * *", "")]
    [InlineData("0 4 * *\n*", "")]
    [InlineData("@reboot", "")]
    [InlineData("@", "")]
    [InlineData("TZ=UTC 0 4 * *", "")]
    public void A_field_that_is_none_is_refused_with_what_is_wrong(string expression, string problem) =>
        Assert.StartsWith(Form + (problem.Length > 0 ? $" ({problem}" : ""), CronTimes.ProblemWith(expression));

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("*/4 * * * *")]
    [InlineData("*/7 * * * *")]
    [InlineData("0,4 4 * * *")]
    [InlineData("0,57 * * * *")]
    [InlineData("0,58 0,23 * * *")]
    [InlineData("0,58 0,23 1,31 * *")]
    [InlineData("0,58 0,23 28,1 2,3 *")]
    [InlineData("0,58 0,23 29,1 2,3 *")]
    [InlineData("0,58 0,23 31,1 12,1 0,1")]
    [InlineData("@every_minute")]
    [InlineData("@every_second")]
    [InlineData("0-4 4 29 2 *")]
    public void Two_times_within_five_minutes_are_refused(string expression) =>
        Assert.Equal(TooNear, CronTimes.ProblemWith(expression));

    /// <summary>The end of a day and the beginning of a day, of which no two follow on each other.</summary>
    [Theory]
    [InlineData("0,58 0,23 1 * *")]
    [InlineData("0,58 0,23 * * 1,3,5")]
    [InlineData("0,58 0,23 2-28/2 * *")]
    [InlineData("0,58 0,23 30,1 2,3 *")]
    [InlineData("0,58 0,23 29 2 *")]
    public void Times_on_either_side_of_a_midnight_between_other_days_are_taken(string expression) =>
        Assert.Null(CronTimes.ProblemWith(expression));

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    [InlineData("0 0 29 2 1#1")]
    [InlineData("*/1 * 31 2 *")]
    public void What_never_occurs_is_refused(string expression) =>
        Assert.Equal(Never, CronTimes.ProblemWith(expression));

    [Fact]
    public void A_long_one_is_refused()
    {
        var longest = "0," + string.Concat(Enumerable.Repeat("30,", 81)) + "30 * * * *";
        Assert.Equal(255, longest.Length);
        Assert.Null(CronTimes.ProblemWith(longest));
        Assert.Equal("must be at most 255 characters long", CronTimes.ProblemWith(longest + " "));
    }

    [Theory]
    [InlineData("0 4 * * *", "2026-01-31T04:00:00Z", "2026-02-01T04:00:00Z")]
    [InlineData("0 4 * * *", "2026-01-31T03:59:59.999Z", "2026-01-31T04:00:00Z")]
    [InlineData("0 4 * * *", "2026-01-31T04:00:00.001Z", "2026-02-01T04:00:00Z")]
    [InlineData("0 4 31 * *", "2026-01-31T04:00:00Z", "2026-03-31T04:00:00Z")]
    [InlineData("0 4 30 * *", "2026-01-30T04:00:00Z", "2026-03-30T04:00:00Z")]
    [InlineData("0 4 L * *", "2026-01-31T04:00:00Z", "2026-02-28T04:00:00Z")]
    [InlineData("0 4 L * *", "2028-01-31T04:00:00Z", "2028-02-29T04:00:00Z")]
    [InlineData("0 4 29 2 *", "2026-01-31T04:00:00Z", "2028-02-29T04:00:00Z")]
    [InlineData("0 4 29 2 *", "2096-02-29T04:00:00Z", "2104-02-29T04:00:00Z")]
    [InlineData("0 4 31 12 *", "2026-12-31T04:00:00Z", "2027-12-31T04:00:00Z")]
    [InlineData("0 0 LW * *", "2026-01-01T00:00:00Z", "2026-01-30T00:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z")]
    [InlineData("30 4 * * *", "2026-03-29T02:00:00+02:00", "2026-03-29T04:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-25T00:00:00Z", "2026-10-25T02:30:00Z")]
    [InlineData("30 4 * * *", "2026-01-01T06:00:00+02:00", "2026-01-01T04:30:00Z")]
    public void Times_are_in_utc_and_follow_the_calendar(string expression, string after, string next)
    {
        var found = CronTimes.After(expression, DateTimeOffset.Parse(after));
        Assert.Equal(DateTimeOffset.Parse(next), found);
        Assert.Equal(TimeSpan.Zero, found?.Offset);
    }
}
