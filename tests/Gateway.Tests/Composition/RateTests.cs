using System.Net;
using TokenActors.Gateway.Tests.Lifecycle;

namespace TokenActors.Gateway.Tests.Composition;

/// <summary>
/// Every limit lets in its burst and what it fills up by meanwhile, measured over real connections on the system's
/// clock. <c>TOKENACTORS_LONG=1</c> measures for 10 s instead of 4.
/// </summary>
public sealed class RateTests
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("TOKENACTORS_LONG") == "1" ? 10 : 4);

    private sealed class Limited(params string[] settings) : Service
    {
        protected override TimeProvider Time => TimeProvider.System;

        protected override string[] Settings => settings;
    }

    /// <summary>
    /// So few log-ons that a busy machine hashes more passwords than that. Limits that are asked first and taken from
    /// after a failure are asked by one client, or several would fail at once.
    /// </summary>
    [Theory]
    [InlineData("PerToken", "19", 38, 19, 8)]
    [InlineData("FailuresPerAddress", "60", 60, 1, 1)]
    [InlineData("LogonsPerName", "4", 4, 4 / 60.0, 4)]
    [InlineData("GuessesPerScheme", "30", 30, 30 / 60.0, 1)]
    [InlineData("per_second", null, 15, 10, 4)]
    public async Task As_many_are_let_in_as_the_setting_says(
        string limit, string? value, int burst, double perSecond, int clients)
    {
        Limited service = value is null ? new() : new($"--TokenActors:RateLimits:{limit}", value);
        await service.InitializeAsync();
        try
        {
            var ask = await Question(limit, service);
            var asked = await Ask(ask, clients);
            var accepted = asked.Count(answer => answer.IsAccepted);
            Assert.True(accepted < asked.Count, $"{accepted} were let in, and nobody was refused");
            var expected = Expected(asked.Select(answer => answer.At), burst, perSecond);
            Assert.InRange(accepted, (expected * 0.95) - 2, (expected * 1.05) + 2);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    /// <summary>What falls under the limit.</summary>
    private static async Task<Func<int, Task<Answer>>> Question(string limit, Service service)
    {
        switch (limit)
        {
            case "PerToken":
                return _ => service.Get("/v1/permissionsets", service.Admin);
            case "FailuresPerAddress":
                return _ => service.Get("/v1/organization", "nonsense");
            case "LogonsPerName":
                return _ => service.Post(
                    $"/v1/auth/logon/{service.OrganizationId}", null, new { name = "administrator", secret = "wrong" });
            case "GuessesPerScheme":
                (await service.Post(
                    Imports.Schemes, service.Admin,
                    new { name = "pins", prefix = "pin_", random_characters = 8, accept_low_entropy = true }))
                    .Is(HttpStatusCode.Created);
                return i => service.Introspect(service.Admin, $"pin_{10_000_000 + i}");
            default:
                var made = (await service.Post(
                    "/lifecycle/v1/tokens", service.Admin,
                    new { permission_set = "viewer", per_second = 10, burst = 15 }))
                    .Is(HttpStatusCode.Created).Json;
                return _ => service.Get("/v1/organization", (string)made["secrets"]!["access"]!);
        }
    }

    /// <summary>Asks from several clients at once, so that more is asked for than is let in.</summary>
    private static async Task<List<(double At, bool IsAccepted)>> Ask(Func<int, Task<Answer>> ask, int clients)
    {
        var (since, number) = (TimeProvider.System.GetTimestamp(), 0);
        var asked = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            List<(double At, bool IsAccepted)> mine = [];
            while (TimeProvider.System.GetElapsedTime(since) < While)
            {
                var answer = await ask(Interlocked.Increment(ref number));
                Assert.True(
                    answer.Status is HttpStatusCode.OK or HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests,
                    answer.Body);
                mine.Add((TimeProvider.System.GetElapsedTime(since).TotalSeconds, answer.Status != HttpStatusCode.TooManyRequests));
            }

            return mine;
        }));
        return [.. asked.SelectMany(one => one).OrderBy(one => one.At)];
    }

    /// <summary>
    /// A busy machine stalls all clients now and then: so what is expected is worked out from the moments at which
    /// something was asked.
    /// </summary>
    private static int Expected(IEnumerable<double> moments, int burst, double perSecond)
    {
        var (permits, last, expected) = ((double)burst, 0.0, 0);
        foreach (var at in moments)
        {
            permits = Math.Min(burst, permits + (perSecond * (at - last)));
            last = at;
            if (permits >= 1)
            {
                permits--;
                expected++;
            }
        }

        return expected;
    }
}
