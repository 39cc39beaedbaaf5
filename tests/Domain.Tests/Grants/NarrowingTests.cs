using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

/// <summary>
/// What a grant with every action may do in the organization <c>o1</c> where it is narrowed: to the account <c>a1</c>
/// (label <c>gold</c>, environment <c>prod</c>), its integration of the category <c>siem</c>, and what else there is.
/// </summary>
public sealed class NarrowingTests
{
    private const string Organization = "o1";

    /// <summary>How the grant is narrowed; the columns of the table.</summary>
    private static readonly (string Column, Resources Resources)[] Shapes =
    [
        ("none", new()),
        ("a1", new() { AccountIds = Selection.Of("a1") }),
        ("a2", new() { AccountIds = Selection.Of("a2") }),
        ("gold", new() { AccountLabels = Selection.Of("gold") }),
        ("dull", new() { AccountLabels = Selection.Of("dull") }),
        ("prod", new() { AccountEnvironments = Selection.Of("prod") }),
        ("test", new() { AccountEnvironments = Selection.Of("test") }),
        ("siem", new() { IntegrationCategories = Selection.Of("siem") }),
        ("edr", new() { IntegrationCategories = Selection.Of("edr") }),
        ("label", new() { OrganizationLabels = Selection.Of("label") }),
    ];

    private const string Table =
        """
        thing               verbs                                  none a1   a2   gold dull prod test siem edr  label
        organizations       get                                    yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        organizations       update patch                           yes  403  403  403  403  403  403  403  403  403
        permission_set      list get                               yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        roles               list get                               yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        roles               create update patch delete             yes  403  403  403  403  403  403  403  403  403
        integration_points  list get                               yes  yes  yes  yes  yes  yes  yes  yes  404  yes
        integration_points  create update patch delete             yes  403  403  403  403  403  403  403  403  403
        suborgs             list get                               yes  404  404  404  404  404  404  404  404  404
        suborgs             create delete                          yes  403  403  403  403  403  403  403  403  403
        members/own         list get                               yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        members/within      list get                               yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        members/beyond      list get                               yes  404  404  404  404  404  404  404  404  404
        members/own         create update patch delete             yes  403  403  403  403  403  403  403  403  403
        members/within      create update patch delete             yes  403  403  403  403  403  403  403  403  403
        members/beyond      create update patch delete             yes  403  403  403  403  403  403  403  403  403
        tokens/own          list get                               yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        tokens/own          create delete reset rotate refresh     yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        tokens/own          remove_secondary                       yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        tokens/within       list get                               yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        tokens/within       create delete reset rotate refresh     yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        tokens/within       remove_secondary                       yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        tokens/beyond       list get                               yes  404  404  404  404  404  404  404  404  404
        tokens/beyond       create delete reset rotate refresh     yes  403  403  403  403  403  403  403  403  403
        tokens/beyond       remove_secondary                       yes  403  403  403  403  403  403  403  403  403
        tokens/elsewhere    list get                               yes  404  404  404  404  404  404  404  404  404
        tokens/elsewhere    create delete reset rotate refresh     yes  403  403  403  403  403  403  403  403  403
        tokens/elsewhere    remove_secondary                       yes  403  403  403  403  403  403  403  403  403
        tokens/integration  list get                               yes  yes  404  yes  404  yes  404  yes  404  404
        tokens/integration  delete reset rotate refresh            yes  yes  403  yes  403  yes  403  yes  403  403
        tokens/integration  remove_secondary                       yes  yes  403  yes  403  yes  403  yes  403  403
        tokens/integration  create_integration                     yes  yes  404  yes  404  yes  404  yes  404  404
        tokens/within       create_synqly_integrations             yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        tokens/beyond       create_synqly_integrations             yes  403  403  403  403  403  403  403  403  403
        accounts/a1         list get                               yes  yes  404  yes  404  yes  404  yes  yes  404
        accounts/a1         create                                 yes  yes  403  yes  403  yes  403  403  403  403
        accounts/a1         update patch delete                    yes  yes  404  yes  404  yes  404  403  403  404
        integrations/of-a1  list get list_account                  yes  yes  404  yes  404  yes  404  yes  404  404
        integrations/of-a1  create update patch delete verify      yes  yes  404  yes  404  yes  404  yes  404  404
        credentials/of-a1   list get lookup                        yes  yes  404  yes  404  yes  404  404  404  404
        credentials/of-a1   create update patch delete             yes  yes  404  yes  404  yes  404  404  404  404
        credentials/of-int  list get lookup                        yes  yes  404  yes  404  yes  404  yes  404  404
        credentials/of-int  create update patch delete             yes  yes  404  yes  404  yes  404  yes  404  404
        credentials/of-pt   list get lookup                        yes  404  404  404  404  404  404  404  404  404
        credentials/of-pt   create update patch delete             yes  404  404  404  404  404  404  404  404  404
        audit               list                                   yes  404  404  404  404  404  404  404  404  404
        auth                logon change_password logoff           yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
        alarm_policies      get                                    yes  404  404  404  404  404  404  404  404  404
        alarm_policies      update patch                           yes  403  403  403  403  403  403  403  403  403
        alarms              list get                               yes  404  404  404  404  404  404  404  404  404
        alarms              mode priority clear                    yes  403  403  403  403  403  403  403  403  403
        billing             list get                               yes  404  404  404  404  404  404  404  404  404
        bridges/of-a1       list get                               yes  yes  404  yes  404  yes  404  404  404  404
        bridges/of-a1       create update patch delete status      yes  yes  404  yes  404  yes  404  404  404  404
        customs             list get                               yes  404  404  404  404  404  404  404  404  404
        customs             create update patch delete             yes  403  403  403  403  403  403  403  403  403
        idp                 get                                    yes  404  404  404  404  404  404  404  404  404
        idp                 create update delete                   yes  403  403  403  403  403  403  403  403  403
        mappings            list get                               yes  404  404  404  404  404  404  404  404  404
        mappings            create update patch delete apply       yes  403  403  403  403  403  403  403  403  403
        operations          list list_history                      yes  404  404  404  404  404  404  404  404  404
        status/of-a1        list get list_events                   yes  yes  404  yes  404  yes  404  yes  404  404
        status/of-a1        integration_timeseries reset           yes  yes  404  yes  404  yes  404  yes  404  404
        status              timeseries                             yes  404  404  404  404  404  404  404  404  404
        transforms          list get                               yes  404  404  404  404  404  404  404  404  404
        transforms          create update patch delete             yes  403  403  403  403  403  403  403  403  403
        webhooks            list get                               yes  404  404  404  404  404  404  404  404  404
        webhooks            create update patch delete             yes  403  403  403  403  403  403  403  403  403
        """;

    private static readonly AccountTarget Account = new("a1", ["gold"], "prod");

    /// <summary>One line of the table for one verb: the thing, the action, and a word for each shape.</summary>
    public static TheoryData<string, string, string> Lines()
    {
        TheoryData<string, string, string> lines = [];
        foreach (var line in Table.Split('\n')[1..])
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var expected = string.Join(' ', words[^Shapes.Length..]);
            foreach (var verb in words[1..^Shapes.Length])
            {
                lines.Add(words[0], $"{words[0].Split('/')[0]}:{verb}", expected);
            }
        }

        return lines;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_narrowed_grant_may_do_what_the_table_says(string thing, string action, string expected)
    {
        var words = Shapes.Select(shape =>
        {
            var grant = Grant.Of(ActionSet.Of("all:*"), shape.Resources);
            return WordOf(grant.AccessTo(action, TargetOf(thing, grant)));
        });
        Assert.Equal(expected, string.Join(' ', words));
    }

    /// <summary>The action is asked besides: where the grant lacks it, nothing that it names may be done.</summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public void A_grant_without_the_action_may_not_do_it(string thing, string action, string expected)
    {
        Assert.NotEmpty(expected);
        var without = ActionSet.Of("all:*").Without(ActionSet.Of(action));
        var grant = Grant.Of(without, Resources.All);
        Assert.Equal(thing is "tokens/own", grant.Covers(action, TargetOf(thing, grant)));
        Assert.False(grant.Permits(action, Organization));
    }

    [Fact]
    public void The_table_has_every_action() =>
        Assert.Empty(ActionTable.Actions.Except(Lines().Select(line => (string)line[1])));

    /// <summary>A route looks for what it is about only where the action may be done to something.</summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public void What_may_be_done_to_something_is_permitted(string thing, string action, string expected)
    {
        foreach (var (shape, word) in Shapes.Zip(expected.Split(' ')))
        {
            var grant = Grant.Of(ActionSet.Of("all:*"), shape.Resources);
            Assert.True(grant.Permits(action, Organization) || word != "yes" || thing == "tokens/own", shape.Column);
            Assert.False(grant.Narrow(InOrganization).Permits(action, "o2"));
        }
    }

    /// <summary>Of two clauses, that one counts which has the action: what the other reaches does not help.</summary>
    [Fact]
    public void A_narrowed_clause_borrows_no_reach_from_a_whole_one()
    {
        var narrowed = new Resources { AccountIds = Selection.Of("a1") };
        Grant grant = new([new(ActionSet.Of("tokens:*"), narrowed), new(ActionSet.Of("accounts:get"), Resources.All)]);
        Assert.Equal(Access.Refused, grant.AccessTo("tokens:rotate", new ResourceTarget(Organization)));
        Assert.Equal(Access.Hidden, grant.AccessTo("tokens:get", new ResourceTarget(Organization)));
        Assert.Equal(["accounts:get"], grant.WholeIn(Organization).Clauses.SelectMany(c => c.Actions.Names()));
        Assert.False(grant.IsNarrowedIn(Organization));
        Assert.True(Grant.Of("administrator", narrowed).IsNarrowedIn(Organization));
    }

    [Fact]
    public void Only_accounts_that_are_narrowed_in_nothing_else_are_had_whole()
    {
        Grant grant = new(
        [
            Clause(new() { AccountIds = Selection.Of("a1", "a2") }),
            Clause(new() { AccountIds = Selection.Of("a3"), IntegrationCategories = Selection.Of("siem") }),
            Clause(new() { AccountIds = Selection.Of("a4"), OrganizationIds = Selection.Of("o2") }),
            Clause(new() { AccountLabels = Selection.Of("gold") }),
        ]);
        Assert.Equal(["a1", "a2"], grant.WholeAccountsIn(Organization, "audit:list"));
        Assert.Empty(grant.WholeAccountsIn(Organization, "tokens:list"));

        static GrantClause Clause(Resources resources) => new(ActionSet.Of("audit:list"), resources);
    }

    private static Grant InOrganization =>
        Grant.Of(ActionSet.Of("all:*"), new Resources { OrganizationIds = Selection.Of(Organization) });

    private static ResourceTarget TargetOf(string thing, Grant grant)
    {
        ResourceTarget organization = new(Organization);
        return thing switch
        {
            "members/own" or "tokens/own" => organization with { IsOwn = true },
            "members/within" or "tokens/within" => organization with { Power = grant },
            "members/beyond" or "tokens/beyond" => organization with { Power = Whole(grant) },
            "integration_points" => organization with { IntegrationCategory = "siem" },
            "accounts/a1" or "bridges/of-a1" or "credentials/of-a1" => organization with { Account = Account },
            "integrations/of-a1" or "status/of-a1" or "credentials/of-int" =>
                organization with { Account = Account, IntegrationCategory = "siem" },
            "tokens/integration" =>
                organization with { Account = Account, IntegrationCategory = "siem", Power = Grant.Nothing },
            _ => organization,
        };
    }

    /// <summary>The same actions on the whole organization.</summary>
    private static Grant Whole(Grant grant) =>
        new([.. grant.Clauses.Select(clause => clause with { Resources = Resources.All })]);

    private static string WordOf(Access access) => access switch
    {
        Access.Allowed => "yes",
        Access.Refused => "403",
        _ => "404",
    };
}
