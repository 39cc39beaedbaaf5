using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TokenActors.Gateway.Tests.Lifecycle;
using Xunit.Abstractions;

namespace TokenActors.Gateway.Tests.AspNetCore;

/// <summary>Applications that let in the service's tokens by the package for ASP.NET.</summary>
public sealed class ResourceServerTests(TimedService service, ITestOutputHelper output) : IClassFixture<TimedService>
{
    [Fact]
    public async Task A_live_access_secret_is_let_in_with_claims_and_nothing_else_is()
    {
        await using var server = await ResourceServer.Start(service);
        var made = await service.Create("viewer");
        var (status, body, _) = await server.Get(made.Access);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"jti={made.Id}", body);
        Assert.Contains("scope=viewer", body);
        Assert.Contains($"organization_id={service.OrganizationId}", body);
        Assert.DoesNotContain(made.Access, body);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Get(made.Access, "/admin")).Status);
        Assert.Equal(
            (HttpStatusCode.OK, "administrator"),
            await server.Get((await service.Create()).Access, "/admin") is var (s, name, _) ? (s, name) : default);

        var (_, _, foreign) = await service.NewOrganization();
        foreach (var refused in new[] { made.Refresh, foreign.Access, "nonsense", made.Access[..^2] + "zz" })
        {
            var (no, _, challenge) = await server.Get(refused);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""), (no, challenge));
        }

        // What the service answers with 400 is no outage: whoever says it would ask again for ever.
        foreach (var more in new[] { $"\"{made.Access}\"", $"x{made.Access}", $"{made.Access},{made.Access}" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(more)).Status);
        }

        Assert.Equal(
            (HttpStatusCode.Unauthorized, "Bearer"),
            await server.Get(null) is var (none, _, plain) ? (none, plain) : default);
    }

    [Fact]
    public async Task The_servers_own_secret_may_come_from_a_file_with_its_line_end()
    {
        await using var server = await ResourceServer.Start(service, options => options.Secret = $"{service.Admin}\n");
        Assert.Equal(HttpStatusCode.OK, (await server.Get((await service.Create("viewer")).Access)).Status);
    }

    [Fact]
    public async Task Kinds_that_are_not_named_are_refused()
    {
        await using var server = await ResourceServer.Start(service, options => options.Profiles.Add("mcp"));
        var mcp = (string)(await service.Post(
            "/v1/tokens/mcp", service.Admin, new { scope = new { type = "management" } }))
            .Is(HttpStatusCode.Created).Result["secret"]!;
        Assert.Equal(HttpStatusCode.OK, (await server.Get(mcp)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get((await service.Create()).Access)).Status);
    }

    [Fact]
    public async Task With_the_stream_up_three_servers_refuse_a_revoked_token_within_a_second()
    {
        List<ResourceServer> servers = [await ResourceServer.Start(service), await ResourceServer.Start(service), await ResourceServer.Start(service)];
        List<TimeSpan> slowest = [];
        for (var round = 0; round < 5; round++)
        {
            var made = await service.Create("viewer");
            await Task.WhenAll(servers.Select(server => server.Warm(made.Access)));
            (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
            var times = await Task.WhenAll(servers.Select(server => server.UntilRefused(made.Access)));
            output.WriteLine(
                $"refused after {string.Join(", ", times.Select(time => $"{time.TotalMilliseconds:F0} ms"))}");
            slowest.Add(times.Max());
        }

        // A machine that stands still for a second is not the service's; the bound holds also then.
        slowest.Sort();
        Assert.InRange(slowest[2], TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(slowest[^1], TimeSpan.Zero, TimeSpan.FromSeconds(5));

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task With_the_stream_cut_a_revoked_token_is_refused_within_the_bound()
    {
        var bound = TimeSpan.FromSeconds(3);
        await using var server = await ResourceServer.Start(service, options => options.Bound = bound);
        var made = await service.Create("viewer");
        await server.Warm(made.Access);
        await server.Line.StreamCut.CancelAsync();
        var since = Stopwatch.StartNew();
        (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        await server.UntilRefused(made.Access);
        output.WriteLine($"refused {since.ElapsedMilliseconds} ms after the stream was cut");
        Assert.InRange(since.Elapsed, TimeSpan.Zero, bound + TimeSpan.FromSeconds(1.5));

        // From then on every request asks.
        var before = server.Line.Introspections;
        var other = await service.Create("viewer");
        await server.Get(other.Access);
        await server.Get(other.Access);
        Assert.Equal(before + 2, server.Line.Introspections);
    }

    [Fact]
    public async Task An_answer_that_was_overtaken_by_a_revocation_is_not_kept()
    {
        await using var server = await ResourceServer.Start(service);
        await server.Warm((await service.Create("viewer")).Access);
        var made = await service.Create("viewer");
        var gate = new TaskCompletionSource();
        server.Line.AnswersPass = gate.Task;
        var before = server.Line.Introspections;
        var told = server.Revocations.Begin();
        var first = server.Get(made.Access);
        await Eventually.Holds(() => server.Line.Introspections > before);

        // The answer is on its way back when the token is revoked and the stream tells of it.
        (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        await Eventually.Holds(() => server.Revocations.Begin() > told);
        gate.SetResult();
        await first;
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Get(made.Access)).Status);
    }

    [Fact]
    public async Task Where_the_service_does_not_answer_the_challenge_is_503()
    {
        await using var server = await ResourceServer.Start(service, options => options.CacheFor = TimeSpan.Zero);
        server.Line.Down = new HttpRequestException("the line is cut");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Get(service.Admin)).Status);
        server.Line.Down = new SocketException((int)SocketError.NotConnected);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Get(service.Admin)).Status);
        server.Line.Down = null;
        Assert.Equal(HttpStatusCode.OK, (await server.Get(service.Admin)).Status);
    }

    [Fact]
    public async Task The_servers_own_secret_is_replaced_where_its_configuration_changes()
    {
        await using var server = await ResourceServer.Start(service, options => options.CacheFor = TimeSpan.Zero);
        var (own, made) = (await service.Create("administrator"), await service.Create("viewer"));
        server.Reload(own.Access);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(made.Access)).Status);
        (await service.Delete($"/v1/tokens/{own.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Get(made.Access)).Status);
        server.Reload((await service.Create("administrator")).Access);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(made.Access)).Status);
    }

    /// <summary>The file that holds the secret is being written anew.</summary>
    [Fact]
    public async Task A_secret_that_is_empty_for_a_moment_leaves_the_former_in_use()
    {
        await using var server = await ResourceServer.Start(service, options => options.CacheFor = TimeSpan.Zero);
        var (first, second, made) = (await service.Create("administrator"), await service.Create("administrator"), await service.Create("viewer"));
        server.Reload(first.Access);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(made.Access)).Status);
        foreach (var spoilt in new[] { "", " ", "half of\na file" })
        {
            server.Reload(spoilt);
            Assert.Equal(HttpStatusCode.OK, (await server.Get(made.Access)).Status);
        }

        Assert.Equal(1, server.OptionsKept);
        server.Reload(second.Access);
        (await service.Delete($"/v1/tokens/{first.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.OK, (await server.Get(made.Access)).Status);
        server.Reload("");
        Assert.Equal(HttpStatusCode.OK, (await server.Get(made.Access)).Status);
        Assert.Equal(2, server.OptionsKept);
    }

    /// <summary>As a circuit breaker of the application, whose exceptions are of no type that the package
    /// knows.</summary>
    [Fact]
    public async Task Whatever_a_handler_of_the_application_throws_is_503_and_ends_neither_stream_nor_application()
    {
        await using var server = await ResourceServer.Start(
            service, options => options.Bound = TimeSpan.FromSeconds(2));
        var made = await service.Create("viewer");
        await server.Warm(made.Access);
        server.Line.Down = new BrokenCircuit();
        await server.Line.StreamCut.CancelAsync();
        var refused = server.Line.StreamsRefused;
        await Eventually.Holds(() => server.Line.StreamsRefused > refused + 1);
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable, (await server.Get((await service.Create("viewer")).Access)).Status);
        Assert.False(server.IsEnding);
        server.Line.Restore();
        await server.Warm(made.Access);
    }

    private sealed class BrokenCircuit : Exception;

    [Fact]
    public async Task A_server_with_the_cache_answers_more_requests_than_one_that_asks_each_time()
    {
        await using var kept = await ResourceServer.Start(service);
        await using var asking = await ResourceServer.Start(service, options => options.CacheFor = TimeSpan.Zero);
        var made = await service.Create("viewer");
        await kept.Warm(made.Access);
        List<double> ratios = [];
        for (var round = 0; round < 3; round++)
        {
            ratios.Add(await Rate(kept, made.Access) / await Rate(asking, made.Access));
        }

        ratios.Sort();
        output.WriteLine($"requests in a second beside an introspection each: {string.Join(", ", ratios.Select(ratio => $"{ratio:F2}"))} times");
        Assert.InRange(ratios[1], 1, double.MaxValue);
    }

    private static async Task<double> Rate(ResourceServer server, string secret)
    {
        var since = Stopwatch.StartNew();
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (since.ElapsedMilliseconds < 1_500)
            {
                Assert.Equal(HttpStatusCode.OK, (await server.Get(secret)).Status);
                Interlocked.Increment(ref done);
            }
        }));
        return done / since.Elapsed.TotalSeconds;
    }
}
