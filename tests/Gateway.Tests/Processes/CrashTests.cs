using System.Diagnostics;
using System.Net;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>The real program, killed with SIGKILL and started again on its data.</summary>
public sealed class CrashTests : ProcessTests
{
    [Fact]
    public async Task Every_acknowledged_refresh_survives_a_kill_at_any_moment()
    {
        await StartUntilReady();
        var admin = (string)ReadBootstrap()["access_secret"]!;
        var created = await Send(HttpMethod.Post, "/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}""");
        var acknowledged = new List<Made> { Made.From(created!) };
        for (var round = 0; round < 4; round++)
        {
            using var killer = new Timer(_ => Kill(), null, 150 + (round * 170), Timeout.Infinite);
            while (await Send(HttpMethod.Put, $"/v1/tokens/{acknowledged[0].Id}/refresh", acknowledged[^1].Refresh) is { } answer)
            {
                acknowledged.Add(Made.From(answer.Is(HttpStatusCode.OK)));
            }

            await StartUntilReady();
            var last = acknowledged[^1];
            Assert.True(await IsActive(admin, last.Access), $"round {round}: the last acknowledged primary works");
            var next = Made.From(
                (await Send(HttpMethod.Put, $"/v1/tokens/{last.Id}/refresh", last.Refresh))!.Is(HttpStatusCode.OK));
            Assert.True(await IsActive(admin, next.Access));
            foreach (var superseded in acknowledged[..^1].TakeLast(12))
            {
                Assert.False(await IsActive(admin, superseded.Access));
                Assert.False(await IsActive(admin, superseded.Refresh));
            }

            acknowledged.Add(next);
        }

        Assert.True(acknowledged.Count > 20, $"{acknowledged.Count} refreshes were acknowledged");
    }

    [Fact]
    public async Task A_cascade_killed_half_way_goes_on_after_the_restart_and_nothing_below_is_accepted()
    {
        await StartUntilReady();
        var admin = (string)ReadBootstrap()["access_secret"]!;
        for (var round = 0; round < 3; round++)
        {
            var account = (string)(await Send(HttpMethod.Post, "/v1/accounts", admin, "{}"))!.Is(HttpStatusCode.Created).Result["account"]!["id"]!;
            List<string> secrets = [];
            for (var i = 0; i < 60; i++)
            {
                var made = (await Send(HttpMethod.Post, $"/v1/integrations/{account}", admin, """{"provider_config":{"type":"siem_mock_siem"}}"""))!.Is(HttpStatusCode.Created);
                secrets.Add((string)made.Result["token"]!["access"]!["secret"]!);
            }

            (await Send(HttpMethod.Delete, $"/v1/accounts/{account}", admin))!.Is(HttpStatusCode.NoContent);
            using (var killer = new Timer(_ => Kill(), null, 2 + (round * 15), Timeout.Infinite))
            {
                while (await Send(HttpMethod.Get, "/health/live") is not null)
                {
                }
            }

            await StartUntilReady();
            foreach (var secret in secrets)
            {
                Assert.False(await IsActive(admin, secret), $"round {round}: a token outlived its account");
            }

            var deadline = Stopwatch.StartNew();
            while ((await Send(HttpMethod.Get, $"/v1/integrations?filter=account_id[eq]{account}&total=true", admin))!.Is(HttpStatusCode.OK).Result.AsArray().Count > 0)
            {
                Assert.True(
                    deadline.Elapsed < TimeSpan.FromSeconds(60), $"round {round}: the cascade was not taken up");
            }
        }
    }

    [Fact]
    public async Task A_kill_during_the_very_first_start_locks_nobody_out()
    {
        foreach (var milliseconds in new[] { 300, 500, 700, 850, 1000, 1200 })
        {
            var data = Path.Combine(Folder, $"first-{milliseconds}");
            Start(data);
            await Task.WhenAny(Running.WaitForExitAsync(), Task.Delay(milliseconds));
            Kill();
            await StartUntilReady(data);
            var bootstrap = ReadBootstrap(data);
            (await Send(HttpMethod.Get, "/v1/organization", (string)bootstrap["access_secret"]!))!.Is(HttpStatusCode.OK);
            (await Send(HttpMethod.Put, $"/v1/tokens/{bootstrap["refresh_token_id"]}/refresh", (string)bootstrap["refresh_secret"]!))!.Is(HttpStatusCode.OK);
            Kill();
        }
    }

    [Fact]
    public async Task Sigterm_ends_it_cleanly_within_ten_seconds()
    {
        await StartUntilReady();
        using var term = Process.Start("kill", ["-TERM", $"{Running.Id}"]);
        await term.WaitForExitAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await Running.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, Running.ExitCode);
    }

    [Fact]
    public async Task One_refresh_is_one_connected_trace_over_otlp_and_metrics_have_their_names()
    {
        using var receiver = new OtlpReceiver();
        await StartUntilReady(environment: receiver.Environment);
        var admin = (string)ReadBootstrap()["access_secret"]!;
        var made = Made.From((await Send(HttpMethod.Post, "/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}"""))!);
        Made.From((await Send(HttpMethod.Put, $"/v1/tokens/{made.Id}/refresh", made.Refresh))!.Is(HttpStatusCode.OK));
        ReceivedSpan? request = null;
        string[] metrics =
        [
            "tokenactors.token.events", "tokenactors.verifications", "tokenactors.activations",
            "tokenactors.commit.batch.size",
            "tokenactors.commit.batch.duration",
        ];
        await Eventually.Holds(() =>
        {
            request = receiver.Spans.FirstOrDefault(s => s.Name.StartsWith("PUT") && s.Name.Contains("refresh"));
            return request is not null && receiver.Spans.Any(s => s.Name == "commit" && s.TraceId == request.TraceId)
                && metrics.All(receiver.Metrics.Contains) && receiver.Logs.Count > 0;
        }, () => $"{string.Join(", ", receiver.Spans.Select(s => s.Name).Distinct())}; {string.Join(", ", receiver.Metrics)}; {receiver.Logs.Count} logs");
        var trace = receiver.Spans.Where(s => s.TraceId == request!.TraceId).ToDictionary(s => s.SpanId);
        var at = trace.Values.Single(s => s.Name == "commit");
        for (var hops = 0; at.SpanId != request!.SpanId; hops++)
        {
            Assert.True(hops < 10 && trace.TryGetValue(at.ParentId, out at), "the commit hangs below the request");
        }

        Assert.DoesNotContain(receiver.Logs, body => System.Text.Encoding.Latin1.GetString(body).Contains(made.Access));
    }
}
