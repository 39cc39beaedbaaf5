using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Abstractions.Usage;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Webhooks;
using Xunit.Abstractions;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>
/// Many tokens that end at one moment, among many that do not, with the runtime's own reminders. The clock of the
/// service is driven; that of the runtime, which reads due rows, is the machine's.
/// </summary>
public sealed class ManyNoticesTests(ITestOutputHelper output)
{
    private static readonly int Ending = int.Parse(
        Environment.GetEnvironmentVariable("TOKENACTORS_ENDING") is { Length: > 0 } set ? set : "10000", CultureInfo.InvariantCulture);

    private static readonly int Lasting = Math.Min(Ending, 100_000);

    private static readonly TimeSpan Life = TimeSpan.FromDays(20);

    // Three minutes, for a machine that has other things to do, and what a hundred a second would take. Counting many
    // rows takes a while, so that it is done seldom.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3) + TimeSpan.FromMilliseconds(10.0 * Ending);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15 + Ending / 200);

    private readonly CountingSender _sender = new();

    [Fact]
    public async Task Each_token_gives_one_event_at_each_threshold_and_at_its_end_and_the_others_none()
    {
        var silo = new SiloFixture
        {
            Replacements = services =>
            {
                services.Replace(ServiceDescriptor.Singleton<IWebhookSender>(_sender));
                services.Configure<ReminderOptions>(
                    o => o.RefreshReminderListPeriod = TimeSpan.FromSeconds(2 + Ending / 20_000));
            },
        };
        await silo.InitializeAsync();
        try
        {
            var parent = await silo.NewToken(ttl: "8760h");
            var caller = await silo.CallerOf(parent);
            await Listen(silo, caller.OrganizationId);
            var began = Stopwatch.GetTimestamp();
            await Issue(silo, caller, Ending, "480h");
            await Issue(silo, caller, Lasting, "7200h");
            output.WriteLine($"{Ending + Lasting} tokens made in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");

            // In nobody's memory, as most tokens are: the rows alone say what is due.
            await silo.RestartAsync();
            var end = silo.Clock.GetUtcNow() + Life;
            Assert.Equal(0, (await Census(silo)).EndsWithinWeek);
            int[] days = [14, 7, 1, 0];
            for (var i = 0; i < days.Length; i++)
            {
                began = Stopwatch.GetTimestamp();

                // Events are deleted after 14 days: at the end the first are not yet so old, although the clock goes on
                // by a millisecond whenever somebody looks, which is hours where a million tokens do.
                var late = days[i] == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(12);
                silo.Clock.Advance(end - TimeSpan.FromDays(days[i]) + late - silo.Clock.GetUtcNow());
                var noted = 0L;
                await Eventually.Holds(
                    async () => (noted = await Count(silo)) >= Ending * (i + 1), () => $"{noted} of {Ending * (i + 1)} events", Deadline, Pause);
                output.WriteLine(
                    $"{days[i]} days: {Ending / Stopwatch.GetElapsedTime(began).TotalSeconds:F0} events/s, "
                    + $"{GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB managed, {Environment.WorkingSet >> 20} MiB in all");
                await Eventually.Holds(
                    () => Task.FromResult(_sender.Count == Ending * (i + 1)),
                    () => $"{_sender.Count} of {Ending * (i + 1)} events are delivered",
                    Deadline);
                output.WriteLine(
                    $"{days[i]} days: delivered after {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
                Assert.Equal(days[i] is 1 or 7 ? Ending : 0, (await Census(silo)).EndsWithinWeek);
            }

            Assert.Equal(
                [$"token.expired 1 times {Ending}", $"token.expiring 3 times {Ending}"],
                await Query(silo, """
                    SELECT type || ' ' || times || ' times ' || COUNT(*) FROM (
                        SELECT type, subject_id, COUNT(*) AS times FROM events GROUP BY type, subject_id)
                    GROUP BY type, times ORDER BY 1
                    """));
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private static Task<TokenCensusReport> Census(SiloFixture silo) =>
        silo.Grains.GetGrain<ITokenCensusGrain>(ITokenCensusGrain.Key).Get();

    private static async Task Listen(SiloFixture silo, OrganizationId organization) =>
        Assert.Null((await silo.Grains.GetGrain<IEventEndpointGrain>(Guid.NewGuid().ToString()).Create(new CreateResource
        {
            Context = SiloFixture.Command(),
            OrganizationId = organization,
            Secret = new ProtectedText("whsec_" + Convert.ToBase64String(new byte[32])),
            Content = new() { Webhook = new WebhookContent { Address = "https://127.0.0.1/", Types = ["token.expiring", "token.expired"] } },
        })).Refusal);

    private static Task Issue(SiloFixture silo, Caller caller, int count, string ttl) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = 64 },
        async (_, cancellationToken) =>
        {
            var id = SecretMint.NewTokenId(silo.Clock);
            var answer = await silo.Grains.GetGrain<ITokenIssuerGrain>("0").Issue(
                id,
                new IssueToken
                {
                    Context = SiloFixture.Command(caller),
                    Profile = TokenProfile.Organization.Name,
                    OrganizationId = caller.OrganizationId,
                    MemberId = caller.MemberId,
                    PermissionSet = PermissionSets.Administrator,
                    Resources = caller.Grant.Clauses[0].Resources,
                    Ttl = ttl,
                    Secrets = SecretMint.Mint(TokenProfile.Organization, id).ToMinted(),
                });
            Assert.Null(answer.Refusal);
        });

    private static async Task<long> Count(SiloFixture silo) =>
        long.Parse((await Query(silo, "SELECT COUNT(*) FROM events"))[0], CultureInfo.InvariantCulture);

    private static async Task<List<string>> Query(SiloFixture silo, string text)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={silo.DatabaseFile};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = new SqliteCommand(text, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private sealed class CountingSender : IWebhookSender
    {
        private readonly Lock _lock = new();

        // Digests: millions of ids as texts would be most of what is measured.
        private readonly HashSet<UInt128> _ids = [];

        /// <summary>How many different events were sent.</summary>
        public int Count
        {
            get
            {
                using var scope = _lock.EnterScope();
                return _ids.Count;
            }
        }

        public Task<AttemptResult> Send(WebhookRequest request, CancellationToken calledOff)
        {
            var id = request.Headers.Single(header => header.Name == "webhook-id").Value;
            var digest = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
            using (_lock.EnterScope())
            {
                _ids.Add(digest);
            }

            return Task.FromResult(new AttemptResult(204, null, null, TimeSpan.Zero, null));
        }
    }
}
