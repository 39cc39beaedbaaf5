using System.Net;
using TokenActors.Gateway.Tests.Webhooks;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Every change of the API, repeated under its key: it is done once and answered alike.</summary>
public sealed class RepeatedChangeTests : ReceiverTests
{
    /// <summary>
    /// Those without a key: an introspection changes nothing, and what leaked is revoked already when it is reported
    /// again.
    /// </summary>
    private static readonly string[] WithoutKey = ["POST /introspect", "POST /leaks"];

    [Fact]
    public async Task A_change_that_is_repeated_under_its_key_is_done_once_and_answered_alike()
    {
        var changes = LifecycleDocument.OperationsOf(await Service.Document()).Where(one => !one.Key.StartsWith("GET ", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            WithoutKey, changes.Where(one => !LifecycleDocument.TakesKey(one.Value)).Select(one => one.Key).Order());
        var calls = new LifecycleCalls(Service, Receiver).All.ToDictionary(call => call.Name);
        List<string> wrong = [];
        foreach (var call in changes.Where(one => LifecycleDocument.TakesKey(one.Value)).Select(one => calls[one.Key]))
        {
            var (ready, key) = (await call.Ready(), Guid.NewGuid().ToString());
            var first = await call.Send(Service, ready, Service.Admin, key);
            Assert.True(first.Status == call.Success, $"{call}: {first.Status} {first.Body}");
            await (ready.Settled?.Invoke(first) ?? Task.CompletedTask);
            await (ready.Undo?.Invoke() ?? Task.CompletedTask);

            var before = await Quiet();
            var again = await call.Send(Service, ready, Service.Admin, key);
            Note(AlikeOf(first) == AlikeOf(again), call, $"{AlikeOf(first)} and then {AlikeOf(again)}");
            Note(before == await Quiet(), call, "is done twice");
            if (ready.Other is { } other)
            {
                var reused = await call.Send(Service, ready, Service.Admin, key, other);
                Note(
                    reused.Status == HttpStatusCode.Conflict && ((string?)reused.Json["type"])!.EndsWith(":idempotency-key-reused", StringComparison.Ordinal), call,
                    $"with another body: {reused.Status} {reused.Body}");
                Note(before == await Quiet(), call, "is done with another body");
            }
        }

        Assert.True(wrong is [], string.Join('\n', wrong));

        void Note(bool isRight, LifecycleCall call, string what)
        {
            if (!isRight)
            {
                wrong.Add($"{call}: {what}");
            }
        }
    }

    /// <summary>The key stands for the request that made it, and for no other.</summary>
    [Fact]
    public async Task What_was_made_under_a_key_is_not_changed_under_it()
    {
        const string Webhooks = "/lifecycle/v1/webhooks";
        (string, string)[] headers = [("Authorization", $"Bearer {Service.Admin}"), ("Idempotency-Key", Guid.NewGuid().ToString())];
        var body = new { url = Receiver.Url, name = "made", types = new[] { "token.issued" } };
        var made = (await Service.Send(HttpMethod.Post, Webhooks, headers, body)).Is(HttpStatusCode.Created).Json;
        var path = $"{Webhooks}/{made["id"]}";
        var before = await Quiet();
        await IsReused(HttpMethod.Patch, path, new { name = "another" });
        await IsReused(HttpMethod.Post, $"{path}/disable", null);
        await IsReused(HttpMethod.Post, $"{path}/rotate-secret", null);
        await IsReused(HttpMethod.Delete, path, null);
        Assert.Equal(before, await Quiet());
        var again = (await Service.Send(HttpMethod.Post, Webhooks, headers, body)).Is(HttpStatusCode.Created);
        Assert.Equal((string)made["id"]!, (string)again.Json["id"]!);

        async Task IsReused(HttpMethod method, string of, object? with)
        {
            var answer = (await Service.Send(method, of, headers, with)).Is(HttpStatusCode.Conflict);
            Assert.EndsWith(":idempotency-key-reused", (string)answer.Json["type"]!, StringComparison.Ordinal);
        }
    }

    /// <summary>A creation whose answer came late, and that is asked for again after somebody deleted what it made.</summary>
    [Fact]
    public async Task A_scheme_that_was_deleted_is_not_made_again_under_its_key()
    {
        const string Schemes = "/lifecycle/v1/import-schemes";
        (string, string)[] headers =
            [("Authorization", $"Bearer {Service.Admin}"), ("Idempotency-Key", Guid.NewGuid().ToString())];
        var body = new { name = "late", prefix = "late_", random_characters = 32 };
        var made = (await Service.Send(HttpMethod.Post, Schemes, headers, body)).Is(HttpStatusCode.Created).Json;
        (await Service.Delete($"{Schemes}/{made["id"]}", Service.Admin)).Is(HttpStatusCode.NoContent);
        (await Service.Send(HttpMethod.Post, Schemes, headers, body)).Is(HttpStatusCode.Conflict);
        Assert.DoesNotContain(
            (await Service.Get(Schemes, Service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray(),
            scheme => (string?)scheme!["name"] == "late");
        (await Service.Post(Schemes, Service.Admin, body)).Is(HttpStatusCode.Created);
    }

    /// <summary>A job that was started says how far it is, whenever it is asked.</summary>
    private static (HttpStatusCode Status, string? What, string? Tag) AlikeOf(Answer answer) => (
        answer.Status, answer.Status == HttpStatusCode.Accepted ? (string?)answer.Json["id"] : answer.Body, answer.Headers.GetValueOrDefault("ETag"));

    /// <summary>What is stored when nothing is under way any more.</summary>
    private async Task<string> Quiet()
    {
        var state = "";
        await Eventually.Holds(() =>
        {
            var last = state;
            state = Service.State();
            return state == last && !state.Contains("deleting{", StringComparison.Ordinal);
        });
        return state;
    }
}
