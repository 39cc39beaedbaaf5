using System.Collections.Immutable;
using TokenActors.Domain.LaunchDarkly;

namespace TokenActors.Domain.Tests.LaunchDarkly;

public sealed class InlineRoleTests
{
    private static RoleStatement Allow(string actions, string resources) => Statement(true, actions, resources);

    private static RoleStatement Deny(string actions, string resources) => Statement(false, actions, resources);

    /// <summary>Lists separated by spaces; one that begins with <c>!</c> is of exceptions.</summary>
    private static RoleStatement Statement(bool allows, string actions, string resources) =>
        new(allows, Named(resources), Excepted(resources), Named(actions), Excepted(actions));

    private static ImmutableArray<string>? Named(string list) => list.StartsWith('!') ? null : [.. list.Split(' ')];

    private static ImmutableArray<string>? Excepted(string list) => list.StartsWith('!') ? [.. list[1..].Split(' ')] : null;

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
    public void A_star_stands_for_any_run(string pattern, string value, bool matches) => Assert.Equal(matches, Matches(pattern, value));

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
        Assert.Equal(reach, string.Join(' ', new InlineRole([Allow(actions, "*")]).Reach().Names().Order(StringComparer.Ordinal)));

    [Fact]
    public void Being_within_is_an_order_and_never_lets_anything_through()
    {
        string[] actions = ["*", "createAccessToken", "!deleteAccessToken", "updateAccessToken*"];
        string[] resources = ["*", "service-token/*", "!service-token/1", "member/*:token/*"];
        string[] askedActions = ["createAccessToken", "deleteAccessToken", "updateAccessTokenName"];
        string[] askedResources = ["service-token/1", "service-token/2", "member/1:token/1"];
        var random = new SeededRandom(4);
        InlineRole Draw() => new([.. Enumerable.Range(0, random.Below(4)).Select(_ =>
            Statement(random.Below(3) > 0, actions[random.Below(actions.Length)], resources[random.Below(resources.Length)]))]);

        var within = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var (one, other) = (Draw(), Draw());
            Assert.True(one.IsWithin(one));
            if (!one.IsWithin(other))
            {
                continue;
            }

            within++;
            Assert.All(askedActions, a => Assert.All(askedResources, r => Assert.True(!one.Allows(a, r) || other.Allows(a, r))));
            var third = Draw();
            Assert.True(!other.IsWithin(third) || one.IsWithin(third));
        }

        Assert.True(within > 1000);
    }

    [Fact]
    public void Every_action_of_access_tokens_needs_one_of_the_action_table() =>
        Assert.All(AccessTokenActions.All, known => Assert.Equal(known.Needs, AccessTokenActions.NeededFor(known.Action)));
}
