using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

public sealed class TokenPolicyTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static TheoryData<string, string?, TokenPolicy, object> Issues => new()
    {
        { "organization", null, new() { LongestLife = GoDuration.Of("1h") }, "1h" },
        { "organization", "1h", new() { LongestLife = GoDuration.Of("1h") }, "1h" },
        { "organization", "2h", new() { LongestLife = GoDuration.Of("1h") }, TokenRefusal.LifeBeyondPolicy },
        { "organization", null, new() { DefaultLife = GoDuration.Of("2h") }, "2h" },
        { "organization", "3h", new() { DefaultLife = GoDuration.Of("2h") }, "3h" },
        { "organization", null, new() { DefaultLife = GoDuration.Of("2h"), LongestLife = GoDuration.Of("1h") }, "1h" },
        { "mcp", null, new() { DefaultLife = GoDuration.Of("240h") }, "1h" },
        { "mcp", null, new() { AllowedKinds = ["adhoc"] }, TokenRefusal.KindBeyondPolicy },
        { "organization", null, new() { AllowedKinds = ["adhoc"] }, "24h" },
        { "boomerang-team", null, new() { AllowedKinds = ["adhoc"] }, TokenRefusal.KindBeyondPolicy },
        { "boomerang-team", null, new() { AllowedKinds = ["boomerang"] }, "forever" },
        { "logon", null, new() { AllowedKinds = [] }, "1h" },
        { "default", null, new() { AllowedKinds = [], LongestLife = GoDuration.Of("2h") }, "2h" },
        { "logon", "1h", new() { LongestLife = GoDuration.Of("30m") }, "1h" },
        { "logon", null, new() { LongestLife = GoDuration.Of("1m") }, "1m" },
        { "password-change", null, new() { LongestLife = GoDuration.Of("1m") }, "10m" },
        { "default", "24h", new() { LongestLife = GoDuration.Of("1h") }, "24h" },
        { "launchdarkly", null, new() { MustExpire = true }, TokenRefusal.LifeBeyondPolicy },
        { "launchdarkly", "forever", new() { MustExpire = true, LongestLife = GoDuration.Of("1h") }, TokenRefusal.LifeBeyondPolicy },
        { "launchdarkly", null, new() { MustExpire = true, DefaultLife = GoDuration.Of("720h") }, "720h" },
        { "launchdarkly", null, new() { MustExpire = true, LongestLife = GoDuration.Of("720h") }, "720h" },
        { "bridge", null, new() { MustExpire = true, LongestLife = GoDuration.Of("1h"), AllowedKinds = [] }, "forever" },
    };

    [Theory]
    [MemberData(nameof(Issues))]
    public void A_new_token_lies_within_the_policy_or_is_refused(
        string profile, string? ttl, TokenPolicy policy, object expected)
    {
        var machine = new Machine { Profile = TokenProfile.Named(profile), Rules = Under(policy) };
        var decision = machine.Do(machine.Issue(ttl));
        if (expected is TokenRefusal refusal)
        {
            Assert.Equal(refusal, Assert.IsType<Decision.Refused>(decision).Refusal);
            return;
        }

        var issued = Assert.IsType<Decision.Changed>(decision).Next;
        Assert.Equal(expected, issued.Ttl.Text);
        Assert.Empty(policy.BreachesOf(issued));
    }

    /// <summary>Whoever could not log on could not undo the policy.</summary>
    [Theory]
    [InlineData("logon", "1h")]
    [InlineData("logon", null)]
    [InlineData("password-change", null)]
    [InlineData("default", null)]
    [InlineData("default", "24h")]
    public void Sessions_and_default_tokens_are_cut_and_never_forbidden(string profile, string? ttl)
    {
        TokenPolicy policy = new() { LongestLife = GoDuration.Of("5m"), MustExpire = true, AllowedKinds = [] };
        var machine = Machine.Issued(TokenProfile.Named(profile), ttl, Under(policy));
        Assert.Equal(Machine.Start.AddMinutes(5), machine.State!.ExpiresAt);
        Assert.Equal(Machine.Start.AddMinutes(5), machine.State.Primary!.Access.ExpiresAt);
        machine.Wait(TimeSpan.FromMinutes(5));
        Assert.False(machine.Accepts("a1"));
    }

    [Fact]
    public void No_refresh_secret_outlives_the_longest_life()
    {
        var machine = Machine.Issued(rules: Under(new() { LongestLife = GoDuration.Of("48h") }));
        Assert.Equal(Machine.Start + (2 * Day), machine.State!.ExpiresAt);
        machine.Wait(Day);
        machine.Do(machine.RefreshWith("r1"));
        Assert.Equal(machine.Now + (2 * Day), machine.State!.ExpiresAt);
        Assert.Equal(machine.Now + (2 * Day), machine.State.Primary!.Refresh!.ExpiresAt);
    }

    [Theory]
    [InlineData("refresh")]
    [InlineData("rotate")]
    [InlineData("reset")]
    public void What_was_made_before_the_policy_goes_on_under_it(string command)
    {
        var free = Machine.Issued(ttl: "2400h");
        TokenPolicy policy = new() { LongestLife = GoDuration.Of("48h"), AllowedKinds = [] };
        var machine = new Machine { State = free.State, Rules = Under(policy) };
        Assert.Equal([PolicyBreach.Kind, PolicyBreach.Life], policy.BreachesOf(free.State!));
        Assert.True(machine.Accepts("a1"));
        machine.Wait(Day);
        Assert.IsType<Decision.Changed>(machine.Do(command switch
        {
            "refresh" => new TokenCommand.Refresh(machine.Present("r1"), machine.Pair(2), []),
            "rotate" => new TokenCommand.Rotate(machine.Pair(2)),
            _ => new TokenCommand.Reset(machine.Pair(2)),
        }));
        Assert.Equal(machine.Now + (2 * Day), machine.State!.ExpiresAt);
        Assert.True(machine.Accepts("a2"));
        Assert.Equal([PolicyBreach.Kind], policy.BreachesOf(machine.State));
    }

    [Theory]
    [InlineData("48h", null)]
    [InlineData("48h1s", TokenRefusal.LifeBeyondPolicy)]
    public void A_life_that_is_set_lies_within_the_policy(string life, TokenRefusal? refusal)
    {
        var machine = Machine.Issued(rules: Under(new() { LongestLife = GoDuration.Of("48h") }));
        Assert.Equal(refusal, (machine.Do(new TokenCommand.SetLife(GoDuration.Of(life))) as Decision.Refused)?.Refusal);
        Assert.Equal(
            refusal,
            (machine.Do(new TokenCommand.Edit(new() { Life = GoDuration.Of(life) }, machine.NextPair())) as Decision.Refused)?.Refusal);
    }

    [Fact]
    public void An_end_that_is_asked_for_lies_within_the_policy()
    {
        var machine = new Machine { Rules = Under(new() { LongestLife = GoDuration.Of("48h") }) };
        TokenCommand.Issue Until(DateTimeOffset end) =>
            machine.Issue() is var issue ? issue with { Spec = issue.Spec with { ExpiresAt = end } } : issue;
        Assert.IsType<Decision.Refused>(machine.Do(Until(Machine.Start.AddHours(49))));
        Assert.IsType<Decision.Refused>(machine.Do(Until(Instant.Forever)));
        Assert.IsType<Decision.Changed>(machine.Do(Until(Machine.Start.AddHours(48))));
    }

    [Fact]
    public void Notices_come_on_the_days_of_the_policy()
    {
        var machine = Machine.Issued(ttl: "1440h", rules: Under(new() { NoticeDays = [30, 3] }));
        var end = machine.State!.ExpiresAt;
        foreach (var days in new[] { 30, 3 })
        {
            Assert.Equal(end.AddDays(-days), TokenMachine.NextDue(machine.State!, machine.Rules.Policy));
            machine.Wait(end.AddDays(-days) - machine.Now);
            Assert.Equal(
                TokenEvent.Expiring, Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Tick())).Event);
            Assert.Equal(days, machine.State!.NoticedDays);
        }

        Assert.Equal(end, TokenMachine.NextDue(machine.State!, machine.Rules.Policy));
    }

    [Fact]
    public void Without_notice_days_the_end_is_the_first_that_is_told()
    {
        var machine = Machine.Issued(ttl: "1440h", rules: Under(new() { NoticeDays = [] }));
        Assert.Equal(machine.State!.ExpiresAt, TokenMachine.NextDue(machine.State, machine.Rules.Policy));
    }

    [Fact]
    public void Who_refreshes_gets_one_notice_in_the_last_day_whatever_the_policy_says()
    {
        var machine = Machine.Issued(ttl: "1440h", rules: Under(new() { NoticeDays = [30, 3] }));
        machine.Do(machine.RefreshWith("r1"));
        Assert.Equal(
            machine.State!.ExpiresAt.AddDays(-1),
            TokenMachine.NextDue(machine.State with { Secondary = null }, machine.Rules.Policy));
        machine.Wait(machine.State.ExpiresAt.AddDays(-2) - machine.Now);
        machine.Do(new TokenCommand.Tick());
        Assert.Null(machine.State!.NoticedDays);
        machine.Wait(TimeSpan.FromDays(1));
        machine.Do(new TokenCommand.Tick());
        Assert.Equal(1, machine.State!.NoticedDays);
    }

    /// <summary>Its life began when it was set: it is as long as a new one may be.</summary>
    [Fact]
    public void A_life_that_was_set_within_the_policy_is_no_breach_and_gives_no_notice_beyond_it()
    {
        var policy = new TokenPolicy { LongestLife = GoDuration.Of("48h") };
        var machine = Machine.Issued(TokenProfile.AccessToken, "36h", rules: Under(policy));
        machine.Wait(TimeSpan.FromHours(20));
        machine.Do(new TokenCommand.SetLife(GoDuration.Of("48h"), KeepsTtl: false));
        Assert.Empty(policy.BreachesOf(machine.State!));
        machine.Do(new TokenCommand.SetLife(GoDuration.Of("12h"), KeepsTtl: false));
        machine.Do(new TokenCommand.Tick());
        Assert.Null(machine.State!.NoticedDays);
        machine.Do(new TokenCommand.Rotate(machine.NextPair()));
        Assert.Equal(machine.Now, machine.State!.LifeBeganAt);
    }

    /// <summary>There is nothing to cut it to, so that a life has to be set first.</summary>
    [Fact]
    public void An_endless_life_that_must_end_is_renewed_by_neither_rotation_nor_reset()
    {
        var machine = Machine.Issued(TokenProfile.AccessToken, GoDuration.Forever.Text);
        machine.Rules = Under(new() { MustExpire = true });
        Assert.Equal(
            new Decision.Refused(TokenRefusal.LifeBeyondPolicy),
            machine.Do(new TokenCommand.Rotate(machine.NextPair())));
        Assert.Equal(
            new Decision.Refused(TokenRefusal.LifeBeyondPolicy),
            machine.Do(new TokenCommand.Reset(machine.NextPair())));
        machine.Do(new TokenCommand.SetLife(GoDuration.Of("24h"), KeepsTtl: false));
        Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Rotate(machine.NextPair())));
        machine = Machine.Issued(TokenProfile.AccessToken, GoDuration.Forever.Text);
        machine.Rules = Under(new() { MustExpire = true, LongestLife = GoDuration.Of("24h") });
        Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Reset(machine.NextPair())));
        Assert.Equal(machine.Now.AddHours(24), machine.State!.ExpiresAt);
    }

    public static TheoryData<TokenPolicy, TokenPolicy, bool> Pairs => new()
    {
        { new(), new(), true },
        { new(), new() { LongestLife = GoDuration.Of("1h") }, false },
        { new() { LongestLife = GoDuration.Of("60m") }, new() { LongestLife = GoDuration.Of("1h") }, true },
        { new() { LongestLife = GoDuration.Of("2h") }, new() { LongestLife = GoDuration.Of("1h") }, false },
        { new() { LongestLife = GoDuration.Of("1h") }, new(), true },
        { new(), new() { MustExpire = true }, false },
        { new() { MustExpire = true }, new(), true },
        { new() { AllowedKinds = ["mcp"] }, new() { AllowedKinds = ["adhoc", "mcp"] }, true },
        { new() { AllowedKinds = ["mcp", "adhoc"] }, new() { AllowedKinds = ["mcp"] }, false },
        { new(), new() { AllowedKinds = ["mcp"] }, false },
        { new() { NoticeDays = [3] }, new() { DefaultLife = GoDuration.Of("1h"), NoticeDays = [5] }, true },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_policy_lies_within_another_where_it_demands_as_much(
        TokenPolicy own, TokenPolicy above, bool expected)
    {
        Assert.Equal(expected, own.IsWithin(above));
        Assert.True(own.Within(above).IsWithin(above));
        Assert.Equal(own.Within(above), own.Within(above).Within(above));
    }

    private static TokenRules Under(TokenPolicy policy) => TokenRules.Standard with { Policy = policy };
}
