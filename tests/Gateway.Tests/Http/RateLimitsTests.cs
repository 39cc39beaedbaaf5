using System.Net;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Gateway.Http;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Tests.Http;

public sealed class RateLimitsTests
{
    /// <summary>One subscriber has a whole /64, and an IPv4 address may be written as an IPv6 one.</summary>
    [Theory]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Failures_count_by_network(string one, string other, bool together)
    {
        var limits = new RateLimits(
            new GatewayOptions(new ServiceOptions { RateLimits = new RateLimitSettings { FailuresPerAddress = 3 } }), new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(limits.TooManyFailures(IPAddress.Parse(other)));
            limits.NoteFailure(IPAddress.Parse(one));
        }

        Assert.Equal(together, limits.TooManyFailures(IPAddress.Parse(other)) is not null);
    }
}
