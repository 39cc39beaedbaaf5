using System.Net;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Restrictions that are set while 64 callers are at it: from the answer on they hold for every one.</summary>
public sealed class ManyCallersTests(ProxiedService service) : IClassFixture<ProxiedService>
{
    private const int Callers = 64;
    private const string Root = "/lifecycle/v1/tokens";
    private const string Inside = "10.1.2.3";
    private const string Outside = "10.2.0.1";

    /// <summary>
    /// Each caller calls again and again, and twice more once the change was answered. The change is made when each was
    /// at it.
    /// </summary>
    /// <param name="call">by number of the caller, and whether the change was answered before</param>
    /// <param name="change">is made meanwhile</param>
    private static async Task While(Func<int, bool, Task> call, Func<Task> change)
    {
        var (begun, isChanged) = (0, false);
        var callers = Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var (first, after) = (true, 0); after < 2; first = false)
            {
                var isAfter = Volatile.Read(ref isChanged);
                await call(caller, isAfter);
                after += isAfter ? 1 : 0;
                if (first)
                {
                    Interlocked.Increment(ref begun);
                }
            }
        }).ToList();
        await Eventually.Holds(() => Volatile.Read(ref begun) == Callers || callers.Any(caller => caller.IsFaulted));
        await change();
        Volatile.Write(ref isChanged, true);
        await Task.WhenAll(callers);
    }

    private Task<Answer> Use(string from, string secret) =>
        service.From(from, HttpMethod.Get, "/v1/permissionsets", secret);

    [Fact]
    public async Task Addresses_that_are_narrowed_let_in_nobody_else_from_the_answer_on()
    {
        var made = (await service.Post(
            Root, service.Admin, new { permission_set = "viewer", addresses = new[] { "10.1.0.0/16", "10.2.0.0/16" } }))
            .Is(HttpStatusCode.Created).Json;
        var (id, secret) = ((string)made["id"]!, (string)made["secrets"]!["access"]!);
        var letIn = 0;
        await While(
            async (caller, isNarrowed) =>
            {
                var from = caller % 2 == 0 ? Inside : Outside;
                var status = (await Use(from, secret)).Status;
                Assert.True(
                    (from, isNarrowed) switch
                    {
                        (Inside, _) => status == HttpStatusCode.OK,
                        (_, true) => status == HttpStatusCode.Forbidden,
                        _ => status is HttpStatusCode.OK or HttpStatusCode.Forbidden,
                    },
                    $"{from}, narrowed {isNarrowed}: {status}");
                Interlocked.Add(ref letIn, from == Outside && status == HttpStatusCode.OK ? 1 : 0);
            },
            async () => (await service.From(
                null, HttpMethod.Patch, $"{Root}/{id}", service.Admin, new { addresses = new[] { "10.1.0.0/16" } }, "*", "application/merge-patch+json"))
                .Is(HttpStatusCode.OK));
        Assert.InRange(letIn, Callers / 2, int.MaxValue);
    }

    [Fact]
    public async Task A_policy_that_is_set_holds_for_every_token_that_is_asked_for_after_its_answer()
    {
        var (organization, _, admin) = await service.NewOrganization();
        object wanted = new { permission_set = "viewer", life = "48h" };
        await While(
            async (_, isSet) =>
            {
                var status = (await service.Post(Root, admin.Access, wanted)).Status;
                Assert.True(isSet ? status == HttpStatusCode.BadRequest : status is HttpStatusCode.Created or HttpStatusCode.BadRequest, $"{organization}, set {isSet}: {status}");
            },
            async () => (await service.From(null, HttpMethod.Put, "/lifecycle/v1/policy", admin.Access, new { longest_life = "24h" }, "*")).Is(HttpStatusCode.OK));
        (await service.Post(Root, admin.Access, new { permission_set = "viewer", life = "24h" })).Is(HttpStatusCode.Created);

        // Those of before live on until they renew, and are told.
        var breaches = (await service.Get("/lifecycle/v1/policy/breaches?limit=1000", admin.Access)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.InRange(breaches.Count(breach => breach!["breaches"]!.ToJsonString() == """["life"]"""), Callers, 1000);
    }

    [Fact]
    public async Task A_rate_of_a_tokens_own_lets_in_its_burst_however_many_ask_at_once()
    {
        TimedService timed = new();
        await timed.InitializeAsync();
        try
        {
            var made = (await timed.Post(Root, timed.Admin, new { permission_set = "viewer", per_second = 1, burst = 20 })).Is(HttpStatusCode.Created).Json;
            var secret = (string)made["secrets"]!["access"]!;
            var since = TimeProvider.System.GetTimestamp();
            var answers = await Task.WhenAll(
                Enumerable.Range(0, Callers).Select(_ => timed.Get("/v1/permissionsets", secret)));
            var seconds = (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(since).TotalSeconds);
            Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), 20, 20 + seconds);
            Assert.All(answers, answer => Assert.True(
                answer.Status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, answer.Body));
        }
        finally
        {
            await timed.DisposeAsync();
        }
    }
}
