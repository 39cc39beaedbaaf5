using System.Net;
using TokenActors.Gateway.Tests.Management;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary><c>GET /lifecycle/v1/cluster</c> of a service in one process.</summary>
public sealed class ClusterTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    private const string Path = "/lifecycle/v1/cluster";

    [Fact]
    public async Task The_root_organization_sees_what_the_service_runs_on()
    {
        await service.Create("viewer");
        var cluster = (await service.Get(Path, service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((19, 19), ((int)cluster["schema"]!["version"]!, (int)cluster["schema"]!["oldest_program"]!));
        var silo = Assert.Single(cluster["silos"]!.AsArray())!;
        Assert.Equal(
            ("active", true, true), ((string)silo["status"]!, (bool)silo["answered"]!, (bool)silo["holds_lease"]!));
        Assert.True((int)silo["activations"]! > 0);
        Assert.True((int)silo["commits"]!["count"]! > 0);
        Assert.True((double)silo["commits"]!["longest_ms"]! >= (double)silo["commits"]!["median_ms"]!);
        Assert.NotEmpty(silo["peppers"]!.AsArray());
        var gateway = Assert.Single(cluster["gateways"]!.AsArray())!;
        Assert.Equal((true, (string)silo["version"]!), ((bool)gateway["embedded"]!, (string)gateway["version"]!));
    }

    [Fact]
    public async Task It_is_told_how_long_each_runs()
    {
        var before = (await service.Get(Path, service.Admin)).Is(HttpStatusCode.OK).Json;
        service.Clock.Advance(TimeSpan.FromSeconds(30));
        var after = (await service.Get(Path, service.Admin)).Is(HttpStatusCode.OK).Json;
        foreach (var part in new[] { "silos", "gateways" })
        {
            Assert.InRange(
                (long)after[part]![0]!["uptime_seconds"]! - (long)before[part]![0]!["uptime_seconds"]!, 30, 40);
        }
    }

    [Fact]
    public async Task Ids_of_peppers_are_told_and_no_material()
    {
        var file = await File.ReadAllTextAsync(System.IO.Path.Combine(service.Folder, "pepper"));
        var body = (await service.Get(Path, service.Admin)).Is(HttpStatusCode.OK).Body;
        Assert.All(
            file.Split((char[])['"', ' ', '\n', ':', ',', '='], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 20),
            word => Assert.DoesNotContain(word, body));
    }

    [Fact]
    public async Task An_administrator_of_another_organization_is_403()
    {
        var below = (await service.Post("/v1/suborgs", service.Admin, new { })).Is(HttpStatusCode.Created).Result;
        Problem(await service.Get(Path, (string)below["token"]!["access"]!["secret"]!), 403, "permission-missing");
    }
}
