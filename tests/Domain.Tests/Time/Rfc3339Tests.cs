using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tests.Time;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2027-01-02T03:04:05Z", "2027-01-02T03:04:05.0000000+00:00")]
    [InlineData("2027-01-02t03:04:05z", "2027-01-02T03:04:05.0000000+00:00")]
    [InlineData("2027-01-02 03:04:05Z", "2027-01-02T03:04:05.0000000+00:00")]
    [InlineData("2027-01-02T03:04:05.1Z", "2027-01-02T03:04:05.1000000+00:00")]
    [InlineData("2027-01-02T03:04:05.123456789Z", "2027-01-02T03:04:05.1234567+00:00")]
    [InlineData("2027-01-02T03:04:05+02:30", "2027-01-02T00:34:05.0000000+00:00")]
    [InlineData("2027-01-02T03:04:05-05:00", "2027-01-02T08:04:05.0000000+00:00")]
    public void A_time_with_a_zone_is_read_as_utc(string text, string expected)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal(expected, time.ToString("O"));
    }

    [Theory]
    [InlineData("2027-01-02T03:04:05")]
    [InlineData("2027-01-02")]
    [InlineData("2027-01-02T03:04Z")]
    [InlineData("1-1")]
    [InlineData("12:00 -05:00")]
    [InlineData("2027-13-02T03:04:05Z")]
    [InlineData("2027-02-30T03:04:05Z")]
    [InlineData("2027-01-02T24:00:00Z")]
    [InlineData("2027-01-02T03:04:60Z")]
    [InlineData("2027-01-02T03:04:05+25:00")]
    [InlineData("2027-01-02T03:04:05.Z")]
    [InlineData(" 2027-01-02T03:04:05Z")]
    [InlineData("2027-01-02T03:04:05Z\n")]
    [InlineData("\u0662027-01-02T03:04:05Z")]
    [InlineData("0000-01-02T03:04:05Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.False(Rfc3339.TryParse(text, out _));
}
