using System.Net;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>A program on a machine whose clock is shown five hours behind.</summary>
public sealed class ZoneTests : ProcessTests
{
    [Fact]
    public async Task A_date_of_Boomerangs_without_a_zone_is_utc_wherever_the_program_runs()
    {
        await StartUntilReady(environment: new Dictionary<string, string> { ["TZ"] = "America/Bogota" });
        var admin = (string?)ReadBootstrap()["access_secret"];
        foreach (var (given, shown) in new[]
        {
            ("2047-03-04T05:06:07", "2047-03-04T05:06:07"), ("2047-03-04T05:06:07.125", "2047-03-04T05:06:07.125"),
            ("2047-03-04T05:06", "2047-03-04T05:06:00"), ("2047-03-04", "2047-03-04T00:00:00"),
            ("2047-03-04T05:06:07+02:00", "2047-03-04T03:06:07"),
        })
        {
            var body = $$"""{"type":"user","name":"n","principal":"u","expirationDate":"{{given}}"}""";
            var made = await Send(HttpMethod.Post, "/api/v2/token", admin, body)
                ?? throw new InvalidOperationException("no answer");
            var ends = DateTimeOffset.Parse(
                (string?)made.Is(HttpStatusCode.OK).Json["expirationDate"] ?? "", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(DateTimeOffset.Parse(shown + "Z", System.Globalization.CultureInfo.InvariantCulture), ends);
        }
    }
}
