using System.Globalization;
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
        var made = await _service.Post(
            "/lifecycle/v1/tokens", _service.Admin, new { permission_set = "viewer", labels = new[] { "old" } });
        return (string)made.Is(HttpStatusCode.Created).Json["secrets"]!["access"]!;
    }

    private Task<Answer> Ask(object body, string? bearer = null, string query = "", string? key = null) =>
        _service.Post(Revoke + query, bearer ?? _service.Admin, body, key);

    private async Task<JsonObject> Plan(string? key = null) =>
        (await Ask(new { filter = new[] { "labels[eq]old" } }, query: "?dry_run=true", key: key)).Is(HttpStatusCode.OK).Json;

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

    /// <summary>Whoever repeats a call of which nothing was heard revokes what was looked at, and nothing made
    /// since.</summary>
    [Fact]
    public async Task Under_one_key_there_is_one_plan_and_one_job()
    {
        await Token();
        var key = Guid.NewGuid().ToString();
        var plan = await Plan(key);
        var later = await Token();
        Assert.Equal(plan.ToJsonString(), (await Plan(key)).ToJsonString());
        Problem(
            await Ask(new { filter = new[] { "labels[eq]other" } }, query: "?dry_run=true", key: key), 409, "idempotency-key-reused");

        var started = (await Ask(new { plan = (string)plan["plan"]! }, key: key)).Is(HttpStatusCode.Accepted).Json;
        var other = (string)(await Plan())["plan"]!;
        Problem(await Ask(new { plan = other }, key: key), 409, "idempotency-key-reused");
        Problem(await Ask(new { filter = new[] { "labels[eq]old" } }, key: key), 409, "idempotency-key-reused");
        var again = (await Ask(new { plan = (string)plan["plan"]! }, key: key)).Is(HttpStatusCode.Accepted).Json;
        Assert.Equal((string?)started["id"], (string?)again["id"]);
        Assert.True(await _service.IsActive(later));
        (await Ask(new { plan = other }, key: Guid.NewGuid().ToString())).Is(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Many_plans_at_once_under_one_key_start_one_of_them()
    {
        await Token();
        var plans = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (string)(await Plan())["plan"]!));
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(plans.Select(plan => Ask(new { plan }, key: key)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Accepted),
            answer => Problem(answer, 409, "idempotency-key-reused"));
    }

    [Fact]
    public async Task An_organization_has_twenty_plans_until_some_are_over_and_goes_on_revoking()
    {
        await Token();
        var made = await Task.WhenAll(Enumerable.Range(0, 30).Select(
            _ => Ask(new { filter = new[] { "labels[eq]old" } }, query: "?dry_run=true")));
        Assert.InRange(made.Count(answer => answer.Status == HttpStatusCode.OK), 1, 20);
        var last = await Eventually.Finds<Answer>(
            async () => await Ask(new { filter = new[] { "labels[eq]old" } }, query: "?dry_run=true"),
            answer => answer.Status != HttpStatusCode.OK);
        Problem(last, 429, "too-many-requests");
        Assert.InRange(Seconds(last), 890, 900);
        _service.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.InRange(
            Seconds(await Ask(new { filter = new[] { "labels[eq]old" } }, query: "?dry_run=true")), 290, 300);
        var stopped = made.First(answer => answer.Status == HttpStatusCode.OK).Json["plan"];
        (await _service.Delete($"/lifecycle/v1/jobs/{stopped}", _service.Admin)).Is(HttpStatusCode.OK);
        await Plan();
        (await Ask(new { filter = new[] { "labels[eq]old" } })).Is(HttpStatusCode.Accepted);
    }

    private static int Seconds(Answer answer) =>
        int.Parse(answer.Is(HttpStatusCode.TooManyRequests).Headers["Retry-After"], CultureInfo.InvariantCulture);

    /// <summary>Or who may look at nothing takes the places of those who have to revoke.</summary>
    [Fact]
    public async Task Plans_of_no_token_take_no_place()
    {
        await Token();
        var key = Guid.NewGuid().ToString();
        List<string> plans = [];
        for (var i = 0; i < 22; i++)
        {
            plans.Add((await Nothing(i)).Body);
        }

        Assert.Equal(plans[0], (await Nothing(0)).Body);
        await Plan();
        var empty = JsonNode.Parse(plans[0])!;
        Assert.Null(empty["start_before"]);
        Assert.Equal(0, (int)empty["affected"]!["tokens"]!);
        var job = (await Ask(new { plan = (string?)empty["plan"] })).Is(HttpStatusCode.Accepted).Json;
        Assert.Equal(("done", 0), ((string?)job["state"], (int)job["total"]!));

        async Task<Answer> Nothing(int number) => (await Ask(
            new { filter = new[] { $"labels[eq]nothing-{number}" } }, query: "?dry_run=true", key: key + number)).Is(HttpStatusCode.OK);
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
