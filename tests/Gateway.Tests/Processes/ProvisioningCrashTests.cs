using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>
/// The real program, killed amid creates that make several things at once. Each is there whole or not at all, and its
/// name is usable by whoever asks again. <c>TOKENACTORS_LONG=1</c> makes it long; <c>TOKENACTORS_SEED</c> repeats the
/// moments of the kills.
/// </summary>
public sealed class ProvisioningCrashTests(ITestOutputHelper output) : ProcessTests
{
    private const int OfEachKind = 6;
    private const string Password = "correct horse battery";

    private static readonly int Rounds = Environment.GetEnvironmentVariable("TOKENACTORS_LONG") == "1" ? 200 : 20;

    private readonly Dictionary<string, int> _seen = [];

    /// <summary>A create that is asked under a key.</summary>
    /// <param name="Name">the name that it takes</param>
    /// <param name="Path">where it is asked</param>
    /// <param name="Body">what for</param>
    private sealed record Wanted(string Name, string Path, string Body)
    {
        public bool IsOrganization => Path == "/v1/suborgs";

        public string Of(Answer answer) =>
            (string)answer.Result[IsOrganization ? "organization" : "integration"]!["id"]!;
    }

    [Fact]
    public async Task What_is_created_at_the_moment_of_a_kill_is_there_whole_or_not_at_all_and_its_name_is_usable()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TOKENACTORS_SEED"), out var given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"TOKENACTORS_SEED={seed}");
        var random = new Random(seed);
        await StartUntilReady();
        var admin = (string)ReadBootstrap()["access_secret"]!;
        var made = Assert.IsType<Answer>(await Send(HttpMethod.Post, "/v1/accounts", admin, "{}")).Is(HttpStatusCode.Created);
        var account = (string)made.Result["account"]!["id"]!;

        // Once in a process that compiled what it runs before, to know how long the creates take on this machine.
        await Task.WhenAll(Plan("compiled", account).Select(wanted => Create(wanted, admin)));
        var since = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Plan("measured", account).Select(wanted => Create(wanted, admin)));
        var took = TimeProvider.System.GetElapsedTime(since);

        for (var round = 0; round < Rounds; round++)
        {
            var plan = Plan($"r{round}", account);
            var answers = round % 2 == 0
                ? await CreateUntil(
                    plan, admin, moment: random.Next((int)took.TotalMilliseconds + 1), count: plan.Length)
                : await CreateUntil(plan, admin, moment: Timeout.Infinite, count: random.Next(1, plan.Length));
            Kill();
            await StartUntilReady();
            var visible = await Visible(admin, account);
            await Task.WhenAll(plan.Zip(answers, (wanted, answer) => Check(wanted, answer, visible, admin)));
        }

        output.WriteLine(
            string.Join(", ", _seen.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.True(_seen.GetValueOrDefault("absent") > 0, "every kill came after the commits");
        Assert.True(_seen.GetValueOrDefault("answered") >= Rounds / 2, "every other kill comes after an answer");
    }

    /// <summary>Asks for all at once, and kills at a moment in milliseconds or with an answer, whichever comes
    /// first.</summary>
    private async Task<Answer?[]> CreateUntil(Wanted[] plan, string admin, int moment, int count)
    {
        var answered = 0;
        await using var killer = new Timer(_ => Kill(), null, moment, Timeout.Infinite);
        return await Task.WhenAll(plan.Select(async wanted =>
        {
            var answer = await Create(wanted, admin);
            if (answer is not null && Interlocked.Increment(ref answered) == count)
            {
                Kill();
            }

            return answer;
        }));
    }

    private static Wanted[] Plan(string round, string account) =>
    [
        .. Enumerable.Range(0, OfEachKind).SelectMany(i => new Wanted[]
        {
            new($"sub-{round}-{i}", "/v1/suborgs", i == 0
                ? JsonSerializer.Serialize(new
                {
                    name = $"sub-{round}-{i}", member = new { name = "boss@example.com", secret = Password },
                })
                : $$"""{"name":"sub-{{round}}-{{i}}"}"""),
            new($"int-{round}-{i}", $"/v1/integrations/{account}", JsonSerializer.Serialize(new
            {
                name = $"int-{round}-{i}",
                provider_config = new
                {
                    type = "ticketing_jira", url = "https://x", credential = new { type = "token", secret = "hunter2-hunter2" },
                },
            })),
        }),
    ];

    private Task<Answer?> Create(Wanted wanted, string admin, string? key = null) =>
        Send(HttpMethod.Post, wanted.Path, admin, wanted.Body, key ?? wanted.Name);

    private async Task Check(Wanted wanted, Answer? first, Dictionary<string, string> visible, string admin)
    {
        var isVisible = visible.TryGetValue(wanted.Name, out var id);
        if (first is { Status: HttpStatusCode.Created })
        {
            Count("answered");
            Assert.True(isVisible, $"{wanted.Name} was answered and is not there");
            Assert.Equal(id, wanted.Of(first));
            Assert.True(
                await IsAccepted(wanted, SecretIn(first), admin),
                $"the token of {wanted.Name} was answered and is not accepted");
            Assert.Equal(first.Body, (await Create(wanted, admin))?.Is(HttpStatusCode.Created).Body);
            return;
        }

        Assert.True(first is null, $"{wanted.Name} was answered {first?.Status}: {first?.Body}");
        Count(isVisible ? "made, not answered" : "absent");

        // Half of the names that are not there are taken by somebody who knows nothing of the key.
        var key = isVisible || wanted.Name.EndsWith("0", StringComparison.Ordinal)
            || wanted.Name.EndsWith("2", StringComparison.Ordinal)
            ? wanted.Name : $"another {wanted.Name}";
        var again = Assert.IsType<Answer>(await Create(wanted, admin, key)).Is(HttpStatusCode.Created);
        Assert.Equal(isVisible ? id : wanted.Of(again), wanted.Of(again));
        Assert.True(await IsAccepted(wanted, SecretIn(again), admin));
        await IsWhole(wanted, wanted.Of(again), admin);
    }

    /// <summary>Whoever is of another organization is told nothing of a token, so that a suborganization's is asked
    /// about itself.</summary>
    private Task<bool> IsAccepted(Wanted wanted, string secret, string admin) =>
        IsActive(wanted.IsOrganization ? secret : admin, secret);

    /// <summary>The first member can log on, of one a round, since a password takes its time; the credential hangs on
    /// its integration, once.</summary>
    private async Task IsWhole(Wanted wanted, string id, string admin)
    {
        if (wanted.IsOrganization)
        {
            if (!wanted.Name.EndsWith("-0", StringComparison.Ordinal))
            {
                return;
            }

            var body = JsonSerializer.Serialize(new { name = "boss@example.com", secret = Password });
            Assert.IsType<Answer>(await Send(HttpMethod.Post, $"/v1/auth/logon/{id}", body: body)).Is(HttpStatusCode.OK);
        }
        else
        {
            var credentials = Assert.IsType<Answer>(await Send(HttpMethod.Get, $"/v1/credentials/{id}", admin)).Is(HttpStatusCode.OK);
            Assert.Single(credentials.Result.AsArray());
        }
    }

    /// <summary>Ids of what the lists show, by name.</summary>
    private async Task<Dictionary<string, string>> Visible(string admin, string account)
    {
        Dictionary<string, string> found = [];
        var after = "";
        while (Assert.IsType<Answer>(await Send(HttpMethod.Get, $"/v1/integrations/{account}?limit=1000{after}", admin)).Is(HttpStatusCode.OK)
            .Result.AsArray() is { Count: > 0 } page)
        {
            Add(page);
            after = $"&start_after={page[^1]!["name"]}";
        }

        Add(Assert.IsType<Answer>(await Send(HttpMethod.Get, "/v1/suborgs", admin)).Is(HttpStatusCode.OK).Result.AsArray());
        return found;

        void Add(JsonArray rows)
        {
            foreach (var row in rows)
            {
                found.Add((string)row!["name"]!, (string)row["id"]!);
            }
        }
    }

    private static string SecretIn(Answer answer) => (string)answer.Result["token"]!["access"]!["secret"]!;

    private void Count(string what)
    {
        lock (_seen)
        {
            _seen[what] = _seen.GetValueOrDefault(what) + 1;
        }
    }
}
