using TokenActors.Domain.Integrations;

namespace TokenActors.Domain.Tests.Integrations;

public sealed class ScheduledOperationTests
{
    private const string BadForm = "must be a number and m, h or d";
    private const string TooShort = "must be at least 5m";

    [Theory]
    [InlineData("5m", null)]
    [InlineData("05m", null)]
    [InlineData("30m", null)]
    [InlineData("1h", null)]
    [InlineData("4h", null)]
    [InlineData("1d", null)]
    [InlineData("2147483647m", null)]
    [InlineData("2147483647h", null)]
    [InlineData("2147483647d", null)]
    [InlineData("4m", TooShort)]
    [InlineData("0m", TooShort)]
    [InlineData("0h", TooShort)]
    [InlineData("0d", TooShort)]
    [InlineData("", BadForm)]
    [InlineData("m", BadForm)]
    [InlineData("5", BadForm)]
    [InlineData("300s", BadForm)]
    [InlineData("5M", BadForm)]
    [InlineData("1w", BadForm)]
    [InlineData("-5m", BadForm)]
    [InlineData("+5m", BadForm)]
    [InlineData("5 m", BadForm)]
    [InlineData(" 5m", BadForm)]
    [InlineData("5m ", BadForm)]
    [InlineData("1.5h", BadForm)]
    [InlineData("1h30m", BadForm)]
    [InlineData("1e1h", BadForm)]
    [InlineData("2147483648h", BadForm)]
    [InlineData("٥m", BadForm)]
    public void A_period_is_a_number_of_minutes_hours_or_days(string period, string? problem) =>
        Assert.Equal(problem, ScheduledOperation.ProblemWith(period));

    [Fact]
    public void Operations_are_those_of_the_wire()
    {
        Assert.Equal(26, ScheduledOperation.Ids.Count);
        Assert.All(ScheduledOperation.Ids, id => Assert.Contains(id[..id.IndexOf('_')], ProviderCatalog.Categories));
    }
}
