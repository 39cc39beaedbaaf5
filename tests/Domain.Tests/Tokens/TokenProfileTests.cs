using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

public sealed class TokenProfileTests
{
    /// <summary>Lives as the design has them; a dash is none, and a star no bound.</summary>
    [Theory]
    [InlineData("default", "ta_def_", "24h", "1s", "8760h", "720h", "-")]
    [InlineData("logon", "ta_log_", "1h", "1m", "2160h", "24h", "720h")]
    [InlineData("organization", "ta_org_", "24h", "1s", "8760h", "168h", "8760h")]
    [InlineData("synqly-integrations", "ta_syn_", "24h", "1s", "8760h", "168h", "8760h")]
    [InlineData("integration", "ta_int_", "10m", "1s", "24h", "-", "24h")]
    [InlineData("mcp", "ta_mcp_", "1h", "1s", "24h", "-", "24h")]
    [InlineData("bridge", "ta_brg_", "forever", "1s", "*", "-", "-")]
    [InlineData("cloudflare", "cfast_", "8760h", "1us", "*", "-", "-")]
    [InlineData("launchdarkly", "api-", "forever", "1us", "*", "-", "-")]
    [InlineData("boomerang-global", "bfg_", "forever", "1us", "*", "-", "-")]
    [InlineData("boomerang-team", "bft_", "forever", "1us", "*", "-", "-")]
    [InlineData("boomerang-workflow", "bfw_", "forever", "1us", "*", "-", "-")]
    [InlineData("boomerang-user", "bfu_", "forever", "1us", "*", "-", "-")]
    [InlineData("imported", "", "forever", "1s", "*", "-", "-")]
    [InlineData("adopted", "ta_imp_", "24h", "1s", "8760h", "168h", "-")]
    public void A_profile_has_the_lives_of_the_design(
        string name, string prefix, string ttl, string shortest, string longest, string refresh, string longestLife)
    {
        static TimeSpan? Life(string text) => text switch
        {
            "-" => null,
            "*" => TimeSpan.MaxValue,
            _ => GoDuration.Of(text).Value,
        };
        var profile = TokenProfile.Named(name);
        Assert.Equal((prefix, ttl), (profile.Prefix, profile.DefaultTtl.Text));
        Assert.Equal((Life(shortest), Life(longest)), (profile.ShortestTtl, profile.LongestTtl));
        Assert.Equal((Life(refresh), Life(longestLife)), (profile.RefreshLife, profile.LongestLife));
        Assert.Equal(refresh != "-", profile.HasRefreshHalf);
        Assert.Null(profile.ProblemWith(profile.DefaultTtl.Value));
    }

    /// <summary>A secret's prefix says which API it is for, so no two may share one.</summary>
    [Fact]
    public void Names_and_prefixes_differ()
    {
        Assert.Equal(16, TokenProfile.All.Count);
        Assert.Equal(16, TokenProfile.All.Select(profile => profile.Name).Distinct().Count());
        Assert.Equal(16, TokenProfile.All.Select(profile => profile.Prefix).Distinct().Count());
    }

    [Theory]
    [InlineData("default", null)]
    [InlineData("logon", null)]
    [InlineData("mcp", null)]
    [InlineData("integration", null)]
    [InlineData("bridge", null)]
    [InlineData("cloudflare", "access")]
    [InlineData("launchdarkly", "launchdarkly")]
    [InlineData("boomerang-global", "boomerang")]
    [InlineData("boomerang-user", "boomerang")]
    public void Tokens_of_another_api_are_listed_apart(string name, string? shelf)
    {
        Assert.Equal(shelf, TokenProfile.Named(name).Listing);
        Assert.Equal(shelf is not null, TokenProfile.Named(name).IsFacade);
    }

    [Theory]
    [InlineData("ta_xyz_")]
    [InlineData("ta_org-")]
    [InlineData("cfast-")]
    public void A_secret_with_the_prefix_of_none_belongs_to_none(string prefix) =>
        Assert.Null(TokenProfile.OfSecret(new Secret(prefix + new string('0', 71))));

    [Theory]
    [InlineData("Default")]
    [InlineData("adhoc")]
    [InlineData("")]
    public void A_stored_name_that_does_not_exist_is_a_fault(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<KeyNotFoundException>(() => TokenProfile.Named(name)).Message);

    [Theory]
    [InlineData("organization", "0s", null, "must lie between 1s and 8760h")]
    [InlineData("logon", "59s", null, "must lie between 1m and 2160h")]
    [InlineData("logon", "25h", "24h", "must lie between 1m and 24h")]
    [InlineData("logon", "24h", "24h", null)]
    [InlineData("mcp", "24h1us", null, "must lie between 1s and 24h")]
    [InlineData("mcp", "24h", null, null)]
    [InlineData("mcp", "999ms", null, "must lie between 1s and 24h")]
    public void A_life_outside_the_bounds_is_told_the_bounds(string name, string ttl, string? longest, string? problem)
    {
        TimeSpan? longestTtl = longest is null ? null : GoDuration.Of(longest).Value;
        Assert.Equal(problem, TokenProfile.Named(name).ProblemWith(GoDuration.Of(ttl).Value, longestTtl));
    }
}
