using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

/// <summary>Actions and permission sets as the Management API has them on the wire.</summary>
public sealed class ActionTableTests
{
    /// <summary>The wire's <c>ApiPermissionMap</c>, but for <c>all</c>, which is every one of them.</summary>
    public static TheoryData<string, string> Apis => new()
    {
        { "accounts", "list create get update patch delete" },
        { "alarm_policies", "get update patch" },
        { "alarms", "list get mode priority clear" },
        { "audit", "list" },
        { "auth", "logon change_password logoff" },
        { "billing", "list get" },
        { "bridges", "list create get update patch delete status" },
        { "credentials", "list create get update patch delete lookup" },
        { "customs", "list create get update patch delete" },
        { "idp", "get create update delete" },
        { "integration_points", "list create get update patch delete" },
        { "integrations", "list create get update patch delete list_account verify" },
        { "mappings", "list create get update patch delete apply" },
        { "members", "list create get update patch delete" },
        { "operations", "list list_history" },
        { "organizations", "get update patch" },
        { "permission_set", "list get" },
        { "roles", "list create get update patch delete" },
        { "status", "list get reset list_events timeseries integration_timeseries" },
        { "suborgs", "list create get delete" },
        {
            "tokens",
            "list create create_integration create_synqly_integrations delete get reset rotate refresh remove_secondary"
        },
        { "transforms", "list create get update patch delete" },
        { "webhooks", "list create get update patch delete" },
    };

    [Theory]
    [MemberData(nameof(Apis))]
    public void An_api_has_the_verbs_of_the_wire(string api, string verbs)
    {
        var expected = verbs.Split(' ').Select(verb => $"{api}:{verb}");
        Assert.Equal(expected, ActionTable.Actions.Where(action => action.StartsWith($"{api}:")));
        Assert.Equal(expected, ActionSet.Of($"{api}:*").Names());
    }

    [Fact]
    public void There_is_no_other_api() => Assert.Equal(
        Apis.Select(row => row[0]), ActionTable.Actions.Select(action => action.Split(':')[0]).Distinct());

    /// <summary>Bits cross grain calls: a position that changes would change grants between versions.</summary>
    [Theory]
    [InlineData("accounts:list", 0)]
    [InlineData("audit:list", 14)]
    [InlineData("auth:logon", 15)]
    [InlineData("integrations:verify", 57)]
    [InlineData("members:list", 65)]
    [InlineData("operations:list_history", 72)]
    [InlineData("tokens:list", 94)]
    [InlineData("tokens:remove_secondary", 103)]
    [InlineData("webhooks:delete", 115)]
    public void Actions_keep_their_bits(string action, int bit) => Assert.Equal(bit, ActionTable.BitOf(action));

    [Fact]
    public void Every_action_has_a_bit_of_its_own_and_all_fit()
    {
        Assert.Equal(116, ActionTable.Actions.Count);
        Assert.Equal(Enumerable.Range(0, 116), ActionTable.Actions.Select(ActionTable.BitOf));
        Assert.Equal(ActionTable.Actions, ActionSet.Of("all:*").Names());
        Assert.Equal((UInt128.One << 116) - 1, ActionSet.Of("all:*").Bits);
    }

    /// <summary>A pattern that names nothing is a mistake, not an empty set, which would hide it.</summary>
    [Theory]
    [InlineData("tokens")]
    [InlineData("tokens:")]
    [InlineData("tokens:no")]
    [InlineData("token:*")]
    [InlineData("Tokens:list")]
    [InlineData("tokens:list ")]
    [InlineData("all:write")]
    [InlineData("all")]
    [InlineData(":*")]
    [InlineData("*")]
    [InlineData("*:*")]
    [InlineData("")]
    public void A_pattern_that_names_nothing_is_refused(string pattern)
    {
        Assert.Throws<ArgumentException>(() => ActionSet.Of("accounts:list", pattern));
        Assert.Equal(-1, ActionTable.BitOf(pattern));
        Assert.False(ActionSet.Of("all:*").Contains(pattern));
    }

    /// <summary>What changes something or hands out a secret must not be taken for reading.</summary>
    [Fact]
    public void Reading_is_what_neither_changes_nor_mints()
    {
        string[] verbs =
        [
            "get", "integration_timeseries", "list", "list_account", "list_events", "list_history", "lookup",
            "status", "timeseries",
        ];
        var read = ActionSet.Of("all:read");
        Assert.Equal(verbs.ToHashSet(), [.. read.Names().Select(action => action.Split(':')[1])]);
        Assert.All(
            ["tokens:refresh", "tokens:create", "integrations:verify", "bridges:update", "auth:logon", "status:reset"],
            action => Assert.False(read.Contains(action)));
    }

    [Fact]
    public void Sets_are_compared_cut_and_printed_in_the_order_of_the_table()
    {
        var some = ActionSet.Of("tokens:list", "accounts:get", "tokens:list");
        Assert.Equal("accounts:get tokens:list", some.ToString());
        Assert.Equal(some, ActionSet.Of("accounts:get", "tokens:list"));
        Assert.True(some.IsWithin(ActionSet.Of("all:read")));
        Assert.False(ActionSet.Of("all:read").IsWithin(some));
        Assert.Equal(ActionSet.Of("tokens:list"), some.Intersect(ActionSet.Of("tokens:*")));
        Assert.Equal(ActionSet.Of("accounts:get"), some.Without(ActionSet.Of("tokens:*")));
        Assert.True(ActionSet.None.IsEmpty && ActionSet.Of().IsEmpty && ActionSet.None.IsWithin(some));
        Assert.Equal("", ActionSet.None.ToString());
    }
}
