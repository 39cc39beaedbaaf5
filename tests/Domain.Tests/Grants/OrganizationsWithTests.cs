using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

/// <summary>The organizations that a grant lets an action list: those that it reaches as a whole.</summary>
public sealed class OrganizationsWithTests
{
    private const string Action = "tokens:list";

    public static TheoryData<string> Narrowings => ["accounts", "labels", "environments", "categories", "own labels"];

    [Fact]
    public void A_grant_of_everything_reaches_every_organization() =>
        Assert.Equal(Selection.All, new Grant([On(Resources.All)]).OrganizationsWith(Action));

    [Fact]
    public void A_grant_without_clauses_reaches_none() =>
        Assert.Equal(Selection.Of(), Grant.Nothing.OrganizationsWith(Action));

    [Fact]
    public void Clauses_add_up_and_each_organization_stands_once() =>
        Assert.Equal(
            Selection.Of("o1", "o2", "o3"),
            new Grant([On(In("o2", "o1")), On(In("o3", "o2"))]).OrganizationsWith(Action));

    [Fact]
    public void A_clause_for_every_organization_outweighs_those_that_name_some() =>
        Assert.Equal(
            Selection.All, new Grant([On(In("o1")), On(Resources.All)]).OrganizationsWith(Action));

    [Fact]
    public void A_clause_of_another_action_adds_none() =>
        Assert.Equal(
            Selection.Of("o1"),
            new Grant([On(In("o1")), new(ActionSet.Of("accounts:get"), Resources.All)]).OrganizationsWith(Action));

    [Theory]
    [MemberData(nameof(Narrowings))]
    public void A_clause_that_is_narrowed_within_its_organization_adds_none(string narrowing)
    {
        var narrowed = Narrowed(In("o2"), narrowing);
        Assert.Equal(Selection.Of("o1"), new Grant([On(In("o1")), On(narrowed)]).OrganizationsWith(Action));
    }

    [Theory]
    [MemberData(nameof(Narrowings))]
    public void Every_organization_narrowed_within_is_not_every_organization(string narrowing) =>
        Assert.Equal(
            Selection.Of(), new Grant([On(Narrowed(Resources.All, narrowing))]).OrganizationsWith(Action));

    private static GrantClause On(Resources resources) => new(ActionSet.Of(Action), resources);

    private static Resources In(params string[] organizations) =>
        new() { OrganizationIds = Selection.Of(organizations) };

    private static Resources Narrowed(Resources resources, string narrowing) => narrowing switch
    {
        "accounts" => resources with { AccountIds = Selection.Of("a1") },
        "labels" => resources with { AccountLabels = Selection.Of("gold") },
        "environments" => resources with { AccountEnvironments = Selection.Of("prod") },
        "categories" => resources with { IntegrationCategories = Selection.Of("siem") },
        _ => resources with { OrganizationLabels = Selection.Of("label") },
    };
}
