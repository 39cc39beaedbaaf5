using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Tests.Grants;

public sealed class GrantTests
{
    private static readonly ResourceTarget Org = new("org1");

    [Theory]
    [InlineData("administrator", "tokens:rotate", true)]
    [InlineData("administrator", "webhooks:delete", true)]
    [InlineData("administrator", "no:such", false)]
    [InlineData("viewer", "tokens:list", true)]
    [InlineData("viewer", "tokens:get", true)]
    [InlineData("viewer", "tokens:create", false)]
    [InlineData("viewer", "tokens:rotate", false)]
    [InlineData("viewer", "status:integration_timeseries", true)]
    [InlineData("viewer", "status:reset", false)]
    [InlineData("viewer", "auth:logoff", true)]
    [InlineData("member", "organizations:get", true)]
    [InlineData("member", "tokens:list", false)]
    [InlineData("member", "auth:change_password", true)]
    [InlineData("account-manager", "accounts:delete", true)]
    [InlineData("account-manager", "credentials:create", true)]
    [InlineData("account-manager", "members:get", true)]
    [InlineData("account-manager", "members:update", false)]
    [InlineData("account-manager", "tokens:create", false)]
    [InlineData("connect-ui", "integrations:create", true)]
    [InlineData("connect-ui", "credentials:delete", true)]
    [InlineData("connect-ui", "accounts:create", false)]
    [InlineData("connect-ui", "tokens:create_integration", false)]
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
    public void All_eight_sets_exist_and_lie_within_the_administrators()
    {
        Assert.Equal(8, PermissionSets.Names.Count);
        Assert.All(PermissionSets.Names, set =>
            Assert.True(Grant.Of(set, Resources.All).IsWithin(Grant.Of(PermissionSets.Administrator, Resources.All))));
    }

    [Fact]
    public void Every_action_fits_the_bits_and_is_unique()
    {
        Assert.True(ActionTable.Actions.Count <= 128);
        Assert.Equal(ActionTable.Actions.Count, ActionTable.Actions.Distinct().Count());
        Assert.Equal(ActionTable.Actions.Count, ActionSet.Of("all:*").Names().Count());
    }

    /// <summary>Bits cross grain calls: a position that changes would change grants between versions.</summary>
    [Theory]
    [InlineData("accounts:list", 0)]
    [InlineData("audit:list", 14)]
    [InlineData("tokens:list", 94)]
    [InlineData("tokens:remove_secondary", 103)]
    [InlineData("webhooks:delete", 115)]
    public void Actions_keep_their_bits(string action, int bit) => Assert.Equal(bit, ActionTable.BitOf(action));

    [Theory]
    [InlineData("*", "org1", true)]
    [InlineData("org1", "org1", true)]
    [InlineData("org2", "org1", false)]
    [InlineData("org1,org2", "org1", true)]
    public void Organizations_narrow_by_id(string ids, string target, bool covered)
    {
        var resources = new Resources { OrganizationIds = Selection.Of(ids.Split(',')) };
        Assert.Equal(covered, Grant.Of(PermissionSets.Viewer, resources).Covers("tokens:list", new ResourceTarget(target)));
    }

    [Theory]
    [InlineData("a1", "red", "prod", true)]
    [InlineData("a2", "red", "prod", false)]
    [InlineData("a1", "blue", "prod", false)]
    [InlineData("a1", "red", "test", false)]
    [InlineData("a1", "red,blue", "prod", true)]
    [InlineData("a1", "", "prod", false)]
    public void Accounts_narrow_by_id_and_label_and_environment_together(string id, string labels, string environment, bool covered)
    {
        var resources = new Resources
        {
            AccountIds = Selection.Of("a1"),
            AccountLabels = Selection.Of("red"),
            AccountEnvironments = Selection.Of("prod"),
        };
        var account = new AccountTarget(id, labels.Split(',', StringSplitOptions.RemoveEmptyEntries), environment);
        Assert.Equal(covered, resources.Covers(new ResourceTarget("org1", Account: account)));
    }

    /// <summary>
    /// Such a grant lies within every other, so that whoever may read its secret may be anyone: it must not even reach what has no such part.
    /// </summary>
    [Theory]
    [InlineData("organizations.ids")]
    [InlineData("organizations.labels")]
    [InlineData("accounts.ids")]
    [InlineData("accounts.labels")]
    [InlineData("accounts.environments")]
    [InlineData("integrations.categories")]
    public void A_part_that_selects_nothing_covers_nothing(string part)
    {
        var none = Selection.Of();
        var grant = Grant.Of(PermissionSets.Administrator, part switch
        {
            "organizations.ids" => new Resources { OrganizationIds = none },
            "organizations.labels" => new Resources { OrganizationLabels = none },
            "accounts.ids" => new Resources { AccountIds = none },
            "accounts.labels" => new Resources { AccountLabels = none },
            "accounts.environments" => new Resources { AccountEnvironments = none },
            _ => new Resources { IntegrationCategories = none },
        });
        var account = new AccountTarget("a1", ["red"], "prod");
        Assert.True(grant.IsWithin(Grant.Nothing));
        Assert.False(grant.Covers("tokens:list", Org));
        Assert.False(grant.Covers("tokens:list", new ResourceTarget("org1", ["gold"], account, "siem")));
    }

    [Fact]
    public void Asking_for_more_is_refused_and_named()
    {
        var caller = Grant.Of(PermissionSets.Viewer, new Resources { AccountIds = Selection.Of("a1") });
        var attenuation = Attenuation.Of(
            caller, ActionSet.Of("tokens:list", "tokens:create"), new ResourceRequest(Accounts: (Selection.Of("a2"), Selection.All, Selection.All)));
        Assert.False(attenuation.Allowed);
        Assert.Equal(["tokens:create", "resources.accounts.ids"], attenuation.TooMuch);
    }

    [Fact]
    public void A_kind_that_is_left_out_is_inherited_whole()
    {
        var own = new Resources { AccountIds = Selection.Of("a1", "a2"), IntegrationCategories = Selection.Of("siem") };
        var attenuation = Attenuation.Of(
            Grant.Of(PermissionSets.Administrator, own),
            ActionSet.Of("tokens:list"),
            new ResourceRequest(Accounts: (Selection.Of("a1"), Selection.All, Selection.All)));
        Assert.Equal(own with { AccountIds = Selection.Of("a1") }, attenuation.Resources);
    }

    [Fact]
    public void With_several_clauses_the_one_that_holds_the_request_is_inherited_from()
    {
        var caller = new Grant(
        [
            new GrantClause(PermissionSets.ActionsOf(PermissionSets.Viewer), new Resources { AccountIds = Selection.Of("a1") }),
            new GrantClause(PermissionSets.ActionsOf(PermissionSets.Administrator), new Resources { AccountIds = Selection.Of("a2") }),
        ]);
        var attenuation = Attenuation.Of(caller, ActionSet.Of("tokens:create"), new ResourceRequest());
        Assert.Equal(Selection.Of("a2"), attenuation.Resources!.AccountIds);
    }

    [Fact]
    public void Root_administrator_exists_in_a_root_organization_only()
    {
        var id = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");
        Assert.Null(BuiltinRoles.GrantOf(BuiltinRoles.RootAdministrator, id, isRoot: false));
        Assert.NotNull(BuiltinRoles.GrantOf(BuiltinRoles.RootAdministrator, id, isRoot: true));
        Assert.Null(BuiltinRoles.GrantOf("something", id, isRoot: true));
        Assert.False(BuiltinRoles.GrantOf(BuiltinRoles.Administrator, id, false)!.Covers("tokens:list", new ResourceTarget("another")));
    }
}
