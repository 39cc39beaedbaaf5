using System.Collections.Immutable;
using TokenActors.Domain.Lists;

namespace TokenActors.Domain.Tests.Lists;

/// <summary>Values of filters that a field can have: a slip is named, where it would be a filter that none
/// passes.</summary>
public sealed class FilterValueTests
{
    private const string Id = "0195f3c2-5c0b-7a7f-8f2e-0242ac120002";

    [Theory]
    [InlineData("owner_id[eq]" + Id, Id)]
    [InlineData("owner_id[eq]0195F3C2-5C0B-7A7F-8F2E-0242AC120002", Id)]
    [InlineData("owner_id[in]" + Id + ",0195F3C2-5C0B-7A7F-8F2E-0242AC120003", Id + "|0195f3c2-5c0b-7a7f-8f2e-0242ac120003")]
    [InlineData("owner_id[like]0195f3c2-%", "0195f3c2-%")]
    [InlineData("owner_id[not like]____f3c2%", "____f3c2%")]
    [InlineData("account_id[eq]", "")]
    [InlineData("account_id[in]," + Id, "|" + Id)]
    [InlineData("kind[eq]MCP", "mcp")]
    [InlineData("state[in]Active,DISABLED", "active|disabled")]
    [InlineData("permission_set[eq]", "")]
    public void A_value_is_taken_as_it_is_stored(string filter, string values) =>
        Assert.Equal(values.Split('|'), Assert.Single(Parse(LifecycleTokenList.Schema, filter)).Values);

    [Theory]
    [InlineData("owner_id[eq]acme", "'acme' is no id")]
    [InlineData("owner_id[eq]", "'' is no id")]
    [InlineData("owner_id[eq]{0195f3c2-5c0b-7a7f-8f2e-0242ac120002}", "'{0195f3c2-5c0b-7a7f-8f2e-0242ac120002}' is no id")]
    [InlineData("owner_id[eq]" + Id + " ", "'" + Id + " ' is no id")]
    [InlineData("owner_id[eq] 0195f3c2-5c0b-7a7f-8f2e-0242ac12000", "' 0195f3c2-5c0b-7a7f-8f2e-0242ac12000' is no id")]
    [InlineData("owner_id[in]" + Id + ",acme", "'acme' is no id")]
    [InlineData("owner_id[like]", "'' is no id")]
    [InlineData("owner_id[like]acme%", "'acme%' is no id")]
    [InlineData("owner_id[not like]0195g%", "'0195g%' is no id")]
    [InlineData("account_id[eq]x", "'x' is no id")]
    [InlineData("belongs_to[eq]members", "'members' is none of organization, member, parent")]
    [InlineData("belongs_to[in]member,", "'' is none of organization, member, parent")]
    [InlineData("state[not in]active,gone", "'gone' is none of active, expired, disabled")]
    [InlineData("belongs_to[like]m%", "belongs_to is one of organization, member, parent and cannot be matched with like")]
    [InlineData("state[gt]active", "state is one of active, expired, disabled and cannot be matched with gt")]
    [InlineData("life[gt]24h", "life is a duration and cannot be matched with gt")]
    [InlineData("labels[lt]a", "labels is a list and cannot be matched with lt")]
    [InlineData("roles[gte]a", "roles is a list and cannot be matched with gte")]
    [InlineData("created_at[like]2026%", "created_at is a time and cannot be matched with like")]
    public void A_value_that_the_field_cannot_have_is_named(string filter, string message)
    {
        List<ListProblem> problems = [];
        Assert.Null(ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], [], [filter], problems));
        Assert.Equal(new ListProblem("filter", filter, message), Assert.Single(problems));
    }

    /// <summary>Names of before they were composed are found by either form.</summary>
    [Theory]
    [InlineData("name[eq]Jose\u0301", ListOperator.In, "Jose\u0301|Jos\u00e9")]
    [InlineData("name[neq]Jose\u0301", ListOperator.NotIn, "Jose\u0301|Jos\u00e9")]
    [InlineData("name[in]ann,Jose\u0301", ListOperator.In, "ann|Jose\u0301|Jos\u00e9")]
    [InlineData("name[not in]Jos\u00e9,Jose\u0301", ListOperator.NotIn, "Jos\u00e9|Jose\u0301")]
    [InlineData("name[eq]ann", ListOperator.Eq, "ann")]
    [InlineData("name[neq]Jos\u00e9", ListOperator.Neq, "Jos\u00e9")]
    [InlineData("name[like]Jose\u0301%", ListOperator.Like, "Jos\u00e9%")]
    [InlineData("name[gt]Jose\u0301", ListOperator.Gt, "Jos\u00e9")]
    public void A_name_with_an_accent_is_found_in_either_form(string filter, ListOperator op, string values)
    {
        var read = Assert.Single(Parse(MemberList.Schema, filter));
        Assert.Equal(op, read.Operator);
        Assert.Equal(values.Split('|'), read.Values);
    }

    private static ImmutableArray<ListFilter> Parse(ListSchema schema, string filter) =>
        ListQueryParser.Parse(schema, [], [], [], [filter], [])?.Filters ?? [];
}
