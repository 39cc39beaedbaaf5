using System.Diagnostics;
using TokenActors.Cli.Credentials;
using TokenActors.Client.Session;
using TokenActors.Client.Resources;
using TokenActors.Client.Tests.Cli;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Agent;

/// <summary>An agent, and a profile, on a machine whose clock is wrong: only what the service says of a life
/// counts.</summary>
[Collection("service")]
public sealed class AgentClockTests(RunningService service)
{
    private static readonly DateTimeOffset Here = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset There = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(366)]
    [InlineData(0)]
    [InlineData(-366)]
    public async Task A_credential_is_refreshed_once_in_its_life_whatever_the_clock_says(int days)
    {
        using var ta = new Ta(service.Url) { Time = new WrongTime(TimeSpan.FromDays(days)) };
        var token = await Seed(ta, "1h");
        await Once(ta);
        var first = State(ta);
        await Once(ta);
        Assert.Equal(first.Access!.Reveal(), State(ta).Access!.Reveal());
        Assert.InRange(first.DueIn(ta.Time.GetUtcNow())!.Value, TimeSpan.FromMinutes(35), TimeSpan.FromMinutes(41));
        Assert.Single(await Refreshes(token.Id));
    }

    [Theory]
    [InlineData(366)]
    [InlineData(-366)]
    public async Task A_short_life_is_refreshed_before_its_end_whatever_the_clock_says(int days)
    {
        using var ta = new Ta(service.Url) { Time = new WrongTime(TimeSpan.FromDays(days)) };
        await Seed(ta, "3s");
        await Once(ta);
        var (first, began) = (State(ta).Access!.Reveal(), Stopwatch.GetTimestamp());
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "it was never refreshed");
            await Once(ta);
        }
        while (State(ta).Access!.Reveal() == first);
    }

    [Theory]
    [InlineData(366)]
    [InlineData(-366)]
    public async Task A_session_of_a_profile_is_renewed_when_it_ends_and_not_with_each_command(int days)
    {
        using var ta = new Ta(service.Url) { Time = new WrongTime(TimeSpan.FromDays(days)) };
        (await ta.Run(
            ["auth", "login", "--organization", service.Bootstrap("organization_id"), "--name", service.Bootstrap("member_name")], service.Bootstrap("member_secret"))).Is(0);
        var folder = ta.PathOf(Path.Combine(".config", "tokenactors"));
        var before = Contents(folder);
        (await ta.Run("token list")).Is(0);
        Assert.Equal(before, Contents(folder));
    }

    [Fact]
    public void What_is_left_is_counted_from_what_the_service_said()
    {
        var kept = Renewed(There.AddHours(3), There);
        var life = TimeSpan.FromHours(3) - TimeSpan.FromSeconds(1);
        Assert.Equal((life, life * 2 / 3), (kept.LeftAt(Here), kept.DueIn(Here)));
        Assert.Equal(life - TimeSpan.FromHours(1), kept.LeftAt(Here.AddHours(1)));
        Assert.Equal(There.AddHours(1).AddSeconds(1), kept.ServiceTimeAt(Here.AddHours(1)));

        // A clock that was set back says nothing; one that is corrected by a little does.
        Assert.True(kept.DueIn(Here.AddYears(-1)) <= TimeSpan.Zero);
        Assert.True(kept.DueIn(Here.AddSeconds(-5)) > TimeSpan.Zero);
        Assert.True(kept.DueIn(Here.AddYears(1)) <= TimeSpan.Zero);
        Assert.Equal(kept.Life, StoredCredential.Read(kept.ToBytes()).Life);
    }

    /// <summary>A proxy may take the date away; then the two clocks are all that is known.</summary>
    [Fact]
    public void Without_the_services_time_its_end_is_held_against_this_clock()
    {
        var kept = Renewed(Here.AddHours(3), answeredAt: null);
        Assert.Null(kept.Life);
        Assert.Equal(TimeSpan.FromHours(2), kept.DueIn(Here));
    }

    private static StoredCredential Renewed(DateTimeOffset end, DateTimeOffset? answeredAt) => new StoredCredential(null, new Secret("ta_def_x")).RenewedTo(
        new RenewedToken("id", "name", There, end, "3h", new IssuedPair(new IssuedSecret(new Secret("ta_def_y"), end), null)) { AnsweredAt = answeredAt }, Here);

    private async Task<Token> Seed(Ta ta, string life)
    {
        var token = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = life }).Send();
        await File.WriteAllTextAsync(ta.PathOf("seed"), token.Secrets!.Refresh!.Reveal());
        return token;
    }

    private static async Task Once(Ta ta) => (await ta.Run(
        $"agent run --once --seed {ta.PathOf("seed")} --state {ta.PathOf("state.json")} --out {ta.PathOf("token")}")).Is(0);

    private static StoredCredential State(Ta ta) => StoredCredential.Read(File.ReadAllBytes(ta.PathOf("state.json")));

    private static string Contents(string folder) => string.Join(
        '\n', Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order().Select(File.ReadAllText));

    private async Task<List<string>> Refreshes(string id)
    {
        List<string> events = [];
        await foreach (var row in service.Client.Audit.List(
            new() { Filters = [$"subject_id[eq]{id}", "event[eq]token.refreshed"] }))
        {
            events.Add(row.Event);
        }

        return events;
    }

    /// <summary>The system's clock, wrong by some time; its timers and timestamps are right, as a machine's
    /// are.</summary>
    private sealed class WrongTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
