using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Tests.Grants;

public sealed class ResourcesTests
{
    private static readonly OrganizationId Root = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");

    private static readonly string[] PartNames =
    [
        "organizations.ids", "organizations.labels", "accounts.ids", "accounts.labels", "accounts.environments",
        "integrations.categories",
    ];

    public static TheoryData<string> Parts => [.. PartNames];

    private static Resources With(string part, Selection selection, Resources? others = null)
    {
        var rest = others ?? Resources.All;
        return part switch
        {
            "organizations.ids" => rest with { OrganizationIds = selection },
            "organizations.labels" => rest with { OrganizationLabels = selection },
            "accounts.ids" => rest with { AccountIds = selection },
            "accounts.labels" => rest with { AccountLabels = selection },
            "accounts.environments" => rest with { AccountEnvironments = selection },
            "integrations.categories" => rest with { IntegrationCategories = selection },
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
        };
    }

    /// <summary>Each part by itself: what it lets through and stops, how it compares, its name on the wire.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void Every_part_narrows(string part)
    {
        ResourceTarget target = new("x", ["x"], new AccountTarget("x", ["x"], "x"), "x");
        var (narrow, wide) = (With(part, Selection.Of("x")), With(part, Selection.Of("x", "y")));
        Assert.True(narrow.Covers(target));
        Assert.False(With(part, Selection.Of("y")).Covers(target));

        Assert.True(narrow.IsWithin(wide) && wide.IsWithin(Resources.All));
        Assert.False(wide.IsWithin(narrow));
        Assert.Equal([part], wide.WiderThan(narrow));
        Assert.Equal([part], Resources.All.WiderThan(wide));
        Assert.Empty(narrow.WiderThan(wide));

        Assert.Equal(narrow, wide.Intersect(With(part, Selection.Of("x", "z"))));
        Assert.Equal(narrow, Resources.All.Intersect(narrow));
        Assert.True(narrow.Intersect(With(part, Selection.Of("y"))).IsEmpty);
        Assert.False(narrow.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Who_is_narrowed_in_a_part_does_not_have_the_whole_organization(string part) => Assert.Equal(
        part == "organizations.ids", With(part, Selection.Of("org1", "x")).IsWholeIn("org1"));

    [Theory]
    [InlineData("*", true)]
    [InlineData("org1", true)]
    [InlineData("org2,org1", true)]
    [InlineData("org2", false)]
    public void The_whole_of_an_organization_is_had_by_its_id(string ids, bool whole) => Assert.Equal(
        whole, new Resources { OrganizationIds = Selection.Of(ids.Split(',')) }.IsWholeIn("org1"));

    /// <summary>
    /// An organization has no account: who is narrowed to one may still see whose it is, and do nothing to it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_that_the_target_lacks_is_not_covered_but_shown(string part)
    {
        ResourceTarget organization = new("org1");
        Assert.False(With(part, Selection.Of("x")).Covers(organization));
        Assert.Equal(part != "organizations.ids", With(part, Selection.Of("x")).Shows(organization));
        Assert.False(With(part, Selection.Of()).Shows(organization));
        Assert.True(Resources.All.Covers(organization));
    }

    [Fact]
    public void A_kind_that_is_asked_for_replaces_the_callers_and_one_left_out_is_inherited()
    {
        var own = PartNames.Aggregate(Resources.All, (all, part) => With(part, Selection.Of($"own {part}"), all));
        var (ids, labels, environments) = (Selection.Of("ids"), Selection.Of("labels"), Selection.Of("environments"));
        Assert.Equal(own, new ResourceRequest().InheritFrom(own));
        Assert.Equal(
            own with { OrganizationIds = ids, OrganizationLabels = labels },
            new ResourceRequest(Organizations: (ids, labels)).InheritFrom(own));
        Assert.Equal(
            own with { AccountIds = ids, AccountLabels = labels, AccountEnvironments = environments },
            new ResourceRequest(Accounts: (ids, labels, environments)).InheritFrom(own));
        Assert.Equal(
            own with { IntegrationCategories = ids },
            new ResourceRequest(IntegrationCategories: ids).InheritFrom(own));
    }

    [Theory]
    [InlineData("root_administrator", true, "*")]
    [InlineData("root_administrator", false, null)]
    [InlineData("administrator", true, "own")]
    [InlineData("administrator", false, "own")]
    [InlineData("viewer", false, "own")]
    [InlineData("member", false, "own")]
    [InlineData("Administrator", false, "own")]
    [InlineData("account-manager", false, null)]
    [InlineData("", true, null)]
    public void A_builtin_role_reaches_its_organization_and_only_roots_reach_beyond(
        string role, bool isRoot, string? reach)
    {
        var grant = BuiltinRoles.GrantOf(role, Root, isRoot);
        var expected = reach switch
        {
            "*" => Grant.Of("administrator", Resources.All),
            "own" =>
                Grant.Of(role.ToLowerInvariant(), new Resources { OrganizationIds = Selection.Of(Root.ToString()) }),
            _ => null,
        };
        Assert.Equal(expected, grant);
    }

    [Fact]
    public void The_builtin_roles_are_named_as_on_the_wire() =>
        Assert.Equal(["root_administrator", "administrator", "viewer", "member"], BuiltinRoles.Names);

    /// <summary>Organizations that a role asks for, and what it gets of them.</summary>
    [Theory]
    [InlineData(false, null, "01900000-0000-7000-8000-00000000000a")]
    [InlineData(false, "*", "01900000-0000-7000-8000-00000000000a")]
    [InlineData(false, "01900000-0000-7000-8000-00000000000a", "01900000-0000-7000-8000-00000000000a")]
    [InlineData(false, "another", "")]
    [InlineData(true, null, "01900000-0000-7000-8000-00000000000a")]
    [InlineData(true, "*", "01900000-0000-7000-8000-00000000000a")]
    [InlineData(true, "another", "another")]
    [InlineData(true, "another,01900000-0000-7000-8000-00000000000a", "01900000-0000-7000-8000-00000000000a,another")]
    public void A_role_of_ones_own_reaches_others_only_from_a_root_that_names_them(
        bool isRoot, string? asked, string gets)
    {
        var resources = asked is null ? null : new Resources { OrganizationIds = Selection.Of(asked.Split(',')) };
        var clause = Assert.Single(CustomRoles.GrantOf("viewer", resources, Root, isRoot).Clauses);
        Assert.Equal(gets, clause.Resources.OrganizationIds.ToString());
        Assert.Equal(PermissionSets.ActionsOf("viewer"), clause.Actions);
    }

    [Fact]
    public void A_role_of_ones_own_keeps_its_other_narrowings()
    {
        var asked = new Resources { AccountIds = Selection.Of("a1"), IntegrationCategories = Selection.Of("siem") };
        var grant = CustomRoles.GrantOf("viewer", asked, Root, isRoot: false);
        Assert.Equal(Grant.Of("viewer", asked with { OrganizationIds = Selection.Of(Root.ToString()) }), grant);
    }
}
