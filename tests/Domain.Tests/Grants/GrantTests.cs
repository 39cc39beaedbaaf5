using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

public sealed class GrantTests
{
    private static readonly ResourceTarget Org = new("org1");

    [Theory]
    [InlineData("*", "org1", true)]
    [InlineData("org1", "org1", true)]
    [InlineData("org2", "org1", false)]
    [InlineData("org1,org2", "org1", true)]
    public void Organizations_narrow_by_id(string ids, string target, bool covered)
    {
        var resources = new Resources { OrganizationIds = Selection.Of(ids.Split(',')) };
        var grant = Grant.Of(PermissionSets.Viewer, resources);
        Assert.Equal(covered, grant.Covers("tokens:list", new ResourceTarget(target)));
    }

    [Theory]
    [InlineData("a1", "red", "prod", true)]
    [InlineData("a2", "red", "prod", false)]
    [InlineData("a1", "blue", "prod", false)]
    [InlineData("a1", "red", "test", false)]
    [InlineData("a1", "red,blue", "prod", true)]
    [InlineData("a1", "", "prod", false)]
    public void Accounts_narrow_by_id_and_label_and_environment_together(
        string id, string labels, string environment, bool covered)
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
    /// Such a grant lies within every other, so that whoever may read its secret may be anyone: it must not even reach
    /// what has no such part.
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
    public void A_grant_is_the_union_of_its_clauses()
    {
        Grant grant = new([Clause("integrations:list", "a1"), Clause("accounts:get", "a2")]);
        Assert.True(grant.Covers("integrations:list", Account("a1")));
        Assert.True(grant.Covers("accounts:get", Account("a2")));
        Assert.False(grant.Covers("integrations:list", Account("a2")));
        Assert.False(grant.Covers("accounts:get", Account("a1")));
        Assert.False(Grant.Nothing.Covers("integrations:list", Account("a1")));
    }

    /// <summary>
    /// A clause that only two others together cover counts as too much: never more than one has, sometimes less.
    /// </summary>
    [Fact]
    public void Grants_are_compared_clause_by_clause()
    {
        Grant two = new([Clause("tokens:list", "a1"), Clause("tokens:list", "a2")]);
        Assert.True(two.IsWithin(new Grant([Clause("tokens:list", "a1", "a2")])));
        Assert.False(new Grant([Clause("tokens:list", "a1", "a2")]).IsWithin(two));
        Assert.True(new Grant([Clause("tokens:list", "a2")]).IsWithin(two));
        Grant empty = new([Clause("tokens:list"), new GrantClause(ActionSet.None, Resources.All)]);
        Assert.True(empty.IsWithin(Grant.Nothing));
    }

    [Fact]
    public void Narrowing_keeps_what_every_pair_of_clauses_has_in_common_once()
    {
        Grant one = new([Clause("tokens:*", "a1", "a2"), Clause("tokens:*", "a1", "a3")]);
        Grant other = new([Clause("tokens:list", "a1"), Clause("accounts:get", "a1")]);
        Assert.Equal(new Grant([Clause("tokens:list", "a1")]), one.Narrow(other));
        Assert.Equal(Grant.Nothing, one.Narrow(Grant.Nothing));
        Assert.Equal(Grant.Nothing, one.Narrow(new Grant([Clause("tokens:list", "a4")])));
    }

    /// <summary>
    /// A hundred roles, each with its own hundred accounts: a session is narrowed to its member at every change of a
    /// role, and to another such member at most.
    /// </summary>
    [Fact]
    public void Narrowing_many_clauses_takes_little_work()
    {
        Grant Roles(string prefix) => new(
        [
            .. Enumerable.Range(0, 100).Select(i => Clause(
                "tokens:*", [.. Enumerable.Range(0, 100).Select(account => $"{prefix}{i}-{account}")])),
        ]);
        var (one, same, other) = (Roles("a"), Roles("a"), Roles("b"));
        one.Narrow(same);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(one, one.Narrow(same));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(Grant.Nothing, one.Narrow(other));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
    }

    /// <summary>The same role a thousand times, as an old row may have it.</summary>
    [Fact]
    public void A_clause_counts_once_however_often_it_stands_there()
    {
        Grant many = new([.. Enumerable.Repeat(Clause("tokens:list", "a1"), 1000)]);
        Assert.Single(many.Narrow(many).Clauses);
        Assert.Single(many.Narrow(Grant.Of(ActionSet.Of("all:*"), Resources.All)).Clauses);
    }

    [Fact]
    public void Equal_grants_hash_alike()
    {
        Grant one = new([Clause("tokens:list", "a1", "a2")]);
        Grant same = new([Clause("tokens:list", "a2", "a1")]);
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, new Grant([.. one.Clauses, .. one.Clauses]));
        Assert.False(one.Equals(null));
    }

    private static GrantClause Clause(string actions, params string[] accounts) =>
        new(ActionSet.Of(actions), new Resources { AccountIds = Selection.Of(accounts) });

    private static ResourceTarget Account(string id) => new("org1", Account: new AccountTarget(id, [], "prod"));

    [Fact]
    public void What_keeps_a_grant_from_being_within_another_is_named()
    {
        var within = Resources.All with { AccountIds = Selection.Of("a1") };
        var wanted = Grant.Of(ActionSet.Of("accounts:get", "tokens:rotate"), Resources.All);
        Assert.Equal(["accounts:get", "tokens:rotate"], wanted.Beyond(Grant.Nothing));
        Assert.Equal(["accounts:get"], wanted.Beyond(Grant.Of(ActionSet.Of("tokens:rotate"), Resources.All)));
        Assert.Equal(["resources.accounts.ids"], wanted.Beyond(Grant.Of(ActionSet.Of("all:*"), within)));
        Assert.Equal(["addresses"], wanted.Beyond(wanted.From(AddressRanges.Of(["192.0.2.0/24"]))));
        Assert.Empty(wanted.Beyond(wanted));
    }
}
