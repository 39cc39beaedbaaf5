using System.Collections.Immutable;
using CsCheck;
using TokenActors.Gateway.LaunchDarkly;

namespace TokenActors.Gateway.Tests.LaunchDarkly;

public sealed class InlineRoleTests
{
    private static RoleStatement Allow(string actions, string resources) => Statement(true, actions, resources);

    private static RoleStatement Deny(string actions, string resources) => Statement(false, actions, resources);

    /// <summary>Lists separated by spaces; one that begins with <c>!</c> is of exceptions.</summary>
    private static RoleStatement Statement(bool allows, string actions, string resources) =>
        new(allows, Named(resources), Excepted(resources), Named(actions), Excepted(actions));

    private static ImmutableArray<string>? Named(string list) => list.StartsWith('!') ? null : [.. list.Split(' ')];

    private static ImmutableArray<string>? Excepted(string list) =>
        list.StartsWith('!') ? [.. list[1..].Split(' ')] : null;

    private static string Show(InlineRole role) => string.Join("; ", role.Statements.Select(s =>
        $"{(s.Allows ? "allow" : "deny")} {Listed(s.Actions, s.NotActions)} on {Listed(s.Resources, s.NotResources)}"));

    private static string Listed(ImmutableArray<string>? named, ImmutableArray<string>? excepted) =>
        named is { } names ? string.Join(' ', names) : $"all but {string.Join(' ', excepted ?? [])}";

    private static bool Matches(string pattern, string resource) =>
        new RoleStatement(true, [pattern], null, ["*"], null).Concerns("any", resource);

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "abcd", false)]
    [InlineData("abc", "ABC", false)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "abbbcd", false)]
    [InlineData("*b*", "aba", true)]
    [InlineData("**", "x", true)]
    [InlineData("a*b*c*d", "aXbYbZcd", true)]
    [InlineData("a*b*c*d", "aXbYcZ", false)]
    [InlineData("member/*:token/*", "member/1:token/2", true)]
    [InlineData("member/*:token/*", "service-token/2", false)]
    public void A_star_stands_for_any_run(string pattern, string value, bool matches) =>
        Assert.Equal(matches, Matches(pattern, value));

    [Fact]
    public void A_hostile_pattern_takes_no_time() =>
        Assert.False(Matches(string.Concat(Enumerable.Repeat("a*", 500)) + "b", new string('a', 1000)));

    [Fact]
    public void What_nothing_allows_is_denied_and_a_denial_wins()
    {
        InlineRole role = new([Allow("*", "service-token/*"), Deny("deleteAccessToken", "*")]);
        Assert.True(role.Allows("resetAccessToken", "service-token/1"));
        Assert.False(role.Allows("deleteAccessToken", "service-token/1"));
        Assert.False(role.Allows("resetAccessToken", "member/1:token/1"));
        Assert.False(new InlineRole([]).Allows("resetAccessToken", "service-token/1"));
    }

    [Fact]
    public void Exceptions_are_everything_else()
    {
        InlineRole role = new([Allow("!createAccessToken deleteAccessToken", "!service-token/secret*")]);
        Assert.True(role.Allows("resetAccessToken", "service-token/1"));
        Assert.False(role.Allows("resetAccessToken", "service-token/secret-1"));
        Assert.False(role.Allows("createAccessToken", "service-token/1"));
    }

    [Theory]
    [InlineData("createAccessToken", "tokens:create tokens:get tokens:list")]
    [InlineData("updateAccessToken*", "tokens:get tokens:list tokens:rotate")]
    [InlineData("updateOn", "tokens:get tokens:list")]
    [InlineData("!deleteAccessToken", "tokens:create tokens:get tokens:list tokens:reset tokens:rotate")]
    public void Its_reach_is_told_in_actions_of_this_service(string actions, string reach) =>
        Assert.Equal(
            reach,
            string.Join(' ', new InlineRole([Allow(actions, "*")]).Reach().Names().Order(StringComparer.Ordinal)));

    [Fact]
    public void Being_within_is_an_order_and_never_lets_anything_through()
    {
        var statement = Gen.Select(
            Gen.Frequency((2, true), (1, false)),
            Gen.OneOf("*", "createAccessToken", "!deleteAccessToken", "updateAccessToken*"),
            Gen.OneOf("*", "service-token/*", "!service-token/1", "member/*:token/*"),
            Statement);
        var role = statement.Array[0, 3].Select(statements => new InlineRole([.. statements]));
        var action = Gen.OneOf("createAccessToken", "deleteAccessToken", "updateAccessTokenName");
        var resource = Gen.OneOf("service-token/1", "service-token/2", "member/1:token/1");
        var within = 0;
        Gen.Select(role, role, role, action, resource).HoldsForAll(
            30_000,
            drawn =>
            {
                var (one, other, third, asked, on) = drawn;
                Assert.True(one.IsWithin(one));
                if (one.IsWithin(other))
                {
                    Interlocked.Increment(ref within);
                    Assert.True(!one.Allows(asked, on) || other.Allows(asked, on));
                    Assert.True(!other.IsWithin(third) || one.IsWithin(third));
                }
            },
            drawn => $"{Show(drawn.Item1)}\n{Show(drawn.Item2)}\n{Show(drawn.Item3)}\n{drawn.Item4}, {drawn.Item5}");
        Assert.True(within > 1000);
    }

    [Fact]
    public void Every_action_of_access_tokens_needs_one_of_the_action_table() =>
        Assert.All(
            AccessTokenActions.All, known => Assert.Equal(known.Needs, AccessTokenActions.NeededFor(known.Action)));
}
