using System.Reflection;
using System.Text.RegularExpressions;
using TokenActors.Domain.Lists;

namespace TokenActors.Domain.Tests.Lists;

public sealed partial class ListSchemaTests
{
    [Fact]
    public void No_list_is_left_out_here()
    {
        var declared = typeof(ListSchema).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(ListSchema))
            .Select(field => (ListSchema?)field.GetValue(null));
        Assert.Equal(declared.ToHashSet(), [.. Schemas.All.Values]);
    }

    [Theory]
    [MemberData(nameof(Schemas.Names), MemberType = typeof(Schemas))]
    public void A_field_has_one_name_and_one_place(string list)
    {
        var schema = Schemas.All[list];
        Assert.Equal(schema.Fields.Count, schema.Fields.Select(field => field.Name).Distinct().Count());
        Assert.Equal(schema.KeyField, schema.Key.Name);
        Assert.All(schema.Fields, field =>
        {
            Assert.Same(field, schema.Find(field.Name));
            Assert.True(field.Column is null != field.JsonName is null, $"{field.Name} has one place");
        });
    }

    /// <summary>They become text of statements, where values are parameters.</summary>
    [Theory]
    [MemberData(nameof(Schemas.Names), MemberType = typeof(Schemas))]
    public void Names_of_columns_and_properties_are_letters(string list) =>
        Assert.All(Schemas.All[list].Fields, field =>
        {
            Assert.Matches(Word(), field.Name);
            Assert.Matches(Column(), field.Column ?? "none");
            Assert.Matches(Path(), field.JsonName ?? "none");
        });

    /// <summary>
    /// JSON keeps the spelling of a time, which does not sort; columns keep a number, and so does the hot part of a
    /// row.
    /// </summary>
    [Theory]
    [MemberData(nameof(Schemas.Names), MemberType = typeof(Schemas))]
    public void A_time_stands_in_a_column(string list) =>
        Assert.DoesNotContain(
            Schemas.All[list].Fields, field => field is { Kind: ListFieldKind.Time, Column: null, HotTime: null });

    [Fact]
    public void Times_of_secrets_have_a_place_each_in_a_row_and_one_in_its_json()
    {
        var fields = LifecycleTokenList.Schema.Fields.Where(field => field.HotTime is not null).ToList();
        Assert.Equal(Enumerable.Range(0, 5), fields.Select(field => field.HotTime!.Value));
        Assert.All(fields, field => Assert.NotNull(field.JsonName));
    }

    [Theory]
    [InlineData("tokens", "name")]
    [InlineData("lifecycle tokens", "id")]
    [InlineData("members", "name")]
    [InlineData("organizations", "name")]
    [InlineData("accounts", "name")]
    [InlineData("roles", "name")]
    [InlineData("integration points", "name")]
    [InlineData("integrations", "name")]
    [InlineData("credentials", "name")]
    [InlineData("bridges", "name")]
    [InlineData("status", "integration_id")]
    [InlineData("status events", "created_at")]
    [InlineData("webhooks", "name")]
    [InlineData("event endpoints", "name")]
    [InlineData("mappings", "name")]
    [InlineData("policies", "name")]
    [InlineData("executions", "started_at")]
    [InlineData("operations", "id")]
    [InlineData("audit", "created_at")]
    [InlineData("shelf", "id")]
    public void Without_an_order_a_list_is_ordered_by_its_key(string list, string key)
    {
        var query = ListQueryParser.Parse(Schemas.All[list], [], ["last"], [], [], []);
        var order = Assert.Single(query!.Orders);
        Assert.Equal((key, false), (order.Field.Name, order.Descending));
        Assert.Equal("last", query.StartAfter);
    }

    /// <summary>Filters that programs of the vendor send, and fields that its documents name.</summary>
    [Theory]
    [InlineData("integrations", "name[eq]x", "name_key")]
    [InlineData("accounts", "name[like]demo-tenant-%", "name_key")]
    [InlineData("accounts", "environment[eq]test", "content.account.environment")]
    [InlineData("integrations", "name[in]a,b,c", "name_key")]
    [InlineData("integrations", "integration_point_id[in]id1,id2", "content.integration.integration_point_id")]
    [InlineData("integrations", "account_id[eq]a1", "owner_id")]
    [InlineData("integration points", "connector[eq]siem", "content.integration_point.connector")]
    [InlineData("roles", "permission_set[eq]viewer", "content.role.permission_set")]
    [InlineData("bridges", "labels[in]east,west", "content.bridge.labels")]
    [InlineData("tokens", "owner_type[eq]integration", "owner_type")]
    [InlineData("tokens", "expires[lt]2026-01-02T03:04:05Z", "expires_at")]
    [InlineData("members", "nickname[like]*n", "nickname")]
    [InlineData("audit", "created_at[gte]2026-01-02T03:04:05Z", "at")]
    [InlineData("audit", "member_id[eq]m1", "actor_member_id")]
    [InlineData("audit", "status[eq]success", "outcome")]
    public void What_clients_filter_by_is_found_where_it_is_stored(string list, string filter, string place)
    {
        var field = Assert.Single(ListQueryParser.Parse(Schemas.All[list], [], [], [], [filter], [])!.Filters).Field;
        Assert.Equal(place, field.Column ?? field.JsonName);
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("name ")]
    [InlineData("")]
    [InlineData("name_key")]
    [InlineData("sealed")]
    [InlineData("service_id")]
    public void What_is_no_field_of_the_wire_is_not_found(string name) =>
        Assert.All(Schemas.All.Values, schema => Assert.Null(schema.Find(name)));

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Word();

    [GeneratedRegex("^[a-z_]+$")]
    private static partial Regex Column();

    [GeneratedRegex(@"^[a-z_]+(\.[a-z_]+)*$")]
    private static partial Regex Path();
}
