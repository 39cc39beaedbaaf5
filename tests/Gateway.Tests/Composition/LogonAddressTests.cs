using System.Net;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Tests.Composition;

/// <summary>Log-ons from several addresses, which a proxy tells.</summary>
public sealed class LogonAddressTests(LogonAddressTests.BehindProxy service) : IClassFixture<LogonAddressTests.BehindProxy>
{
    public sealed class BehindProxy : Service
    {
        protected override string[] Settings =>
        [
            "--TokenActors:RateLimits:FailuresPerAddress", "5", "--TokenActors:ForwardedHeaders:KnownProxies:0",
            "127.0.0.1",
        ];
    }

    private Task<Answer> LogOn(string name, string address) => service.Send(
        HttpMethod.Post, $"/v1/auth/logon/{service.OrganizationId}", [("X-Forwarded-For", address)], new { name, secret = "wrong" });

    /// <summary>
    /// Where every place to derive is taken, whoever is let through to one is 503, and who comes from an address that
    /// failed too often is still 429, whatever the name.
    /// </summary>
    [Fact]
    public async Task No_password_is_derived_for_an_address_that_is_limited()
    {
        const string limited = "192.0.2.1";
        for (var i = 0; i < 5; i++)
        {
            (await LogOn($"nobody{i}", limited)).IsProblem(HttpStatusCode.Unauthorized);
        }

        using var leave = new ManualResetEventSlim();
        var hashing = service.Get<PasswordHashing>();
        var taken = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2) + PasswordHashing.MostWaiting)
            .Select(_ => hashing.OnACore(() => leave.Wait(TimeSpan.FromSeconds(60)), CancellationToken.None)).ToList();
        try
        {
            (await LogOn("nobody", "192.0.2.2")).IsProblem(HttpStatusCode.ServiceUnavailable);
            (await LogOn("nobody", limited)).IsProblem(HttpStatusCode.TooManyRequests);
            (await LogOn("administrator", limited)).IsProblem(HttpStatusCode.TooManyRequests);
        }
        finally
        {
            leave.Set();
            await Task.WhenAll(taken);
        }
    }

    [Fact]
    public async Task Failed_logons_to_one_name_are_an_audit_row_for_each_address()
    {
        var name = $"m{Guid.NewGuid():N}@example.com";

        // Each asking moves the clock on, and a minute's end would come between.
        var minute = TimeSpan.TicksPerMinute;
        service.Clock.Advance(TimeSpan.FromTicks(minute - (service.Clock.GetUtcNow().UtcTicks % minute)));
        foreach (var address in new[] { "198.51.100.1", "198.51.100.2", "198.51.100.1", "2001:db8::1" })
        {
            (await LogOn(name, address)).IsProblem(HttpStatusCode.Unauthorized);
        }

        // A failure of a later minute writes those of the one before.
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        (await LogOn("later", "198.51.100.9")).IsProblem(HttpStatusCode.Unauthorized);
        var trail = (await service.Get("/v1/audit/organizations?limit=1000&filter=code[eq]401", service.Admin))
            .Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal(
            ["198.51.100.1 2x", "198.51.100.2 1x", "2001:db8::1 1x"],
            trail.Where(row => ((string?)row!["response"])!.Contains(name, StringComparison.Ordinal))
                .Select(row => $"{row!["remote_addr"]} {((string?)row["response"])!.Split(' ')[^1]}").Order(StringComparer.Ordinal));
    }
}
