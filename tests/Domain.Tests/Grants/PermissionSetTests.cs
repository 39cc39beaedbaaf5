using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

public sealed class PermissionSetTests
{
    private static readonly ResourceTarget Org = new("org1");

    private static ActionSet Actions(string set) => PermissionSets.ActionsOf(set);

    [Fact]
    public void The_eight_names_stand_in_the_order_of_the_wire() => Assert.Equal(
        [
            "administrator", "viewer", "member", "account-manager", "connect-ui", "token-issuer",
            "mcp-integrations-use-only", "mcp-management",
        ],
        PermissionSets.Names);

    [Theory]
    [InlineData("administrator", true)]
    [InlineData("Administrator", false)]
    [InlineData("root_administrator", false)]
    [InlineData("account_manager", false)]
    [InlineData("", false)]
    public void No_other_set_exists(string name, bool exists)
    {
        Assert.Equal(exists, PermissionSets.Exists(name));
        var fault = exists ? null : typeof(KeyNotFoundException);
        Assert.Equal(fault, Record.Exception(() => Actions(name))?.GetType());
        Assert.Equal(fault, Record.Exception(() => PermissionSets.DescriptionOf(name))?.GetType());
    }

    [Fact]
    public void Every_set_is_described_allows_something_and_lies_within_the_administrators() =>
        Assert.All(PermissionSets.Names, set =>
        {
            Assert.NotEmpty(PermissionSets.DescriptionOf(set));
            Assert.False(Actions(set).IsEmpty);
            Assert.True(Actions(set).IsWithin(Actions("administrator")));
        });

    [Theory]
    [InlineData("administrator", "tokens:rotate", true)]
    [InlineData("administrator", "webhooks:delete", true)]
    [InlineData("administrator", "no:such", false)]
    [InlineData("viewer", "tokens:list", true)]
    [InlineData("viewer", "tokens:get", true)]
    [InlineData("viewer", "bridges:status", true)]
    [InlineData("viewer", "bridges:create", false)]
    [InlineData("viewer", "credentials:lookup", true)]
    [InlineData("viewer", "tokens:create", false)]
    [InlineData("viewer", "tokens:rotate", false)]
    [InlineData("viewer", "tokens:refresh", false)]
    [InlineData("viewer", "status:integration_timeseries", true)]
    [InlineData("viewer", "status:reset", false)]
    [InlineData("viewer", "auth:logoff", true)]
    [InlineData("member", "organizations:get", true)]
    [InlineData("member", "organizations:update", false)]
    [InlineData("member", "status:get", true)]
    [InlineData("member", "status:timeseries", false)]
    [InlineData("member", "tokens:list", false)]
    [InlineData("member", "members:get", false)]
    [InlineData("member", "auth:change_password", true)]
    [InlineData("account-manager", "accounts:delete", true)]
    [InlineData("account-manager", "integrations:delete", true)]
    [InlineData("account-manager", "credentials:create", true)]
    [InlineData("account-manager", "members:get", true)]
    [InlineData("account-manager", "members:list", false)]
    [InlineData("account-manager", "members:update", false)]
    [InlineData("account-manager", "tokens:create_integration", true)]
    [InlineData("account-manager", "tokens:create", false)]
    [InlineData("account-manager", "roles:create", false)]
    [InlineData("connect-ui", "integrations:create", true)]
    [InlineData("connect-ui", "integrations:delete", true)]
    [InlineData("connect-ui", "credentials:delete", true)]
    [InlineData("connect-ui", "credentials:lookup", false)]
    [InlineData("connect-ui", "accounts:create", false)]
    [InlineData("connect-ui", "accounts:list", false)]
    [InlineData("token-issuer", "tokens:create_integration", true)]
    [InlineData("token-issuer", "tokens:create", false)]
    [InlineData("token-issuer", "tokens:get", false)]
    [InlineData("mcp-integrations-use-only", "integrations:get", true)]
    [InlineData("mcp-integrations-use-only", "integrations:create", false)]
    [InlineData("mcp-management", "integrations:update", true)]
    [InlineData("mcp-management", "integrations:delete", false)]
    public void Permission_sets_hold_what_is_documented(string set, string action, bool expected) =>
        Assert.Equal(expected, Grant.Of(set, Resources.All).Covers(action, Org));

    [Fact]
    public void A_viewer_changes_nothing_but_its_own_session_and_password() =>
        Assert.Equal(ActionSet.Of("auth:*"), Actions("viewer").Without(ActionSet.Of("all:read")));

    /// <summary>Its tokens lie in browsers.</summary>
    [Fact]
    public void The_set_for_browsers_reaches_no_token_member_role_or_organization() => Assert.All(
        ["tokens:*", "members:*", "roles:*", "organizations:*", "suborgs:*", "auth:*", "idp:*"],
        pattern => Assert.True(Actions("connect-ui").Intersect(ActionSet.Of(pattern)).IsEmpty, pattern));

    [Fact]
    public void The_issuer_may_do_one_thing() =>
        Assert.Equal(ActionSet.Of("tokens:create_integration"), Actions("token-issuer"));

    [Theory]
    [InlineData("mcp-integrations-use-only", "mcp-management")]
    [InlineData("mcp-integrations-use-only", "viewer")]
    [InlineData("member", "viewer")]
    [InlineData("member", "account-manager")]
    [InlineData("token-issuer", "account-manager")]
    public void One_set_lies_within_another(string narrow, string wide)
    {
        Assert.True(Actions(narrow).IsWithin(Actions(wide)));
        Assert.False(Actions(wide).IsWithin(Actions(narrow)));
    }

    /// <summary>A role that could change roles, or mint any token, could make itself an administrator.</summary>
    [Fact]
    public void Only_administrators_mint_organization_tokens_and_change_rights() => Assert.All(
        PermissionSets.Names.Where(set => set != "administrator"),
        set => Assert.All(
            [
                "tokens:create", "tokens:rotate", "tokens:reset", "members:create", "members:update", "roles:create",
                "roles:patch",
            ],
            action => Assert.False(Actions(set).Contains(action), $"{set}, {action}")));
}
