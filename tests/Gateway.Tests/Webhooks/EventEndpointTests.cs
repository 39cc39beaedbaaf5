using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>Endpoints of the Lifecycle API: their routes, and what they are sent.</summary>
public sealed class EventEndpointTests : ReceiverTests
{
    private const string Root = "/lifecycle/v1/webhooks";

    private async Task<JsonNode> Endpoint(object? body = null, string? key = null) =>
        (await Service.Post(Root, Service.Admin, body ?? new { url = Receiver.Url, types = new[] { "token.issued", "token.refreshed", "token.disabled", "token.deleted" } }, key))
            .Is(HttpStatusCode.Created).Json;

    private async Task<(string Id, string Refresh)> Token()
    {
        var made = Made.From((await Service.Post("/v1/tokens", Service.Admin, new { permission_set = "viewer", resources = new { } })).Is(HttpStatusCode.Created));
        return (made.Id, made.Refresh);
    }

    [Fact]
    public async Task A_token_says_what_happens_to_it_in_the_order_in_which_it_happened()
    {
        var endpoint = await Endpoint();
        Assert.StartsWith("whsec_", (string?)endpoint["secret"]);
        var (id, refresh) = await Token();
        (await Service.Put($"/v1/tokens/{id}/refresh", refresh)).Is(HttpStatusCode.OK);
        (await Service.Delete($"/v1/tokens/{id}", Service.Admin)).Is(HttpStatusCode.NoContent);
        var got = await Receiver.Wait(3);
        Assert.Equal(["token.issued", "token.refreshed", "token.deleted"], got.Select(one => one.Type));
        Assert.Equal([1L, 2L, 3L], got.Select(one => (long)one.Json["data"]!["version"]!));
        Assert.All(got, one => Assert.Equal(id, (string?)one.Json["data"]!["id"]));
        Assert.Equal(["data", "timestamp", "type"], got[0].Json.AsObject().Select(pair => pair.Key).Order());
        Assert.DoesNotContain("ta_", got[0].Body);
    }

    [Fact]
    public async Task A_reported_leak_is_told_before_what_becomes_of_the_token()
    {
        await Endpoint(new { url = Receiver.Url, types = new[] { "token.leaked", "token.deleted" } });
        var made = Made.From((await Service.Post("/v1/tokens", Service.Admin, new { permission_set = "viewer", resources = new { } })).Is(HttpStatusCode.Created));
        (await Service.Post("/lifecycle/v1/leaks", Service.Admin, new { secrets = new[] { made.Access } })).Is(HttpStatusCode.Accepted);

        // On a busy machine an attempt may take too long, and is made again.
        await Receiver.Wait(
            1, one => one.Type == "token.deleted", meanwhile: () => Service.Clock.Advance(TimeSpan.FromSeconds(1)));
        var got = Receiver.All.DistinctBy(one => one.Id).ToList();
        Assert.Equal(["token.leaked", "token.deleted"], got.Select(one => one.Type));
        Assert.All(got, one => Assert.Equal(made.Id, (string?)one.Json["data"]!["id"]));
        Assert.All(got, one => Assert.DoesNotContain(made.Access, one.Body));
    }

    [Fact]
    public async Task A_list_goes_on_after_its_cursor_whatever_was_deleted()
    {
        List<string> made = [];
        for (var i = 0; i < 5; i++)
        {
            made.Add((string)(await Endpoint())["id"]!);
            made.Add(await Service.Webhook(Receiver.Url));
            Service.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var whole = await Page("");
        Assert.Equal(made.Order(), whole.Ids.Order());
        Assert.Null(whole.Next);
        var first = await Page("?limit=4");
        Assert.Equal(whole.Ids[..4], first.Ids);
        var (last, kind) = (first.Ids[^1], made.IndexOf(first.Ids[^1]) % 2 == 0 ? Root : "/v1/organization/webhooks");
        (await Service.Delete($"{kind}/{last}", Service.Admin)).Is(HttpStatusCode.NoContent);
        var second = await Page($"?limit=4&cursor={first.Next}");
        Assert.Equal(whole.Ids[4..8], second.Ids);
        Assert.Equal(whole.Ids[8..], (await Page($"?limit=2&cursor={second.Next}")).Ids);
        Assert.Null((await Page($"?limit=2&cursor={second.Next}")).Next);

        async Task<(List<string> Ids, string? Next)> Page(string query)
        {
            var page = (await Service.Get(Root + query, Service.Admin)).Is(HttpStatusCode.OK).Json;
            return ([.. page["items"]!.AsArray().Select(item => (string)item!["id"]!)], (string?)page["next_cursor"]);
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=W10", "cursor")]
    public async Task What_is_wrong_with_a_list_is_told(string query, string parameter)
    {
        var problem = (await Service.Get($"{Root}?{query}", Service.Admin)).Is(HttpStatusCode.BadRequest).Json;
        Assert.Equal(parameter, (string?)problem["errors"]![0]!["parameter"]);
    }

    [Fact]
    public async Task Every_body_is_signed_as_standard_webhooks_say()
    {
        var endpoint = await Endpoint();
        await Token();
        var got = (await Receiver.Wait(1))[0];
        AssertSigned(got, (string)endpoint["secret"]!);
        var rotated = (await Service.Post($"{Root}/{endpoint["id"]}/rotate-secret", Service.Admin, null)).Is(HttpStatusCode.OK).Json;
        await Token();
        var both = (await Receiver.Wait(2))[1];
        AssertSigned(both, (string)endpoint["secret"]!);
        AssertSigned(both, (string)rotated["secret"]!);
        Service.Clock.Advance(TimeSpan.FromHours(25));
        await Service.Grains.GetGrain<IEventEndpointGrain>((string)endpoint["id"]!)
            .Redeliver(new RedeliverEvent { Context = new CallContext { CommandId = Guid.NewGuid() } });
        var later = (await Receiver.Wait(3))[2];
        Assert.DoesNotContain(' ', later.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task A_secret_goes_on_for_its_own_day_however_often_it_is_replaced_in_it()
    {
        var endpoint = await Endpoint();
        List<string> secrets = [(string)endpoint["secret"]!];
        async Task Rotate()
        {
            Service.Clock.Advance(TimeSpan.FromHours(1));
            var answer = await Service.Post($"{Root}/{endpoint["id"]}/rotate-secret", Service.Admin, null);
            secrets.Add((string)answer.Is(HttpStatusCode.OK).Json["secret"]!);
        }

        async Task<Received> Sent(int count)
        {
            var command = new RedeliverEvent { Context = new CallContext { CommandId = Guid.NewGuid() } };
            await Service.Grains.GetGrain<IEventEndpointGrain>((string)endpoint["id"]!).Redeliver(command);
            return (await Receiver.Wait(count))[count - 1];
        }

        await Rotate();
        await Rotate();
        var got = await Sent(1);
        Assert.All(secrets, secret => AssertSigned(got, secret));
        Assert.Equal(3, got.Headers["webhook-signature"].Split(' ').Length);
        for (var i = 0; i < 4; i++)
        {
            await Rotate();
        }

        // Of six former ones four are used: the oldest three, and the one before the newest.
        got = await Sent(2);
        Assert.All([.. secrets[..3], .. secrets[^2..]], secret => AssertSigned(got, secret));
        Assert.Equal(5, got.Headers["webhook-signature"].Split(' ').Length);
        Service.Clock.Advance(TimeSpan.FromHours(19.5));
        got = await Sent(3);
        Assert.All([secrets[1], secrets[^1]], secret => AssertSigned(got, secret));
        Assert.Equal(4, got.Headers["webhook-signature"].Split(' ').Length);
    }

    [Fact]
    public async Task A_secret_that_is_put_in_use_again_under_its_key_says_the_same_end_of_the_one_before()
    {
        var endpoint = await Endpoint();
        var key = Guid.NewGuid().ToString();
        var first = (await Service.Post($"{Root}/{endpoint["id"]}/rotate-secret", Service.Admin, null, key)).Is(HttpStatusCode.OK);
        Service.Clock.Advance(TimeSpan.FromMinutes(5));
        var again = (await Service.Post($"{Root}/{endpoint["id"]}/rotate-secret", Service.Admin, null, key)).Is(HttpStatusCode.OK);
        Assert.Equal(first.Body, again.Body);
    }

    /// <summary>The package compares times with the system's clock, and tests drive their own: so it signs
    /// here.</summary>
    private static void AssertSigned(Received got, string secret) => Assert.Contains(
        new StandardWebhooks.StandardWebhook(secret).Sign(
            got.Id, DateTimeOffset.FromUnixTimeSeconds(long.Parse(got.Headers["webhook-timestamp"], CultureInfo.InvariantCulture)), got.Body),
        got.Headers["webhook-signature"].Split(' '));

    [Fact]
    public async Task The_secret_is_shown_to_the_call_that_made_it_and_to_nobody_later()
    {
        var key = Guid.NewGuid().ToString();
        var made = await Endpoint(key: key);
        var again = await Endpoint(key: key);
        Assert.Equal((string?)made["id"], (string?)again["id"]);
        Assert.Equal((string?)made["secret"], (string?)again["secret"]);
        var path = $"{Root}/{made["id"]}";
        Assert.Null((await Service.Get(path, Service.Admin)).Is(HttpStatusCode.OK).Json["secret"]);
        var rotation = Guid.NewGuid().ToString();
        var first = (await Service.Post($"{path}/rotate-secret", Service.Admin, null, rotation)).Is(HttpStatusCode.OK).Json;
        var second = (await Service.Post($"{path}/rotate-secret", Service.Admin, null, rotation)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((string?)first["secret"], (string?)second["secret"]);
        Assert.NotEqual((string?)first["secret"], (string?)made["secret"]);
        Service.Clock.Advance(TimeSpan.FromMinutes(11));
        var third = (await Service.Post($"{path}/rotate-secret", Service.Admin, null, rotation)).Is(HttpStatusCode.OK).Json;
        Assert.NotEqual((string?)first["secret"], (string?)third["secret"]);
    }

    /// <summary>A secret that nobody stored would sign nothing.</summary>
    [Fact]
    public async Task The_secret_of_a_rotation_that_is_repeated_after_another_is_one_that_is_kept()
    {
        var path = $"{Root}/{(await Endpoint())["id"]}";
        var (first, second) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        await Rotate(first);
        await Rotate(second);
        var repeated = await Rotate(first);
        Assert.Equal(repeated, await Rotate(first));

        async Task<string> Rotate(string key) => (string)(await Service.Post(
            $"{path}/rotate-secret", Service.Admin, null, key))
            .Is(HttpStatusCode.OK).Json["secret"]!;
    }

    [Fact]
    public async Task A_key_that_changed_an_endpoint_does_not_delete_it()
    {
        var path = $"{Root}/{(await Endpoint())["id"]}";
        var key = Guid.NewGuid().ToString();
        (await Service.Post($"{path}/disable", Service.Admin, null, key)).Is(HttpStatusCode.OK);
        (string, string)[] headers = [("Authorization", $"Bearer {Service.Admin}"), ("Idempotency-Key", key)];
        Problem(await Service.Send(HttpMethod.Delete, path, headers), 409, "idempotency-key-reused");
        (await Service.Get(path, Service.Admin)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task As_many_as_ask_at_once_make_twenty_and_no_more()
    {
        async Task<Answer[]> Ask(int times) => await Task.WhenAll(Enumerable.Range(0, times).Select(
            _ => Service.Post(Root, Service.Admin, new { url = Receiver.Url, types = new[] { "token.issued" } })));
        var asked = await Ask(60);
        while (asked.Length < 100 && (asked[^1].Status == HttpStatusCode.Created || asked.Length == 60))
        {
            asked = [.. asked, .. await Ask(1)];
        }

        Assert.Equal(20, asked.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.All(
            asked,
            answer => Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.BadRequest, answer.Body));
        var all = (await Service.Get(Root, Service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(20, all.Count);
        (await Service.Delete($"{Root}/{all[0]!["id"]}", Service.Admin)).Is(HttpStatusCode.NoContent);
        await Endpoint();
    }

    [Fact]
    public async Task A_deletion_under_its_key_is_answered_alike_for_ten_minutes_and_nobody_elses_is()
    {
        var path = $"{Root}/{(await Endpoint())["id"]}";
        var key = Guid.NewGuid().ToString();
        (await Service.Delete(path, Service.Admin, key)).Is(HttpStatusCode.NoContent);
        (await Service.Delete(path, Service.Admin, key)).Is(HttpStatusCode.NoContent);
        (await Service.Delete(path, Service.Admin, Guid.NewGuid().ToString())).Is(HttpStatusCode.NotFound);
        (await Service.Delete(path, Service.Admin)).Is(HttpStatusCode.NotFound);
        var other = (await Service.Create("administrator")).Access;
        (await Service.Delete(path, other, key)).Is(HttpStatusCode.NotFound);
        Service.Clock.Advance(TimeSpan.FromMinutes(11));
        (await Service.Delete(path, Service.Admin, key)).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task To_enable_what_is_enabled_changes_nothing()
    {
        var id = (string)(await Endpoint())["id"]!;
        async Task<long> After(string command)
        {
            (await Service.Post($"{Root}/{id}/{command}", Service.Admin, null)).Is(HttpStatusCode.OK);
            var read = new ReadResource { OrganizationId = OrganizationId.Parse(Service.OrganizationId) };
            return (await Service.Grains.GetGrain<IEventEndpointGrain>(id).Get(read)).Resource!.Version;
        }

        List<long> versions = [];
        foreach (var command in new[] { "enable", "disable", "disable", "enable" })
        {
            versions.Add(await After(command));
        }

        Assert.Equal([1, 2, 2, 3], versions);
    }

    [Fact]
    public async Task A_failing_endpoint_is_tried_again_while_other_subjects_go_on_and_later_events_of_one_wait()
    {
        await Endpoint();
        var (stuck, refresh) = await Token();
        await Receiver.Wait(1);
        Receiver.Answers = (got, http) =>
        {
            http.Response.StatusCode = (string?)got.Json["data"]!["id"] == stuck ? 500 : 200;
            return Task.CompletedTask;
        };
        await Service.Put($"/v1/tokens/{stuck}/refresh", refresh);
        await Receiver.Wait(1, got => got.Type == "token.refreshed");
        await Service.Delete($"/v1/tokens/{stuck}", Service.Admin);
        var (other, _) = await Token();
        await Receiver.Wait(1, got => (string?)got.Json["data"]!["id"] == other);
        Assert.DoesNotContain(Receiver.All, got => got.Type == "token.deleted");
        var tries = await Receiver.Wait(
            2, got => got.Type == "token.refreshed", meanwhile: () => Service.Clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Single(tries.Select(got => got.Id).Distinct());
        Receiver.Answer(200);
        await Receiver.Wait(
            1, got => got.Type == "token.deleted", meanwhile: () => Service.Clock.Advance(TimeSpan.FromSeconds(10)));
        Assert.Equal(3, Receiver.All.Count(got => got.Type == "token.refreshed"));
    }

    [Fact]
    public async Task After_the_last_attempt_an_event_is_given_up_and_can_be_sent_once_more()
    {
        var endpoint = await Endpoint();
        Receiver.Answer(500, "no way");
        var (id, refresh) = await Token();
        await Receiver.Wait(1);
        await Receiver.Wait(2, meanwhile: () => Service.Clock.Advance(TimeSpan.FromSeconds(1)));
        await Receiver.Wait(3, meanwhile: () => Service.Clock.Advance(TimeSpan.FromSeconds(10)));
        var path = $"{Root}/{endpoint["id"]}";
        var delivery = await Eventually.Finds(async () =>
            (await Service.Get($"{path}/deliveries?status=given_up", Service.Admin)).Json["items"]!.AsArray() is [{ } only] ? only : null);
        Assert.Equal(("token.issued", id), ((string?)delivery["type"], (string?)delivery["subject_id"]));
        var attempts = delivery["attempts"]!.AsArray();
        Assert.Equal([500, 500, 500], attempts.Select(attempt => (int)attempt!["status"]!));
        Assert.Equal([null, null, "no way"], attempts.Select(attempt => (string?)attempt!["answer"]));
        Receiver.Answer(204);
        await Service.Put($"/v1/tokens/{id}/refresh", refresh);
        await Receiver.Wait(1, got => got.Type == "token.refreshed");
        (await Service.Post($"{path}/redeliver", Service.Admin, new { delivery_id = (string?)delivery["id"] })).Is(HttpStatusCode.OK);
        var again = (await Receiver.Wait(4, got => got.Type == "token.issued"))[3];
        Assert.Equal((string?)delivery["id"], again.Id);
        (await Service.Post($"{path}/redeliver", Service.Admin, new { delivery_id = "msg_other" })).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_replay_sends_what_happened_since()
    {
        var endpoint = await Endpoint();
        var since = Service.Clock.GetUtcNow();
        await Token();
        await Token();
        var first = await Receiver.Wait(2);
        var path = $"{Root}/{endpoint["id"]}";
        await Eventually.Holds(async () => (await Service.Get($"{path}/deliveries?status=delivered", Service.Admin)).Json["items"]!.AsArray().Count == 2);
        var replayed = (await Service.Post($"{path}/replay", Service.Admin, new { since })).Is(HttpStatusCode.OK).Json;
        Assert.Equal(2, (int)replayed["count"]!);
        var all = await Receiver.Wait(4);
        Assert.Equal(first.Select(got => got.Id).Order(), all.Skip(2).Select(got => got.Id).Order());
    }

    [Theory]
    [InlineData(302)]
    [InlineData(204 + 200)]
    public async Task Only_2xx_is_success_and_redirects_are_not_followed(int status)
    {
        await using var elsewhere = await Receiver.Start();
        var endpoint = await Endpoint();
        Receiver.Answers = (_, http) =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        };
        await Token();
        await Receiver.Wait(1);
        var delivery = await Failed(endpoint);
        Assert.Equal(status, (int)delivery["attempts"]![0]!["status"]!);
        Assert.Empty(elsewhere.All);
    }

    [Fact]
    public async Task One_that_hangs_or_floods_costs_one_bounded_attempt()
    {
        var endpoint = await Endpoint();
        using var stop = new CancellationTokenSource();
        Receiver.Answers = (_, http) => Task.Delay(Timeout.Infinite, stop.Token);
        await Token();
        Assert.Contains("no answer within 2 s", (string?)(await Failed(endpoint))["attempts"]![0]!["error"]);
        await stop.CancelAsync();
        Receiver.Answers = async (_, http) =>
        {
            http.Response.StatusCode = 200;
            var block = new byte[64 * 1024];
            Array.Fill(block, (byte)'x');
            for (var i = 0; i < 1_000 && !http.RequestAborted.IsCancellationRequested; i++)
            {
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }
        };
        var (other, _) = await Token();
        var done = await Eventually.Finds(async () =>
            (await Service.Get($"{Root}/{endpoint["id"]}/deliveries?status=delivered", Service.Admin)).Json["items"]!.AsArray()
                .FirstOrDefault(item => (string?)item!["subject_id"] == other));
        Assert.Equal(4096, ((string?)done["attempts"]![0]!["answer"])!.Length);
    }

    [Fact]
    public async Task One_that_asks_for_time_is_left_alone_for_so_long()
    {
        await Endpoint(new { url = Receiver.Url, types = new[] { "token.issued" } });
        await Endpoint(new { url = Receiver.Url, types = new[] { "token.refreshed" } });
        Receiver.Answers = (_, http) =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        };
        await Token();
        await Receiver.Wait(1);
        Receiver.Answer(200);
        var (id, refresh) = await Token();
        Service.Clock.Advance(TimeSpan.FromSeconds(30));
        (await Service.Put($"/v1/tokens/{id}/refresh", refresh)).Is(HttpStatusCode.OK);
        await Receiver.Wait(1, got => got.Type == "token.refreshed");
        Assert.Single(Receiver.All, got => got.Type == "token.issued");
        await Receiver.Wait(
            3, got => got.Type == "token.issued", meanwhile: () => Service.Clock.Advance(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task One_that_is_gone_or_fails_for_long_is_switched_off_until_it_is_switched_on()
    {
        var endpoint = await Endpoint();
        var watcher = await Endpoint(new { url = Receiver.Url + "/watch", types = new[] { "webhook.disabled" } });
        var path = $"{Root}/{endpoint["id"]}";
        Receiver.Answers = (got, http) =>
        {
            http.Response.StatusCode = got.Type == "webhook.disabled" ? 200 : 410;
            return Task.CompletedTask;
        };
        await Token();
        var told = (await Receiver.Wait(1, got => got.Type == "webhook.disabled"))[0];
        Assert.Equal((string?)endpoint["id"], (string?)told.Json["data"]!["id"]);
        var off = (await Service.Get(path, Service.Admin)).Json;
        Assert.Equal((false, "gone"), ((bool)off["enabled"]!, (string?)off["disabled_because"]));
        (await Service.Post($"{path}/test", Service.Admin, null)).Is(HttpStatusCode.Conflict);
        (await Service.Post($"{path}/enable", Service.Admin, null)).Is(HttpStatusCode.OK);
        Receiver.Answers = (got, http) =>
        {
            http.Response.StatusCode = got.Type == "webhook.disabled" ? 200 : 500;
            return Task.CompletedTask;
        };
        await Token();
        await Failed(endpoint);
        Service.Clock.Advance(TimeSpan.FromHours(2));
        await Receiver.Wait(2, got => got.Type == "webhook.disabled");
        Assert.Equal("failing", (string?)(await Service.Get(path, Service.Admin)).Json["disabled_because"]);
        Assert.NotNull(watcher);
    }

    [Fact]
    public async Task Only_events_of_the_accounts_and_labels_that_it_names_are_sent()
    {
        var (a, b) = (await Service.Account(new { labels = new[] { "gold" } }), await Service.Account());
        await Endpoint(new { url = Receiver.Url, types = new[] { "account.updated" }, account_ids = new[] { a } });
        await Endpoint(
            new { url = Receiver.Url, types = new[] { "account.updated" }, account_labels = new[] { "gold" } });
        foreach (var id in new[] { b, a })
        {
            (await Service.Send(HttpMethod.Patch, $"/v1/accounts/{id}", Service.Admin, new[] { new { op = "replace", path = "/fullname", value = "x" } })).Is(HttpStatusCode.OK);
        }

        var got = await Receiver.Wait(2);
        Assert.All(got, one => Assert.Equal(a, (string?)one.Json["data"]!["id"]));
        Assert.Equal(2, got.Select(one => one.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_test_shows_that_it_works()
    {
        var endpoint = await Endpoint();
        var queued = (await Service.Post($"{Root}/{endpoint["id"]}/test", Service.Admin, null)).Is(HttpStatusCode.OK).Json;
        var got = (await Receiver.Wait(1))[0];
        Assert.Equal("webhook.test", got.Type);
        Assert.Equal((string?)queued["delivery_id"], got.Id);
    }

    [Fact]
    public async Task What_waits_is_delivered_after_a_restart()
    {
        var endpoint = await Endpoint();
        Receiver.Answer(500);
        var (id, _) = await Token();
        await Failed(endpoint);
        await Service.RestartAsync();
        Receiver.Answer(200);
        await Receiver.Wait(
            2, got => (string?)got.Json["data"]!["id"] == id,
            meanwhile: () => Service.Clock.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task What_hears_everything_is_written_back_as_it_was_read_and_what_hears_some_is_not_widened_by_an_empty_list()
    {
        var endpoint = await Endpoint(new { url = Receiver.Url });
        var path = $"{Root}/{endpoint["id"]}";
        async Task<Answer> Patch(object body) => await Service.Send(
            HttpMethod.Patch, path,
            [("Authorization", "Bearer " + Service.Admin), ("If-Match", (await Service.Get(path, Service.Admin)).Headers["ETag"])], body);

        Assert.Equal("[]", endpoint["types"]!.ToJsonString());
        (await Patch(new { types = Array.Empty<string>(), description = "all" })).Is(HttpStatusCode.OK);
        (await Patch(new { types = new[] { "token.issued" } })).Is(HttpStatusCode.OK);
        Problem(await Patch(new { types = Array.Empty<string>() }), 400, "invalid-request");
        Assert.Equal(
            "[]", (await Patch(new { types = (string[]?)null })).Is(HttpStatusCode.OK).Json["types"]!.ToJsonString());
    }

    [Fact]
    public async Task A_change_needs_the_tag_of_what_was_read()
    {
        var endpoint = await Endpoint();
        var path = $"{Root}/{endpoint["id"]}";
        var read = await Service.Get(path, Service.Admin);
        var tag = read.Headers["ETag"];
        Task<Answer> Patch(object body, string? match) => Service.Send(
            HttpMethod.Patch, path, match is null ? [("Authorization", "Bearer " + Service.Admin)] : [("Authorization", "Bearer " + Service.Admin), ("If-Match", match)], body);

        Problem(await Patch(new { description = "x" }, null), 428, "if-match-required");
        Problem(await Patch(new { description = "x" }, "\"other\""), 412, "changed-meanwhile");
        Problem(await Patch(new { description = 7, url = "http://10.0.0.1/" }, tag), 400, "invalid-request");
        Problem(await Patch(new { types = new[] { "token.nonsense" } }, tag), 400, "invalid-request");
        Problem(await Patch(new { account_ids = new[] { Guid.NewGuid() } }, tag), 400, "invalid-request");
        var changed = (await Patch(new { description = "x" }, tag)).Is(HttpStatusCode.OK);
        Assert.Equal(
            ("x", (string?)endpoint["url"]), ((string?)changed.Json["description"], (string?)changed.Json["url"]));
        Problem(await Patch(new { description = "y" }, tag), 412, "changed-meanwhile");
        Assert.Equal(
            "x", (string?)(await Patch(new { description = "x" }, tag)).Is(HttpStatusCode.OK).Json["description"]);
        (await Service.Post($"{path}/rotate-secret", Service.Admin, null)).Is(HttpStatusCode.OK);
        Assert.Equal(changed.Headers["ETag"], (await Service.Get(path, Service.Admin)).Headers["ETag"]);

        // A merge patch removes what is null, and leaves what is not there.
        var account = await Service.Account();
        var narrow = (await Patch(
            new { types = new[] { "token.leaked" }, account_ids = new[] { account }, account_labels = new[] { "gold" } },
            changed.Headers["ETag"])).Is(HttpStatusCode.OK);
        Assert.Equal([account], narrow.Json["account_ids"]!.AsArray().Select(id => (string?)id));

        // An account that is gone meanwhile stays, and no other is taken.
        (await Service.Delete($"/v1/accounts/{account}", Service.Admin)).Is(HttpStatusCode.NoContent);
        narrow = (await Patch(new { account_ids = new[] { account } }, narrow.Headers["ETag"])).Is(HttpStatusCode.OK);
        Assert.Equal("x", (string?)narrow.Json["description"]);
        var nulls = """{"description":null,"types":null,"account_ids":null,"account_labels":null}""";
        var wide = (await Patch(nulls, narrow.Headers["ETag"])).Is(HttpStatusCode.OK).Json;
        Assert.Null(wide["description"]);
        Assert.All(new[] { "types", "account_ids", "account_labels" }, list => Assert.Empty(wide[list]!.AsArray()));
    }

    [Fact]
    public async Task A_webhook_of_the_other_api_is_seen_here_and_changed_there()
    {
        var id = await Service.Webhook(Receiver.Url);
        var path = $"{Root}/{id}";
        Assert.Equal(
            "management", (string?)(await Service.Get(path, Service.Admin)).Is(HttpStatusCode.OK).Json["made_on"]);
        Problem(
            await Service.Send(HttpMethod.Patch, path, Service.Admin, new { description = "x" }), 409, "conflict");
        var secret = (string)(await Service.Post($"{path}/rotate-secret", Service.Admin, null)).Is(HttpStatusCode.OK).Json["secret"]!;
        await Service.Account();
        var got = (await Receiver.Wait(1))[0];
        AssertSigned(got, secret);
        Assert.Contains("X-Synqly-Signature", got.Headers.Keys);
        (await Service.Delete(path, Service.Admin)).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Strangers_and_who_lacks_a_permission_are_refused_in_the_shape_of_problem_details()
    {
        var endpoint = await Endpoint();
        var path = $"{Root}/{endpoint["id"]}";
        Problem(await Service.Get(path, null), 401, "unauthorized");
        Problem(await Service.Get($"{Root}/{Guid.NewGuid()}", Service.Admin), 404, "not-found");
        Problem(await Service.Get($"{Root}/nonsense/deliveries", Service.Admin), 404, "not-found");
        Problem(
            await Service.Get($"{path}/deliveries?limit=0&cursor=!&status=x", Service.Admin), 400, "invalid-request");
        Problem(await Service.Post(Root, Service.Admin, new { }), 400, "invalid-request");
        Problem(await Service.Get("/lifecycle/v1/nothing", Service.Admin), 404, "no-such-route");
        Problem(await Service.Send(HttpMethod.Put, Root, Service.Admin, new { }), 405, "method-not-allowed");
        var viewer = (string)(await Service.Post("/v1/tokens", Service.Admin, new { permission_set = "viewer", resources = new { } })).Result["primary"]!["access"]!["secret"]!;
        Problem(await Service.Post($"{path}/test", viewer, null), 403, "permission-missing");
    }

    private static void Problem(Answer answer, int status, string type)
    {
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("application/problem+json", answer.ContentType?.Split(';')[0]);
        Assert.Equal("urn:tokenactors:problem:" + type, (string?)answer.Json["type"]);
        Assert.Equal(status, (int)answer.Json["status"]!);
        Assert.False(string.IsNullOrWhiteSpace((string?)answer.Json["title"]));
    }

    private Task<JsonNode> Failed(JsonNode endpoint) => Eventually.Finds(async () =>
        (await Service.Get($"{Root}/{endpoint["id"]}/deliveries?status=waiting", Service.Admin)).Json["items"]!.AsArray()
            .FirstOrDefault(item => item!["attempts"]!.AsArray().Count > 0));
}
