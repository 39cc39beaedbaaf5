using System.Collections.Immutable;
using CsCheck;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>The laws of policies and limits: below an organization nothing is demanded less than above it.</summary>
public sealed class TokenPolicyLawTests
{
    private const int Cases = 4_000;

    private static readonly Gen<GoDuration?> Life = OneOf<GoDuration?>(
        null, GoDuration.Of("1m"), GoDuration.Of("1h"), GoDuration.Of("24h"), GoDuration.Of("240h"), GoDuration.Of("8760h"));

    private static readonly Gen<ImmutableArray<string>?> Kinds = Gen.OneOf(
        Gen.Const((ImmutableArray<string>?)null),
        Gen.Bool.Array[TokenKinds.Chosen.Length].Select(
            chosen => (ImmutableArray<string>?)[.. TokenKinds.Chosen.Where((_, i) => chosen[i])]));

    private static readonly Gen<TokenPolicy> Policy = Gen.Select(
        Life, Life, Gen.Bool, Kinds,
        (longest, life, mustExpire, kinds) => new TokenPolicy
        {
            LongestLife = longest,

            // As the API takes them: no default life is longer than the longest.
            DefaultLife = longest is { } most && life?.Value > most.Value ? most : life,
            MustExpire = mustExpire,
            AllowedKinds = kinds,
        });

    private static readonly Gen<TokenProfile> Profile = OneOf([.. TokenProfile.All]);

    private static readonly Gen<TimeSpan> Asked = Gen.OneOf(
        Gen.Const(TimeSpan.MaxValue), Gen.Int[1, 10_000].Select(hours => TimeSpan.FromHours(hours)), Gen.Int[1, 600].Select(s => TimeSpan.FromSeconds(s)));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Show(TokenPolicy policy) =>
        $"{policy.LongestLife?.Text ?? "-"} {policy.DefaultLife?.Text ?? "-"} {policy.MustExpire} "
        + (policy.AllowedKinds is { } kinds ? string.Join(',', kinds) : "*");

    [Fact]
    public void Two_policies_at_once_allow_what_both_allow() => Gen.Select(Policy, Policy, Profile, Asked).HoldsForAll(
        Cases,
        drawn =>
        {
            var (own, above, profile, life) = drawn;
            var both = own.Within(above);
            Assert.Equal(own.Allows(profile) && above.Allows(profile), both.Allows(profile));
            Assert.Equal(own.Allows(profile, life) && above.Allows(profile, life), both.Allows(profile, life));
            Assert.True(both.EndOf(profile, Machine.Start) <= own.EndOf(profile, Machine.Start));
            Assert.True(both.EndOf(profile, Machine.Start) <= above.EndOf(profile, Machine.Start));
        },
        drawn => $"{Show(drawn.Item1)}\n{Show(drawn.Item2)}\n{drawn.Item3.Name} {drawn.Item4}");

    [Fact]
    public void Being_within_is_a_preorder_and_both_at_once_are_within_each() => Policy.Array[3].HoldsForAll(
        Cases,
        drawn =>
        {
            var (a, b, c) = (drawn[0], drawn[1], drawn[2]);
            Assert.True(a.IsWithin(a));
            Assert.True(a.IsWithin(TokenPolicy.Standard));
            Assert.True(a.Within(b).IsWithin(b));
            Assert.True(a.Within(b).IsWithin(a));
            var first = a.Within(b.Within(c));
            Assert.True(first.IsWithin(b.Within(c)) && first.IsWithin(c), "transitive");
            Assert.True(!(a.IsWithin(b) && b.IsWithin(c)) || a.IsWithin(c), "transitive");
            Assert.Equal(a.Within(b), a.Within(b).Within(b));
        },
        drawn => string.Join('\n', drawn.Select(Show)));

    [Fact]
    public void What_lies_within_allows_nothing_that_the_policy_above_forbids() => Gen.Select(Policy, Policy, Profile, Asked).HoldsForAll(
        Cases,
        drawn =>
        {
            var (a, b, profile, life) = drawn;
            var own = a.IsWithin(b) ? a : a.Within(b);
            Assert.True(!own.Allows(profile) || b.Allows(profile));
            Assert.True(!own.Allows(profile, life) || b.Allows(profile, life));
        },
        drawn => $"{Show(drawn.Item1)}\n{Show(drawn.Item2)}\n{drawn.Item3.Name} {drawn.Item4}");

    /// <summary>Of what nobody asked for: it is never outside the bounds of its kind, whatever is demanded.</summary>
    [Fact]
    public void The_life_that_is_given_unasked_is_one_that_the_kind_may_have() => Gen.Select(Policy, Profile).HoldsForAll(
        Cases,
        drawn =>
        {
            var (policy, profile) = drawn;
            var life = policy.DefaultOf(profile);
            Assert.Null(profile.ProblemWith(life.Value));
            if (TokenPolicy.CanForbid(profile) && !policy.LeavesEndless(profile, life.Value))
            {
                Assert.True(policy.Allows(profile, life.Value), $"{life.Text} is against the policy that gave it");
            }
        },
        drawn => $"{Show(drawn.Item1)}\n{drawn.Item2.Name}");

    /// <summary>What was issued under a policy is never one of its breaches, and neither is what is renewed under
    /// it.</summary>
    [Fact]
    public void What_is_made_under_a_policy_is_no_breach_of_it() => Gen.Select(Policy, Profile, OneOf("rotate", "reset")).HoldsForAll(
        Cases,
        drawn =>
        {
            var (policy, profile, command) = drawn;
            var machine = new Machine { Profile = profile, Rules = TokenRules.Standard with { Policy = policy } };
            if (machine.Do(machine.Issue()) is not Decision.Changed)
            {
                return;
            }

            Assert.Empty(policy.BreachesOf(machine.State!));
            machine.Wait(TimeSpan.FromSeconds(30));
            if (machine.Do(command == "rotate" ? new TokenCommand.Rotate(machine.NextPair()) : new TokenCommand.Reset(machine.NextPair()))
                is Decision.Changed { Next.Profile: var renewed } && renewed == profile)
            {
                Assert.Empty(policy.BreachesOf(machine.State!));
            }
        },
        drawn => $"{Show(drawn.Item1)}\n{drawn.Item2.Name} {drawn.Item3}");

    private static readonly Gen<TokenLimits> Limits = Gen.Select(
        Gen.OneOf(Gen.Const((long?)null), Gen.Long[1, 20].Select(n => (long?)n)),
        Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 20].Select(n => (int?)n)),
        Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 40].Select(n => (int?)n)),
        (uses, rate, burst) => new TokenLimits(uses, rate, rate is null ? null : burst));

    [Fact]
    public void Limits_are_ordered_and_none_is_the_widest() => Limits.Array[3].HoldsForAll(
        Cases,
        drawn =>
        {
            var (a, b, c) = (drawn[0], drawn[1], drawn[2]);
            Assert.True(a.IsWithinBounds);
            Assert.True(a.IsWithin(a));
            Assert.True(a.IsWithin(TokenLimits.None));
            Assert.Equal(a.IsNone, TokenLimits.None.IsWithin(a));
            Assert.True(!(a.IsWithin(b) && b.IsWithin(c)) || a.IsWithin(c), "transitive");
        },
        drawn => string.Join('\n', drawn.Select(one => one.ToString())));

    [Theory]
    [InlineData(1L, null, null, true)]
    [InlineData(1_000_000_000_000L, 100_000, 1_000_000, true)]
    [InlineData(null, 1, 1, true)]
    [InlineData(0L, null, null, false)]
    [InlineData(-1L, null, null, false)]
    [InlineData(1_000_000_000_001L, null, null, false)]
    [InlineData(null, 0, null, false)]
    [InlineData(null, 100_001, null, false)]
    [InlineData(null, null, 1, false)]
    [InlineData(null, 1, 0, false)]
    [InlineData(null, 1, 1_000_001, false)]
    public void Limits_have_bounds(long? uses, int? perSecond, int? burst, bool within) =>
        Assert.Equal(within, new TokenLimits(uses, perSecond, burst).IsWithinBounds);

    /// <summary>At most a block is lost with a process: a tenth of what is left, of 64 at most.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(20, 2)]
    [InlineData(639, 63)]
    [InlineData(640, 64)]
    [InlineData(1_000_000_000_000, 64)]
    public void Uses_are_written_ahead_in_blocks(long left, long block) =>
        Assert.Equal(block, TokenLimits.BlockOf(left));

    [Fact]
    public void Every_profile_is_of_a_kind_and_the_chosen_kinds_are_those_that_can_be_forbidden()
    {
        Assert.Equal(
            TokenKinds.Chosen.Order(StringComparer.Ordinal),
            TokenProfile.All.Where(TokenPolicy.CanForbid).Select(TokenKinds.Of).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            ["bridge", "default", "session"],
            TokenProfile.All.Where(profile => !TokenPolicy.CanForbid(profile)).Select(TokenKinds.Of).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("default", "default")]
    [InlineData("logon", "session")]
    [InlineData("password-change", "session")]
    [InlineData("organization", "adhoc")]
    [InlineData("synqly-integrations", "adhoc")]
    [InlineData("adopted", "adhoc")]
    [InlineData("integration", "integration")]
    [InlineData("mcp", "mcp")]
    [InlineData("bridge", "bridge")]
    [InlineData("cloudflare", "cloudflare")]
    [InlineData("launchdarkly", "launchdarkly")]
    [InlineData("boomerang-global", "boomerang")]
    [InlineData("boomerang-team", "boomerang")]
    [InlineData("boomerang-workflow", "boomerang")]
    [InlineData("boomerang-user", "boomerang")]
    [InlineData("imported", "imported")]
    public void A_profile_is_what_people_call_it(string profile, string kind) =>
        Assert.Equal(kind, TokenKinds.Of(TokenProfile.Named(profile)));
}
