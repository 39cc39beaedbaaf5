using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

/// <summary>Asking for a narrower grant gets it, or the names of what is too much. Nothing is cut in silence.</summary>
public sealed class AttenuationTests
{
    /// <summary>A viewer of the test accounts a1 and a2 with the label red, for siem and edr.</summary>
    private static readonly Resources Own = new()
    {
        OrganizationIds = Selection.Of("org1"),
        AccountIds = Selection.Of("a1", "a2"),
        AccountLabels = Selection.Of("red"),
        AccountEnvironments = Selection.Of("test"),
        IntegrationCategories = Selection.Of("siem", "edr"),
    };

    private static readonly Grant Caller = Grant.Of(PermissionSets.Viewer, Own);

    [Theory]
    [InlineData("tokens:list", "a1", "red", "test", "siem", "")]
    [InlineData("tokens:list tokens:get", "a1,a2", "red", "test", "siem,edr", "")]
    [InlineData("tokens:list", "a3", "red", "test", "siem", "resources.accounts.ids")]
    [InlineData("tokens:list", "a1,a3", "red", "test", "siem", "resources.accounts.ids")]
    [InlineData("tokens:list", "*", "red", "test", "siem", "resources.accounts.ids")]
    [InlineData("tokens:list", "a1", "*", "test", "siem", "resources.accounts.labels")]
    [InlineData("tokens:list", "a1", "red,blue", "test", "siem", "resources.accounts.labels")]
    [InlineData("tokens:list", "a1", "red", "prod", "siem", "resources.accounts.environments")]
    [InlineData("tokens:list", "a1", "red", "test", "sink", "resources.integrations.categories")]
    [InlineData("tokens:create", "a1", "red", "test", "siem", "tokens:create")]
    [InlineData("tokens:list tokens:create audit:list", "a1", "red", "test", "siem", "tokens:create")]
    [InlineData(
        "tokens:create", "*", "*", "*", "*",
        "tokens:create resources.accounts.ids resources.accounts.labels resources.accounts.environments "
            + "resources.integrations.categories")]
    public void Asking_for_more_is_refused_and_named(
        string actions, string ids, string labels, string environments, string categories, string tooMuch)
    {
        static Selection Of(string names) => Selection.Of(names.Split(','));
        ResourceRequest request = new(null, (Of(ids), Of(labels), Of(environments)), Of(categories));
        var attenuation = Attenuation.Of(Caller, ActionSet.Of(actions.Split(' ')), request);
        Assert.Equal(tooMuch, string.Join(' ', attenuation.TooMuch));
        Assert.Equal(tooMuch.Length == 0, attenuation.Allowed);
        Assert.Equal(tooMuch.Length == 0 ? request.InheritFrom(Own) : null, attenuation.Resources);
    }

    [Theory]
    [InlineData("org1", "*", "")]
    [InlineData("org2", "*", "resources.organizations.ids")]
    [InlineData("*", "*", "resources.organizations.ids")]
    [InlineData("org1", "gold", "")]
    public void Organizations_are_asked_for_alike(string ids, string labels, string tooMuch)
    {
        ResourceRequest request = new(Organizations: (Selection.Of(ids), Selection.Of(labels)));
        Assert.Equal(tooMuch, string.Join(' ', Attenuation.Of(Caller, ActionSet.Of("tokens:list"), request).TooMuch));
    }

    [Fact]
    public void A_kind_that_is_left_out_is_inherited_whole()
    {
        ResourceRequest request = new(Accounts: (Selection.Of("a1"), Selection.Of("red"), Selection.Of("test")));
        var attenuation = Attenuation.Of(Caller, ActionSet.Of("tokens:list"), request);
        Assert.Equal(Own with { AccountIds = Selection.Of("a1") }, attenuation.Resources);
        Assert.Equal(Own, Attenuation.Of(Caller, ActionSet.Of("tokens:list"), new ResourceRequest()).Resources);
    }

    [Fact]
    public void With_several_clauses_the_one_that_holds_the_request_is_inherited_from()
    {
        Grant caller = new(
        [
            new GrantClause(ActionSet.Of("all:read"), new Resources { AccountIds = Selection.Of("a1") }),
            new GrantClause(ActionSet.Of("all:*"), new Resources { AccountIds = Selection.Of("a2") }),
        ]);
        Selection? Inherited(string action) =>
            Attenuation.Of(caller, ActionSet.Of(action), new ResourceRequest()).Resources?.AccountIds;
        Assert.Equal(Selection.Of("a1"), Inherited("tokens:list"));
        Assert.Equal(Selection.Of("a2"), Inherited("tokens:create"));
    }

    [Fact]
    public void With_several_clauses_a_refusal_explains_the_first()
    {
        Grant caller = new(
        [
            new GrantClause(ActionSet.Of("tokens:list"), Resources.All),
            new GrantClause(ActionSet.Of("tokens:create"), Resources.All),
        ]);
        var attenuation = Attenuation.Of(caller, ActionSet.Of("tokens:list", "tokens:create"), new ResourceRequest());
        Assert.Equal(["tokens:create"], attenuation.TooMuch);
    }

    [Fact]
    public void Who_has_nothing_asks_for_too_much_with_everything() => Assert.Equal(
        ["accounts:get", "tokens:list"],
        Attenuation.Of(Grant.Nothing, ActionSet.Of("tokens:list", "accounts:get"), new ResourceRequest()).TooMuch);
}
