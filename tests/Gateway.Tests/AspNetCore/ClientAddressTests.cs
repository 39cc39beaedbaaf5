using System.Net;
using TokenActors.Gateway.Tests.Lifecycle;

namespace TokenActors.Gateway.Tests.AspNetCore;

/// <summary>What an application of the package tells of its callers' addresses, and keeps by them.</summary>
public sealed class ClientAddressTests(TimedService service) : IClassFixture<TimedService>
{
    private const string Inside = "127.0.0.2";
    private const string Outside = "127.0.0.3";

    private async Task<string> Bound(params string[] addresses) => (string)(await service.Post(
        "/lifecycle/v1/tokens", service.Admin, new { permission_set = "viewer", addresses })).Is(HttpStatusCode.Created).Json["secrets"]!["access"]!;

    [Fact]
    public async Task A_token_that_is_bound_to_addresses_is_let_in_from_there_alone_also_while_an_answer_is_kept()
    {
        await using var server = await ResourceServer.Start(service);
        var secret = await Bound(Inside + "/32");
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetFrom(Outside, secret));
        await Kept(server, Inside, secret);
        var asked = server.Line.Introspections;
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetFrom(Outside, secret));
        Assert.Equal(asked + 1, server.Line.Introspections);
        Assert.Equal(HttpStatusCode.OK, await server.GetFrom(Inside, secret));
        Assert.Equal(asked + 1, server.Line.Introspections);
    }

    /// <summary>Where each was seen is noted, so that an answer is asked for from each.</summary>
    [Fact]
    public async Task An_answer_that_is_kept_for_one_address_is_not_used_for_another()
    {
        await using var server = await ResourceServer.Start(service);
        var secret = (await service.Create("viewer")).Access;
        await Kept(server, Inside, secret);
        var asked = server.Line.Introspections;
        Assert.Equal(HttpStatusCode.OK, await server.GetFrom(Outside, secret));
        Assert.Equal(asked + 1, server.Line.Introspections);
    }

    [Fact]
    public async Task A_server_that_tells_no_address_keeps_one_answer_and_lets_in_no_token_that_is_bound_to_some()
    {
        await using var server = await ResourceServer.Start(service, options => options.SendsClientAddress = false);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetFrom(Inside, await Bound("127.0.0.0/8")));
        var secret = (await service.Create("viewer")).Access;
        await Kept(server, Inside, secret);
        var asked = server.Line.Introspections;
        Assert.Equal(HttpStatusCode.OK, await server.GetFrom(Outside, secret));
        Assert.Equal(asked, server.Line.Introspections);
    }

    /// <summary>Waits until requests from an address ask nobody.</summary>
    private static Task Kept(ResourceServer server, string address, string secret) => Eventually.Holds(async () =>
    {
        var before = server.Line.Introspections;
        Assert.Equal(HttpStatusCode.OK, await server.GetFrom(address, secret));
        return server.Line.Introspections == before;
    });
}
