using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>Endpoints that are changed or switched off while they are sent events.</summary>
public sealed class EndpointFaultTests : ReceiverTests
{
    private const string Root = "/lifecycle/v1/webhooks";

    [Fact]
    public async Task One_that_is_gone_while_more_is_under_way_works_again_once_it_is_switched_on()
    {
        var path = await Endpoint("token.issued");
        var others = new TaskCompletionSource();
        var first = 0;
        Receiver.Answers = async (_, http) =>
        {
            if (Interlocked.Increment(ref first) == 1)
            {
                await Eventually.Holds(() => Receiver.All.Count == 3);
                http.Response.StatusCode = 410;
                return;
            }

            await others.Task;
            http.Response.StatusCode = 500;
        };
        await Task.WhenAll(Token(), Token(), Token());
        await Eventually.Holds(async () => !(bool)(await Service.Get(path, Service.Admin)).Json["enabled"]!);
        others.SetResult();
        await Eventually.Holds(async () => await Count(path, "waiting") == 0 && await Count(path, "given_up") == 3);
        Receiver.Answer(204);
        (await Service.Post($"{path}/enable", Service.Admin, null)).Is(HttpStatusCode.OK);
        var id = await Token();
        await Receiver.Wait(1, got => (string?)got.Json["data"]!["id"] == id);
        await Eventually.Holds(async () => await Count(path, "delivered") == 1);
        Assert.Equal(0, await Count(path, "waiting"));
    }

    /// <summary>The receiver that asked to wait is not the one that is sent to.</summary>
    [Fact]
    public async Task A_wait_that_an_endpoint_asked_for_ends_with_its_address()
    {
        await using var next = await Receiver.Start();
        var path = await Endpoint("token.issued");
        Receiver.Answers = (_, http) =>
        {
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "3600");
            return Task.CompletedTask;
        };
        await Token();
        await Receiver.Wait(1);
        await Eventually.Holds(async () => await Attempts(path) == 1);
        await Move(path, next.Url);
        var id = await Token();
        await next.Wait(1, got => (string?)got.Json["data"]!["id"] == id);
    }

    /// <summary>The clock stands: an attempt that ended with its time-out would never be followed by another.</summary>
    [Fact]
    public async Task What_waits_for_an_answer_of_a_former_address_goes_to_the_next_one_at_once_and_in_order()
    {
        await using var next = await Receiver.Start();
        var path = await Endpoint("token.issued", "token.refreshed");
        Receiver.Answers = (_, http) =>
            Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var made = Made.From((await Service.Post("/v1/tokens", Service.Admin, new { permission_set = "viewer", resources = new { } })).Is(HttpStatusCode.Created));
        (await Service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
        var held = Assert.Single(await Receiver.Wait(1));
        await Move(path, next.Url);
        var got = await next.Wait(2);
        Assert.Equal(["token.issued", "token.refreshed"], got.Select(each => each.Type));
        Assert.Equal(held.Id, got[0].Id);
        await Eventually.Holds(async () => await Count(path, "delivered") == 2);
        Assert.Equal(2, await Attempts(path));
    }

    [Fact]
    public async Task A_call_that_sends_once_more_does_so_once_under_its_key()
    {
        var path = await Endpoint("token.issued");
        var key = Guid.NewGuid().ToString();
        var first = (await Service.Post($"{path}/test", Service.Admin, null, key)).Is(HttpStatusCode.OK);
        Assert.Equal(
            first.Body, (await Service.Post($"{path}/test", Service.Admin, null, key)).Is(HttpStatusCode.OK).Body);
        Assert.NotEqual(first.Body, (await Service.Post($"{path}/test", Service.Admin, null, Guid.NewGuid().ToString())).Is(HttpStatusCode.OK).Body);
        await Receiver.Wait(2);

        var since = new { since = Service.Clock.GetUtcNow().AddHours(-1) };
        await Token();
        await Receiver.Wait(1, got => got.Type == "token.issued");
        await Eventually.Holds(async () => await Count(path, "waiting") == 0);
        var replay = Guid.NewGuid().ToString();
        var queued = (await Service.Post($"{path}/replay", Service.Admin, since, replay)).Is(HttpStatusCode.OK);
        Assert.Equal(1, (int)queued.Json["count"]!);
        await Receiver.Wait(2, got => got.Type == "token.issued");
        Assert.Equal(
            queued.Body,
            (await Service.Post($"{path}/replay", Service.Admin, since, replay)).Is(HttpStatusCode.OK).Body);
        (await Service.Post($"{path}/replay", Service.Admin, new { since = Service.Clock.GetUtcNow().AddHours(-2) }, replay)).Is(HttpStatusCode.Conflict);
        await Eventually.Holds(async () => await Count(path, "waiting") == 0);
        Assert.Equal(2, Receiver.All.Count(got => got.Type == "token.issued"));
    }

    [Fact]
    public async Task What_failed_before_it_was_switched_off_does_not_count_once_it_is_switched_on()
    {
        var path = await Endpoint("token.issued");
        Receiver.Answer(500);
        await Token();
        await Eventually.Holds(async () => await Attempts(path) == 1);
        (await Service.Post($"{path}/disable", Service.Admin, null)).Is(HttpStatusCode.OK);
        (await Service.Post($"{path}/enable", Service.Admin, null)).Is(HttpStatusCode.OK);
        Service.Clock.Advance(TimeSpan.FromHours(2));
        await Token();
        await Eventually.Holds(async () => await Attempts(path) == 2);
        await Receiver.Wait(2);
        Receiver.Answer(204);
        await Token();
        await Eventually.Holds(async () => await Count(path, "delivered") == 1);
        Assert.True((bool)(await Service.Get(path, Service.Admin)).Json["enabled"]!);
    }

    /// <summary>It failed once, and is sent nothing for longer than it may fail.</summary>
    [Fact]
    public async Task A_failure_after_a_quiet_time_is_the_first()
    {
        var path = await Endpoint("token.issued");
        Receiver.Answer(500);
        await Token();
        foreach (var attempts in new[] { 1, 2, 3 })
        {
            await Eventually.Holds(async () => await Attempts(path) == attempts);
            Service.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        await Eventually.Holds(async () => await Count(path, "given_up") == 1);
        Service.Clock.Advance(TimeSpan.FromHours(3));
        await Token();
        await Eventually.Holds(async () => await Attempts(path) == 4);
        Receiver.Answer(204);
        await Token();
        await Eventually.Holds(async () => await Count(path, "delivered") == 1);
        Assert.True((bool)(await Service.Get(path, Service.Admin)).Json["enabled"]!);
    }

    /// <summary>Each event fails once, and there is always one within the time that it may fail.</summary>
    [Fact]
    public async Task Failures_that_follow_each_other_closely_switch_it_off_after_the_time_that_it_may_fail()
    {
        var path = await Endpoint("token.issued");
        Receiver.Answer(500);
        for (var attempts = 1; attempts <= 7
            && (bool)(await Service.Get(path, Service.Admin)).Json["enabled"]!; attempts++)
        {
            await Token();
            await Eventually.Holds(async () => await Attempts(path) >= attempts || await Count(path, "given_up") > 0);
            Service.Clock.Advance(TimeSpan.FromMinutes(20));
        }

        await Eventually.Holds(async () => !(bool)(await Service.Get(path, Service.Admin)).Json["enabled"]!);
        Assert.Equal("failing", (string?)(await Service.Get(path, Service.Admin)).Json["disabled_because"]);
    }

    /// <summary>The clock stands: what failed is due again in ten seconds that never pass.</summary>
    [Fact]
    public async Task A_replay_sends_at_once_what_was_given_up_also_while_an_attempt_hangs()
    {
        var path = await Endpoint("token.issued");
        var since = Service.Clock.GetUtcNow();
        Receiver.Answer(500);
        string[] failed = [await Token(), await Token()];
        await Eventually.Holds(async () => await Attempts(path) == 2);
        Receiver.Answers = (_, http) =>
            Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await Token();
        await Receiver.Wait(3);
        (await Service.Post($"{path}/disable", Service.Admin, null)).Is(HttpStatusCode.OK);
        Assert.True(await Count(path, "given_up") >= 2);
        (await Service.Post($"{path}/enable", Service.Admin, null)).Is(HttpStatusCode.OK);
        Receiver.Answer(204);
        (await Service.Post($"{path}/replay", Service.Admin, new { since })).Is(HttpStatusCode.OK);
        await Eventually.Holds(
            () => Receiver.All.Skip(3).Select(got => (string?)got.Json["data"]!["id"]).Intersect(failed).Count() == 2, "both are sent again");
    }

    [Fact]
    public async Task Another_address_has_not_failed_yet()
    {
        await using var next = await Receiver.Start();
        var path = await Endpoint("token.issued");
        Receiver.Answer(500);
        next.Answer(500);
        await Token();
        await Eventually.Holds(async () => await Attempts(path) == 1);
        await Move(path, next.Url);
        Service.Clock.Advance(TimeSpan.FromHours(2));
        await next.Wait(1);
        await Eventually.Holds(async () => await Attempts(path) == 2);

        // What was noted of an attempt may be seen before it is counted: the next is delivered once it is.
        next.Answer(204);
        await Token();
        await Eventually.Holds(async () => await Count(path, "delivered") == 1);
        Assert.True((bool)(await Service.Get(path, Service.Admin)).Json["enabled"]!);
    }

    [Fact]
    public async Task A_replay_sends_what_is_for_the_endpoint_and_no_tests_of_others()
    {
        var refreshes = await Endpoint("token.refreshed");
        var plain = await Endpoint();
        var since = Service.Clock.GetUtcNow();
        var made = Made.From((await Service.Post("/v1/tokens", Service.Admin, new { permission_set = "viewer", resources = new { } })).Is(HttpStatusCode.Created));
        (await Service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
        (await Service.Post($"{refreshes}/test", Service.Admin, null)).Is(HttpStatusCode.OK);
        await Receiver.Wait(3);
        await Eventually.Holds(
            async () => await Count(refreshes, "delivered") == 2 && await Count(plain, "delivered") == 1);
        Assert.Equal(1, (int)(await Service.Post($"{plain}/replay", Service.Admin, new { since })).Is(HttpStatusCode.OK).Json["count"]!);
        var again = await Receiver.Wait(2, got => got.Type == "token.issued");
        Assert.Single(again.Select(got => got.Id).Distinct());
    }

    [Theory]
    [InlineData("*", 200)]
    [InlineData("\"other\", {0}", 200)]
    [InlineData("{0}", 200)]
    [InlineData("W/{0}", 412)]
    [InlineData("\"other\", \"more\"", 412)]
    [InlineData("other", 412)]
    [InlineData("", 412)]
    public async Task If_Match_may_name_several_tags_or_any(string match, int status)
    {
        var path = await Endpoint();
        var tag = (await Service.Get(path, Service.Admin)).Headers["ETag"];
        var answer = await Service.Send(
            HttpMethod.Patch, path,
            [("Authorization", "Bearer " + Service.Admin), ("If-Match", match.Replace("{0}", tag, StringComparison.Ordinal))],
            new { description = "x" });
        Assert.Equal(status, (int)answer.Status);
    }

    private async Task<string> Endpoint(params string[] types) =>
        $"{Root}/{(await Service.Post(Root, Service.Admin, new { url = Receiver.Url, types })).Is(HttpStatusCode.Created).Json["id"]}";

    private async Task Move(string path, string url) => (await Service.Send(
        HttpMethod.Patch, path, [("Authorization", "Bearer " + Service.Admin), ("If-Match", "*")],
        new JsonObject { ["url"] = url }.ToJsonString(),
        "application/merge-patch+json")).Is(HttpStatusCode.OK);

    private async Task<string> Token() =>
        Made.From((await Service.Post("/v1/tokens", Service.Admin, new { permission_set = "viewer", resources = new { } })).Is(HttpStatusCode.Created)).Id;

    private async Task<JsonArray> Deliveries(string path, string query) =>
        (await Service.Get($"{path}/deliveries{query}", Service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();

    private async Task<int> Count(string path, string status) => (await Deliveries(path, $"?status={status}")).Count;

    private async Task<int> Attempts(string path) =>
        (await Deliveries(path, "")).Sum(delivery => delivery!["attempts"]!.AsArray().Count);
}
