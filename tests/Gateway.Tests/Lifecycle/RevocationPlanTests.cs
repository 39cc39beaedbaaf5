using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Grains.Abstractions.Revoking;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>How long plans and jobs last, on a clock that is driven.</summary>
public sealed class RevocationPlanTests : IAsyncLifetime
{
    private const string Revoke = "/lifecycle/v1/tokens/revoke";

    private readonly Service _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    private async Task<string> Token()
    {
        var made = await _service.Post("/lifecycle/v1/tokens", _service.Admin, new { permission_set = "viewer", labels = new[] { "old" } });
        return (string)made.Is(HttpStatusCode.Created).Json["secrets"]!["access"]!;
    }

    private Task<Answer> Ask(object body, string? bearer = null, string query = "") => _service.Post(Revoke + query, bearer ?? _service.Admin, body);

    private async Task<JsonObject> Plan() =>
        (await Ask(new { filter = new[] { "labels[eq]old" } }, query: "?dry_run=true")).Is(HttpStatusCode.OK).Json;

    [Fact]
    public async Task A_plan_holds_for_a_quarter_of_an_hour_and_for_the_token_that_asked_for_it()
    {
        var token = await Token();
        var plan = (string)(await Plan())["plan"]!;
        var other = await _service.Create("administrator");
        Problem(await Ask(new { plan }, other.Access), 404, "not-found");
        Problem(await Ask(new { plan = Guid.NewGuid() }), 404, "not-found");
        Problem(await Ask(new { plan = "x" }), 404, "not-found");
        _service.Clock.Advance(TimeSpan.FromMinutes(16));
        Problem(await Ask(new { plan }), 412, "changed-meanwhile");
        Assert.True(await _service.IsActive(token));
    }

    [Fact]
    public async Task A_stopped_plan_cannot_be_started_and_an_ended_job_is_kept_for_thirty_days()
    {
        var token = await Token();
        var plan = (string)(await Plan())["plan"]!;
        Assert.Equal("stopped", (string?)(await _service.Delete($"/lifecycle/v1/jobs/{plan}", _service.Admin)).Is(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("stopped", (string?)(await Ask(new { plan })).Is(HttpStatusCode.Accepted).Json["state"]);
        Assert.True(await _service.IsActive(token));
        Assert.Empty(await _service.Store.Owned("revocation_batch", plan, 10));

        _service.Clock.Advance(TimeSpan.FromDays(31));
        var grain = _service.Grains.GetGrain<IRevocationJobGrain>(plan);
        await grain.AsReference<IRemindable>().ReceiveReminder("run", default);
        Assert.Null(await _service.Store.Read(new("revocation_job", plan)));
    }
}
