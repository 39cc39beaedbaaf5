using Microsoft.Extensions.Time.Testing;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Times on the command line: a guess at what was meant could end a secret at once.</summary>
[Collection("service")]
public sealed class TimesTests(RunningService service) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Ta _ta = new(service.Url, service.Admin);

    public void Dispose() => _ta.Dispose();

    [Theory]
    [InlineData("7d", "2030-01-08T00:00:00Z")]
    [InlineData("1.5h", "2030-01-01T01:30:00Z")]
    [InlineData("0s", "2030-01-01T00:00:00Z")]
    [InlineData("36500d", "2129-12-08T00:00:00Z")]
    [InlineData("2031-02-03T04:05:06Z", "2031-02-03T04:05:06Z")]
    [InlineData("2031-02-03 04:05:06Z", "2031-02-03T04:05:06Z")]
    [InlineData("2031-02-03T04:05:06.7+02:00", "2031-02-03T02:05:06.7Z")]
    [InlineData("2031-02-03T04:05:06-05:00", "2031-02-03T09:05:06Z")]
    public void A_span_or_a_time_with_a_zone_is_taken(string text, string time) => Assert.Equal(
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), Times.Parse(
            text, new FakeTimeProvider(Now)));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("1-2")]
    [InlineData("12:00")]
    [InlineData("12:00 -05:00")]
    [InlineData("3/4/2027")]
    [InlineData("Mar 2027")]
    [InlineData("2031-02-03")]
    [InlineData("2031-02-03T04:05")]
    [InlineData("2031-02-03T04:05:06")]
    [InlineData("2031-02-03T04:05:06 ")]
    [InlineData("2031-02-29T04:05:06Z")]
    [InlineData("tomorrow")]
    [InlineData("7")]
    [InlineData("7w")]
    [InlineData("7D")]
    [InlineData("-7d")]
    [InlineData("1,5h")]
    [InlineData("1e3d")]
    [InlineData("NaNd")]
    [InlineData("Infinityd")]
    [InlineData("36501d")]
    [InlineData("9999999d")]
    [InlineData("99999999999999999999999999d")]
    public void Nothing_else_is(string text)
    {
        Assert.Equal(
            ExitCode.Usage, Assert.Throws<CliException>(() => Times.Parse(text, new FakeTimeProvider(Now))).ExitCode);
        Assert.Equal(
            ExitCode.Usage, Assert.Throws<CliException>(() => Times.Ago(text, new FakeTimeProvider(Now))).ExitCode);
    }

    [Fact]
    public void What_lies_behind_is_counted_back()
    {
        Assert.Equal(Now.AddDays(-2), Times.Ago("2d", new FakeTimeProvider(Now)));
        Assert.Equal(Now.AddYears(-1), Times.Ago("2029-01-01T00:00:00Z", new FakeTimeProvider(Now)));
    }

    [Fact]
    public async Task A_rotation_whose_deadline_is_past_is_refused_and_a_deadline_that_is_moved_there_is_said()
    {
        var made = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        foreach (var wrong in new[] { "1-2", "2026-01-02T00:00:00", "2020-01-01T00:00:00Z", "0s" })
        {
            (await _ta.Run($"token rotate {made.Id} --deadline {wrong}")).Is(2);
        }

        Assert.Contains(
            "is past", (await _ta.Run($"token rotate {made.Id} --deadline 2020-01-01T00:00:00Z")).Errors,
            StringComparison.Ordinal);
        Assert.True((await service.Client.Tokens.Introspect([made.Secrets!.Access]))[0].Active);
        Assert.Null((await service.Client.Tokens.Get(made.Id)).Secondary);

        (await _ta.Run($"token rotate {made.Id} --deadline 7d")).Is(0);
        (await _ta.Run($"token move-deadline {made.Id} 1-2")).Is(2);
        Assert.DoesNotContain(
            "is past", (await _ta.Run($"token move-deadline {made.Id} 6d")).Is(0).Errors, StringComparison.Ordinal);
        Assert.True((await service.Client.Tokens.Introspect([made.Secrets.Access]))[0].Active);
        Assert.Contains(
            "is past", (await _ta.Run($"token move-deadline {made.Id} 2020-01-01T00:00:00Z --yes")).Is(0).Errors,
            StringComparison.Ordinal);
        Assert.False((await service.Client.Tokens.Introspect([made.Secrets.Access]))[0].Active);
        Assert.Contains(
            "no time", (await _ta.Run("webhook replay 01a219b4-3ff3-7541-abb9-bc3a20e1ce99 --since 1-2")).Is(2).Errors,
            StringComparison.Ordinal);
    }
}
