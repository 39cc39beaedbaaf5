using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>A revocation of many tokens goes on by itself after its process was killed.</summary>
public sealed class BulkRevocationCrashTests : ProcessTests
{
    private static readonly int Tokens = int.TryParse(Environment.GetEnvironmentVariable("TOKENACTORS_REVOKED"), out var count) ? count : 5_000;

    private string _admin = "";

    /// <summary>Asked as often as the limit of a bearer lets it.</summary>
    private async Task<JsonObject> Job(string id)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await Send(HttpMethod.Get, $"/lifecycle/v1/jobs/{id}", _admin);
            if (answer is { Status: HttpStatusCode.OK })
            {
                return answer.Json;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30),
                $"the job is shown: {answer?.Status} {answer?.Body}");
        }
    }

    private async Task<JsonObject> Until(string id, Func<JsonObject, bool> condition)
    {
        var since = TimeProvider.System.GetTimestamp();
        for (var before = 0; ;)
        {
            var job = await Job(id);
            var asked = (int)job["done"]! + (int)job["gone"]! + (int)job["refused"]!;
            Assert.True(asked >= before && asked <= (int)job["total"]!, $"progress goes on: {job}");
            if (condition(job))
            {
                return job;
            }

            before = asked;
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(90 + (Tokens / 100)),
                $"in time: {job}");
        }
    }

    private long Count(string condition)
    {
        using SqliteConnection database = new($"Data Source={Path.Combine(Folder, "tokenactors.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {condition}";
        return (long)command.ExecuteScalar()!;
    }

    [Fact]
    public async Task A_revocation_that_was_killed_goes_on_where_it_was()
    {
        await StartUntilReady(
            environment: new Dictionary<string, string> { ["TokenActors__RateLimits__PerToken"] = "0" });
        _admin = (string)ReadBootstrap()["access_secret"]!;
        await Parallel.ForAsync(0, Tokens, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) =>
            Assert.Equal(HttpStatusCode.Created, (await Send(HttpMethod.Post, "/lifecycle/v1/tokens", _admin, """{"permission_set":"viewer","labels":["bad"]}"""))?.Status));
        var spared = await Send(HttpMethod.Post, "/lifecycle/v1/tokens", _admin, """{"permission_set":"viewer","labels":["good"]}""");

        var since = TimeProvider.System.GetTimestamp();
        var started = await Send(HttpMethod.Post, "/lifecycle/v1/tokens/revoke", _admin, """{"filter":["labels[eq]bad"]}""");
        Assert.Equal(HttpStatusCode.Accepted, started?.Status);
        var id = (string)started!.Json["id"]!;
        Assert.Equal(Tokens, (int)started.Json["total"]!);
        var chosen = TimeProvider.System.GetElapsedTime(since);
        await Until(id, job => (int)job["done"]! >= Tokens / 4);
        Kill();
        await StartUntilReady();
        var killed = await Job(id);
        Assert.Equal("running", (string?)killed["state"]);
        since = TimeProvider.System.GetTimestamp();
        var done = (int)killed["done"]!;
        await Until(id, job => (int)job["done"]! > done);
        var resumed = TimeProvider.System.GetElapsedTime(since);

        // Its reminder ticks once a minute: whoever asks need not wait for that.
        Assert.True(resumed < TimeSpan.FromSeconds(40), $"gone on after {resumed}");
        var ended = await Until(id, job => job["ended_at"] is not null);
        var rate = (Tokens - done) / (TimeProvider.System.GetElapsedTime(since) - resumed).TotalSeconds;
        Console.WriteLine(
            $"BULK REVOCATION {Tokens} tokens chosen in {chosen.TotalSeconds:F1} s, killed at {done}, gone on {resumed.TotalSeconds:F0} s after the start, {rate:F0} a second, "
            + $"{Running.PeakWorkingSet64 >> 20} MiB at most");

        Assert.Equal(("done", 0), ((string)ended["state"]!, (int)ended["refused"]!));
        Assert.Equal(Tokens, (int)ended["done"]! + (int)ended["gone"]!);

        // What the killed share had done already may count as gone before its turn.
        Assert.InRange((int)ended["gone"]!, 0, 100);
        Assert.Equal(0, Count("records WHERE kind = 'token' AND status = 'live' AND state LIKE '%\"bad\"%'"));
        Assert.Equal(Tokens, Count("audit WHERE event = 'token.deleted' AND outcome = 'done'"));

        // What the job needed until it ended goes after its end is seen.
        await Eventually.Holds(() => Count("records WHERE kind = 'revocation_batch'") == 0, () => "no batch is left");
        Assert.True(await IsActive(_admin, (string)spared!.Json["secrets"]!["access"]!));
    }
}
