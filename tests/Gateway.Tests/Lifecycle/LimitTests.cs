using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Tests.AspNetCore;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Tokens that are accepted so often and no more.</summary>
public sealed class LimitTests(LimitTests.Own service) : IClassFixture<LimitTests.Own>
{
    private const string Root = "/lifecycle/v1/tokens";

    private string Gate => $"/access/verify?organization_id={service.OrganizationId}";

    public sealed class Own : Service;

    private async Task<(string Id, string Access, string Refresh)> Make(object limits)
    {
        var body = JsonSerializer.SerializeToNode(limits)!.AsObject();
        body["permission_set"] = "administrator";
        var made = (await service.Post(Root, service.Admin, body)).Is(HttpStatusCode.Created).Json;
        return ((string)made["id"]!, (string)made["secrets"]!["access"]!, (string)made["secrets"]!["refresh"]!);
    }

    private Task<Answer> Patch(string id, object body, string? bearer = null) => service.Send(
        HttpMethod.Patch, $"{Root}/{id}", [("Authorization", "Bearer " + (bearer ?? service.Admin)), ("If-Match", "*")], body, "application/merge-patch+json");

    private async Task<long?> Left(string id) =>
        (long?)(await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.OK).Json["uses_left"];

    private async Task<bool> IsAccepted(int way, string secret) => (way % 3) switch
    {
        0 => (await service.Get("/v1/organization", secret)).Status == HttpStatusCode.OK,
        1 => (await service.Get(Gate, secret)).Status == HttpStatusCode.OK,
        _ => (bool?)(await service.Introspect(service.Admin, secret)).Json["active"] == true,
    };

    private async Task<string[]> Events(string id) => [.. (await service.Store.AuditOf(id)).Select(row => row.Event)];

    /// <summary>Whatever else goes on, 64 callers ask until they are refused.</summary>
    private async Task<int> Storm(string secret, Func<int, Task>? between = null)
    {
        var accepted = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            for (var (i, refused) = (caller, 0); refused < 3; i++)
            {
                if (await IsAccepted(i, secret))
                {
                    Interlocked.Increment(ref accepted);
                    await (between?.Invoke(i) ?? Task.CompletedTask);
                }
                else
                {
                    refused++;
                }
            }
        }));
        return accepted;
    }

    [Fact]
    public async Task A_token_with_a_hundred_uses_is_accepted_exactly_a_hundred_times_by_64_callers()
    {
        var (id, access, refresh) = await Make(new { uses = 100 });
        Assert.Equal(100, await Storm(access));
        Assert.Equal(0, await Left(id));
        (await service.Put($"/v1/tokens/{id}/refresh", refresh)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get("/v1/organization", access)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Equal(
            "used_up",
            (string?)(await service.Get($"{Root}/{id}/can?action=accounts:get", service.Admin)).Json["because"]);
        Assert.Single(await Events(id), "token.limit_reached");
    }

    [Fact]
    public async Task With_commits_lost_it_is_never_accepted_more_often()
    {
        var (id, access, _) = await Make(new { uses = 100 });
        var faults = 0;
        var accepted = await Storm(access, i =>
        {
            if (i % 7 == 0)
            {
                service.Faults.Next(Interlocked.Increment(ref faults) % 2 == 0 ? Fault.AnswerLost : Fault.Lost);
            }

            return Task.CompletedTask;
        });

        // Callers that met a fault were refused and gave up, so that some may be left.
        service.Faults.Clear();
        while (accepted <= 100 && await IsAccepted(accepted, access))
        {
            accepted++;
        }

        Assert.InRange(accepted, 1, 100);
        Assert.True(faults > 3, $"only {faults} faults");
        Assert.InRange((await Events(id)).Count(name => name == "token.limit_reached"), 0, 1);
    }

    [Fact]
    public async Task A_stop_in_order_loses_none()
    {
        var (id, access, _) = await Make(new { uses = 100 });
        foreach (var i in Enumerable.Range(0, 3))
        {
            Assert.True(await IsAccepted(i, access));
        }

        Assert.Equal(97, await Left(id));
        await service.RestartAsync();
        Assert.Equal(97, await Left(id));
        Assert.Equal(97, await Storm(access));
        Assert.Single(await Events(id), "token.limit_reached");
    }

    [Fact]
    public async Task What_is_refused_or_only_asked_is_no_use()
    {
        var (_, _, foreign) = await service.NewOrganization();
        var (id, access, refresh) = await Make(new { uses = 5 });
        (await service.Get($"{Root}/{id}/can?action=accounts:get", service.Admin)).Is(HttpStatusCode.OK);
        Assert.False((bool)(await service.Introspect(foreign.Access, access)).Json["active"]!);
        (await service.Get($"{Gate}&kind=mcp", access)).Is(HttpStatusCode.Forbidden);
        (await service.Get($"/access/verify?organization_id={Guid.NewGuid()}", access)).Is(HttpStatusCode.Forbidden);
        (await service.Get("/access/verify", access)).Is(HttpStatusCode.BadRequest);
        (await service.Get("/v1/organization", access[..^1])).Is(HttpStatusCode.Unauthorized);
        var fresh = (await service.Put($"/v1/tokens/{id}/refresh", refresh)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(5, await Left(id));
        var introspected = (await service.Introspect(service.Admin, (string)fresh["primary"]!["access"]!["secret"]!)).Json;
        Assert.False((bool)introspected["cache"]!);
        Assert.Equal(4, await Left(id));
        Assert.Null((await service.Introspect(service.Admin, service.Admin)).Json["cache"]);
    }

    [Fact]
    public async Task Whoever_revokes_itself_needs_no_use()
    {
        var (id, access, _) = await Make(new { uses = 1 });
        Assert.True(await IsAccepted(0, access));
        Assert.False(await IsAccepted(0, access));
        (await service.Post("/oauth2/revoke-self", access, null)).Is(HttpStatusCode.OK);
        (await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_used_up_is_revoked_by_its_own_secret_as_bearer_and_as_token()
    {
        var (id, access, _) = await Make(new { uses = 1 });
        Assert.True(await IsAccepted(0, access));
        Assert.False(await IsAccepted(0, access));
        (await service.Revoke(access, access)).Is(HttpStatusCode.OK);
        (await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.NotFound);
        (await service.Revoke(access, access)).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Another_number_counts_the_uses_before_and_nobody_raises_its_own()
    {
        var (id, access, _) = await Make(new { uses = 40 });
        foreach (var i in Enumerable.Range(0, 5))
        {
            Assert.True(await IsAccepted(i, access));
        }

        (await Patch(id, """{"uses":41}""", access)).Is(HttpStatusCode.Forbidden);
        (await Patch(id, """{"uses":null}""", access)).Is(HttpStatusCode.Forbidden);
        (await Patch(id, """{"uses":30,"description":"x"}""", access)).Is(HttpStatusCode.OK);
        Assert.Equal(30 - 8, await Left(id));
        (await Patch(id, """{"uses":30,"description":"y"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(22, await Left(id));
        (await Patch(id, """{"uses":7}""")).Is(HttpStatusCode.OK);
        Assert.Equal(0, await Left(id));
        Assert.False(await IsAccepted(0, access));
        (await Patch(id, """{"uses":9}""")).Is(HttpStatusCode.OK);
        Assert.Equal(1, await Storm(access));
        (await Patch(id, """{"uses":null}""")).Is(HttpStatusCode.OK);
        Assert.Null(await Left(id));
        Assert.True(await IsAccepted(0, access));
    }

    [Fact]
    public async Task A_rate_of_its_own_is_429_with_a_time_to_wait()
    {
        var (id, access, _) = await Make(new { per_second = 1, burst = 3 });
        foreach (var path in new[] { "/v1/organization", Gate, "/lifecycle/v1/tokens" })
        {
            (await service.Get(path, access)).Is(HttpStatusCode.OK);
        }

        foreach (var path in new[] { "/v1/organization", Gate, "/lifecycle/v1/tokens" })
        {
            Assert.Equal(
                "1", (await service.Get(path, access)).Is(HttpStatusCode.TooManyRequests).Headers["Retry-After"]);
        }

        (await service.Get("/v1/organization", service.Admin)).Is(HttpStatusCode.OK);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        (await service.Get("/v1/organization", access)).Is(HttpStatusCode.OK);
        (await Patch(id, """{"per_second":null}""")).Is(HttpStatusCode.BadRequest);
        (await Patch(id, """{"per_second":null,"burst":null}""")).Is(HttpStatusCode.OK);
        (await service.Get("/v1/organization", access)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"uses":0}""", "/uses")]
    [InlineData("""{"uses":-1}""", "/uses")]
    [InlineData("""{"uses":1.5}""", "/uses")]
    [InlineData("""{"uses":"7"}""", "/uses")]
    [InlineData("""{"uses":9223372036854775808}""", "/uses")]
    [InlineData("""{"uses":1000000000001}""", "/uses")]
    [InlineData("""{"per_second":0}""", "/per_second")]
    [InlineData("""{"per_second":4294967297}""", "/per_second")]
    [InlineData("""{"burst":5}""", "/burst")]
    [InlineData("""{"per_second":1,"burst":0}""", "/burst")]
    public async Task What_is_wrong_with_them_is_400_that_points_to_it(string body, string pointer)
    {
        var made = await service.Create("viewer");
        var patched = Problem(await Patch(made.Id, body), 400, "invalid-request");
        var create = JsonNode.Parse(body)!.AsObject();
        create["permission_set"] = "viewer";
        var created = Problem(await service.Post(Root, service.Admin, create), 400, "invalid-request");
        Assert.Equal(
            [pointer, pointer],
            new[] { created, patched }.Select(problem => (string?)problem["errors"]![0]!["pointer"]));
    }

    [Fact]
    public async Task A_resource_server_keeps_no_answer_of_a_token_that_has_a_number_of_uses()
    {
        await using var timed = new TimedHost();
        await timed.InitializeAsync();
        await using var server = await ResourceServer.Start(timed);
        var made = (await timed.Post(Root, timed.Admin, new { permission_set = "viewer", uses = 6 })).Is(HttpStatusCode.Created).Json;
        var secret = (string)made["secrets"]!["access"]!;
        List<HttpStatusCode> answers = [];
        foreach (var _ in Enumerable.Range(0, 8))
        {
            answers.Add((await server.Get(secret)).Status);
        }

        Assert.Equal(
            [.. Enumerable.Repeat(HttpStatusCode.OK, 6), HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized],
            answers);
    }

    private sealed class TimedHost : Service, IAsyncDisposable
    {
        protected override TimeProvider Time => TimeProvider.System;

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}
