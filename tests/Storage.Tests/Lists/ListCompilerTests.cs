using System.Reflection;
using System.Text.RegularExpressions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>Statements as they are compiled, without a database; <see cref="StoreSuite"/> runs them on each.</summary>
public sealed partial class ListCompilerTests
{
    private const string Sqlite = "sqlite";
    private const string PostgreSql = "postgresql";
    private const string SqlServer = "sqlserver";

    private static readonly RecordScope Scope = new("token", "o1");

    private static readonly ListSchema[] Schemas =
    [
        .. typeof(ListSchema).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => field.FieldType == typeof(ListSchema) ? field.GetValue(null) : null).OfType<ListSchema>(),
    ];

    [Theory]
    [InlineData(Sqlite, "LIMIT @p4 OFFSET @p3")]
    [InlineData(PostgreSql, "LIMIT @p4 OFFSET @p3")]
    [InlineData(SqlServer, "OFFSET @p3 ROWS FETCH NEXT @p4 ROWS ONLY")]
    public void A_page_names_its_service_organization_and_kind_and_is_ordered_and_limited(string database, string limit)
    {
        var (text, parameters) = Page(database, Query());
        Assert.Equal(
            $"SELECT {RecordColumns.All} FROM records WHERE service_id = @service AND organization_id = @p1 "
                + $"AND kind = @p2 AND name_key IS NOT NULL ORDER BY name_key, id {limit}",
            text);
        Assert.Equal([("service", "s1"), ("p1", "o1"), ("p2", "token"), ("p3", 0L), ("p4", 100)], parameters);
    }

    [Theory]
    [InlineData(Sqlite, "name[eq]x", "name_key = @p3", "x")]
    [InlineData(Sqlite, "name[gt]x", "name_key > @p3", "x")]
    [InlineData(Sqlite, "name[gte]x", "name_key >= @p3", "x")]
    [InlineData(Sqlite, "name[lt]x", "name_key < @p3", "x")]
    [InlineData(Sqlite, "name[lte]x", "name_key <= @p3", "x")]
    [InlineData(Sqlite, "name[in]x", "name_key IN (@p3)", "x")]
    [InlineData(Sqlite, "name[in]x,y,z", "name_key IN (@p3, @p4, @p5)", "x|y|z")]
    [InlineData(Sqlite, "id[eq]x", "id = @p3", "x")]
    [InlineData(Sqlite, "parent_id[eq]x", "COALESCE(parent_id, '') = @p3", "x")]
    [InlineData(Sqlite, "name[eq]ÜX", "name_key = @p3", "üx")]
    [InlineData(Sqlite, "name[neq]X", "NOT (name_key = @p3)", "x")]
    [InlineData(Sqlite, "name[gt]X", "name_key > @p3", "x")]
    [InlineData(Sqlite, "name[not in]X,Y", "NOT (name_key IN (@p3, @p4))", "x|y")]
    [InlineData(Sqlite, "token_type[not like]X%", "NOT (LOWER(COALESCE(state ->> '$.token_type', '')) LIKE @p3 ESCAPE '!')", "x%")]
    [InlineData(Sqlite, "token_type[eq]x", "COALESCE(state ->> '$.token_type', '') = @p3", "x")]
    [InlineData(
        Sqlite, "token_type[like]x%", "LOWER(COALESCE(state ->> '$.token_type', '')) LIKE @p3 ESCAPE '!'", "x%")]
    [InlineData(PostgreSql, "name[eq]x", "name_key = @p3", "x")]
    [InlineData(PostgreSql, "id[in]x,y", "id IN (@p3, @p4)", "x|y")]
    [InlineData(PostgreSql, "parent_id[gt]x", "(COALESCE(parent_id, '') COLLATE \"C\") > @p3", "x")]
    [InlineData(
        PostgreSql, "token_type[eq]x", "(COALESCE(state::json #>> '{token_type}', '') COLLATE \"C\") = @p3", "x")]
    [InlineData(SqlServer, "name[lt]x", "name_key < @p3", "x")]
    [InlineData(SqlServer, "name[eq]x", "(name_key = @p3 AND DATALENGTH(name_key) = DATALENGTH(@p3))", "x")]
    [InlineData(
        SqlServer, "parent_id[eq]x", "(COALESCE(parent_id, '') = @p3 AND DATALENGTH(COALESCE(parent_id, '')) = DATALENGTH(@p3))", "x")]
    [InlineData(SqlServer, "token_type[gt]x", "COALESCE(JSON_VALUE(state, '$.token_type'), '') > @p3", "x")]
    public void A_filter_is_a_condition_with_parameters(string database, string filter, string condition, string values)
    {
        var (text, parameters) = Page(database, Query(filters: [filter]));
        Assert.Equal(condition, ConditionsOf(text));
        Assert.Equal(values.Split('|'), ValuesOf(parameters));
    }

    /// <summary>Properties of the state may lie inside others.</summary>
    [Theory]
    [InlineData(Sqlite, "COALESCE(state ->> '$.content.account.environment', '') = @p3")]
    [InlineData(PostgreSql, "(COALESCE(state::json #>> '{content,account,environment}', '') COLLATE \"C\") = @p3")]
    [InlineData(
        SqlServer,
        "(COALESCE(JSON_VALUE(state, '$.content.account.environment'), '') = @p3 "
        + "AND DATALENGTH(COALESCE(JSON_VALUE(state, '$.content.account.environment'), '')) = DATALENGTH(@p3))")]
    public void A_property_is_reached_by_its_path(string database, string condition) => Assert.Equal(
        condition, ConditionsOf(Page(database, Query(ResourceLists.Accounts, filters: ["environment[eq]test"])).Text));

    /// <summary>Fields that only the JSON state has, each by its kind.</summary>
    [Theory]
    [InlineData(Sqlite, "state[eq]ENABLED", "REPLACE(LOWER(COALESCE(state ->> '$.status', '')), '_', '') = @p3", "enabled")]
    [InlineData(
        Sqlite, "role_binding[in]Viewer,x",
        "EXISTS (SELECT 1 FROM json_each(state, '$.role_binding') e WHERE e.value IN (@p3, @p4))", "viewer|x")]
    [InlineData(
        Sqlite, "role_binding[neq]viewer",
        "NOT (EXISTS (SELECT 1 FROM json_each(state, '$.role_binding') e WHERE e.value = @p3))", "viewer")]
    [InlineData(
        Sqlite, "last_logon[lt]2026-01-01T01:00:00.50+01:00", "COALESCE(state ->> '$.last_logon', '') < @p3",
        "2026-01-01T00:00:00.5+00:00")]
    [InlineData(
        PostgreSql, "role_binding[like]view*",
        "EXISTS (SELECT 1 FROM json_array_elements_text(state::json #> '{role_binding}') e (value) "
            + "WHERE LOWER((e.value COLLATE \"C\")) LIKE @p3 ESCAPE '!')", "view%")]
    [InlineData(
        SqlServer, "role_binding[eq]viewer",
        "EXISTS (SELECT 1 FROM OPENJSON(state, '$.role_binding') e WHERE ((e.value COLLATE Latin1_General_100_BIN2) = @p3 "
            + "AND DATALENGTH((e.value COLLATE Latin1_General_100_BIN2)) = DATALENGTH(@p3)))", "viewer")]
    public void Fields_of_the_state_are_compared_by_their_kind(
        string database, string filter, string condition, string value)
    {
        var (text, parameters) = Page(database, Query(MemberList.Schema, filters: [filter]));
        Assert.Equal(condition, ConditionsOf(text));
        Assert.Equal(value.Split('|'), ValuesOf(parameters));
    }

    [Theory]
    [InlineData(Sqlite, "CASE WHEN json_extract(state, '$.content.credential.managed') = 1 THEN 'managed' ELSE 'unmanaged' END = @p3")]
    [InlineData(
        PostgreSql, "CASE WHEN state::json #>> '{content,credential,managed}' = 'true' THEN 'managed' ELSE 'unmanaged' END = @p3")]
    public void A_truth_value_is_compared_as_the_word_that_is_shown(string database, string condition)
    {
        var (text, parameters) = Page(database, Query(ResourceLists.Credentials, filters: ["managed[eq]Managed"]));
        Assert.Equal(condition, ConditionsOf(text));
        Assert.Equal(["managed"], ValuesOf(parameters));
    }

    [Fact]
    public void Times_are_compared_as_microseconds()
    {
        string[] filters = ["expires[gte]1970-01-01T00:00:01.5Z", "created_at[lt]1969-12-31T00:00:00Z"];
        var (text, parameters) = Page(Sqlite, Query(filters: filters));
        Assert.Equal("COALESCE(expires_at, 0) >= @p3 AND created_at < @p4", ConditionsOf(text));
        Assert.Equal([1_500_000L, -86_400_000_000L], ValuesOf(parameters));
    }

    [Fact]
    public void All_filters_must_hold()
    {
        var (text, _) = Page(Sqlite, Query(filters: ["name[eq]x", "name[eq]y", "id[gt]z"]));
        Assert.Equal("name_key = @p3 AND name_key = @p4 AND id > @p5", ConditionsOf(text));
    }

    /// <summary>What a pattern becomes, and the range of the name index that its beginning allows.</summary>
    [Theory]
    [InlineData("demo-%", "demo-%", "demo-|demo.")]
    [InlineData("DEMO*", "demo%", "demo|demp")]
    [InlineData("a*b%c", "a%b%c", "a|b")]
    [InlineData("exact", "exact", "exact|exacu")]
    [InlineData("a_b!c[d", "a!_b!!c![d", "a_b!c[d|a_b!c[e")]
    [InlineData("%end", "%end", "")]
    [InlineData("*", "%", "")]
    [InlineData("", "", "")]
    [InlineData("ünï%", "ünï%", "")]
    [InlineData("aÜ%", "aü%", "")]
    [InlineData("a~%", "a~%", "")]
    [InlineData("z%", "z%", "z|{")]
    [InlineData("}%", "}%", "}|~")]
    public void A_pattern_keeps_its_wildcards_and_stands_for_itself_otherwise(string pattern, string like, string range)
    {
        var (text, parameters) = Page(Sqlite, Query(filters: [$"name[like]{pattern}"]));
        var bounds = range.Split('|', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            bounds.Length > 0
                ? "name_key >= @p3 AND name_key < @p4 AND LOWER(name_key) LIKE @p5 ESCAPE '!'"
                : "LOWER(name_key) LIKE @p3 ESCAPE '!'",
            ConditionsOf(text));
        Assert.Equal([.. bounds, like], ValuesOf(parameters));
    }

    [Fact]
    public void Only_the_name_has_an_index_that_a_pattern_can_begin_in() => Assert.Equal(
        "LOWER(COALESCE(parent_id, '')) LIKE @p3 ESCAPE '!'",
        ConditionsOf(Page(Sqlite, Query(filters: ["parent_id[like]a%"])).Text));

    [Theory]
    [InlineData(Sqlite, "created_at[desc] name", "created_at DESC, name_key, id")]
    [InlineData(Sqlite, "fullname", "COALESCE(state ->> '$.fullname', ''), id")]
    [InlineData(PostgreSql, "parent_id[desc]", "(COALESCE(parent_id, '') COLLATE \"C\") DESC, id")]
    [InlineData(
        SqlServer, "fullname[desc] name[desc]",
        "COALESCE(JSON_VALUE(state, '$.fullname'), '') DESC, name_key DESC, id")]
    public void The_id_decides_last_so_that_no_two_rows_are_level(string database, string orders, string expected) =>
        Assert.Contains($" ORDER BY {expected} ", Page(database, Query(orders: orders.Split(' '))).Text);

    [Fact]
    public void The_next_page_goes_on_after_the_last_row_in_an_order_with_directions()
    {
        var query = Query(orders: ["created_at[desc]", "name"]);
        var (text, parameters) = Page(Sqlite, query, ([77L, "n"], "id7"));
        Assert.Equal(
            "created_at <= @p6 AND ((created_at < @p3) "
                + "OR (created_at = @p3 AND name_key > @p4) "
                + "OR (created_at = @p3 AND name_key = @p4 AND id > @p5))",
            ConditionsOf(text));
        Assert.Equal([77L, "n", "id7", 77L], ValuesOf(parameters));
    }

    [Fact]
    public void A_page_by_the_key_begins_inside_its_index()
    {
        var (text, parameters) = Page(PostgreSql, Query(), (["n"], ""));
        Assert.Equal("name_key >= @p5 AND ((name_key > @p3) OR (name_key = @p3 AND id > @p4))", ConditionsOf(text));
        Assert.Equal(["n", "", "n"], ValuesOf(parameters));
    }

    [Fact]
    public void The_row_to_go_on_after_is_looked_up_by_the_key_for_what_the_order_compares()
    {
        ListCompiler compiler = new(new SqlText(Sqlite), "s1");
        var text = compiler.StartRow(Scope, Query(orders: ["created_at[desc]", "id"], startAfter: "last"), "last");
        Assert.StartsWith("SELECT id, name, created_at, id FROM records WHERE service_id = @service AND ", text);
        Assert.EndsWith(" AND name_key IS NOT NULL AND name_key = @p3 ORDER BY id LIMIT @p5 OFFSET @p4", text);
        Assert.Equal(["last", 0L, 2], compiler.Parameters.Skip(3).Select(parameter => parameter.Value));
    }

    [Fact]
    public void A_deleted_row_is_looked_up_in_its_index_by_the_name_that_was_shown()
    {
        ListCompiler compiler = new(new SqlText(PostgreSql), "s1");
        var text = compiler.DeletedStartRow(Scope with { OwnerId = "a1" }, Query(orders: ["created_at"]), "LÜst");
        Assert.Equal(
            "SELECT id, name, created_at FROM records WHERE service_id = @service AND organization_id = @p1 "
                + "AND kind = @p2 AND owner_id = @p3 AND status <> 'live' AND LOWER(name) IN (@p4, @p5) "
                + "ORDER BY created_at DESC, id LIMIT @p7 OFFSET @p6",
            text);
        Assert.Equal(["lüst", "lÜst"], compiler.Parameters.Skip(4).SkipLast(2).Select(parameter => parameter.Value));
    }

    /// <summary>What is level with the value was seen.</summary>
    [Fact]
    public void A_page_can_go_on_after_a_value_alone()
    {
        var (text, parameters) = Page(Sqlite, Query(orders: ["created_at[desc]", "name"]), ([77L], null));
        Assert.Equal("created_at <= @p4 AND ((created_at < @p3))", ConditionsOf(text));
        Assert.Equal([77L, 77L], ValuesOf(parameters));
    }

    [Theory]
    [InlineData(null, null, null, "name_key IS NOT NULL", "")]
    [InlineData("m1", null, null, "name_key IS NOT NULL AND member_id = @p3", "m1")]
    [InlineData(
        null, null, "a1",
        "name_key IS NOT NULL AND owner_id = @p3 AND owner_id <> organization_id AND status = 'live'", "a1")]
    [InlineData(null, "access", null, "owner_id = @p3 AND name_key IS NULL AND status = 'live'", "access")]
    [InlineData(
        "m1", "access", null,
        "owner_id = @p3 AND name_key IS NULL AND status = 'live' AND (member_id = @p4 OR member_id IS NULL)",
        "access|m1")]
    public void A_scope_is_conditions_too(
        string? member, string? shelf, string? owner, string conditions, string values)
    {
        ListCompiler compiler = new(new SqlText(Sqlite), "s1");
        var text = compiler.Count(new RecordScope("token", "o1", member, shelf, owner), []);
        Assert.Equal(
            "SELECT CAST(COUNT(*) AS bigint) FROM records WHERE service_id = @service AND organization_id = @p1 "
                + $"AND kind = @p2 AND {conditions}",
            text);
        Assert.Equal(
            values.Split('|', StringSplitOptions.RemoveEmptyEntries),
            compiler.Parameters.Skip(3).Select(parameter => parameter.Value));
    }

    [Theory]
    [InlineData(false, "at, number", "number > @p3 ORDER BY number")]
    [InlineData(true, "at DESC, number DESC", "number < @p3 ORDER BY number DESC")]
    public void Audited_calls_are_paged_by_time_and_the_rest_of_an_instant_by_number(
        bool descending, string order, string rest)
    {
        const string scope = "FROM audit WHERE service_id = @service AND organization_id = @p1 AND method IS NOT NULL";
        AuditSql page = new(new SqlText(PostgreSql), "s1");
        Assert.Equal(
            $"SELECT number, {AuditColumns.All} {scope} ORDER BY {order} LIMIT @p3 OFFSET @p2",
            page.Page("o1", [], 50, descending));
        Assert.Equal([("service", "s1"), ("p1", "o1"), ("p2", 0L), ("p3", 50)], page.Parameters);

        AuditSql more = new(new SqlText(PostgreSql), "s1");
        Assert.Equal(
            $"SELECT number, {AuditColumns.All} {scope} AND at = @p2 AND {rest}",
            more.At("o1", [], 77, 9, descending));
        Assert.Equal([("service", "s1"), ("p1", "o1"), ("p2", 77L), ("p3", 9L)], more.Parameters);
    }

    [Fact]
    public void Rows_are_read_by_their_ids_and_none_by_none()
    {
        ListCompiler some = new(new SqlText(Sqlite), "s1");
        var text = some.ByIds("role", ["a", "b"]);
        Assert.EndsWith(" WHERE service_id = @service AND kind = @p1 AND id IN (@p2, @p3)", text);
        Assert.Equal([("service", "s1"), ("p1", "role"), ("p2", "a"), ("p3", "b")], some.Parameters);
        Assert.EndsWith(" AND 1 = 0", new ListCompiler(new SqlText(Sqlite), "s1").ByIds("role", []));
    }

    /// <summary>
    /// Whatever the list, field, operator and order: what a client sent is only in the parameters, each of which is
    /// used, and all that are used are there.
    /// </summary>
    [Theory]
    [InlineData(Sqlite)]
    [InlineData(PostgreSql)]
    [InlineData(SqlServer)]
    public void Nothing_that_a_client_sends_becomes_text_of_a_statement(string database)
    {
        const string sent = "qqq' OR 1=1; --\"@p1{limit}[!_%";
        RecordScope scope = new("qqq'k", "qqq'o", "qqq'm", "qqq's", "qqq'w");
        var fields = Schemas.SelectMany(schema => schema.Fields.Select(field => (schema, field)));
        foreach (var (schema, field) in fields)
        {
            foreach (var op in Enum.GetValues<ListOperator>().Where(field.Takes))
            {
                var value = ValueOf(field, $"{sent},{sent}");
                var word = op.ToString().ToLowerInvariant().Replace("not", "not ");
                var filter = $"{field.Name}[{word}]{value}";
                var query = Query(schema, [$"{field.Name}[desc]", schema.KeyField], [filter], sent);
                ListCompiler page = new(new SqlText(database), "qqq's1");
                Holds(page.Page(scope, query, ([sent, sent], sent), 7), page.Parameters);
                ListCompiler start = new(new SqlText(database), "qqq's1");
                Holds(start.StartRow(scope, query, schema.Key.IsTime ? "2026-01-02T00:00:00Z" : sent), start.Parameters);
                ListCompiler byId = new(new SqlText(database), "qqq's1");
                Holds(byId.StartRowById(scope, query, sent), byId.Parameters);
                ListCompiler deleted = new(new SqlText(database), "qqq's1");
                Holds(deleted.DeletedStartRow(scope, query, sent), deleted.Parameters);
                AuditSql audit = new(new SqlText(database), "qqq's1");
                Holds(audit.Page("qqq'o", query.Filters, 5, descending: true), audit.Parameters);
                AuditSql from = new(new SqlText(database), "qqq's1");
                Holds(from.From("qqq'o", query.Filters, (7, 9), 11, 5, descending: true), from.Parameters);
            }
        }

        // Of a field that has its own words, and where an id stands, nothing else gets as far as here.
        static string ValueOf(ListField field, string free) => field switch
        {
            { IsTime: true } => "2026-01-02T00:00:00Z",
            { Choices: [var first, ..] } => first,
            { IsUuid: true } => $"{Guid.Empty}",
            _ => free,
        };

        static void Holds(string text, IReadOnlyList<(string Name, object? Value)> parameters)
        {
            Assert.DoesNotContain("qqq", text);
            Assert.DoesNotContain("{", text.Replace("#>> '{", "").Replace("#> '{", ""));
            Assert.Equal(
                parameters.Select(parameter => parameter.Name).Order(),
                ParameterNames().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order());
        }
    }

    [Fact]
    public void The_columns_of_every_list_exist()
    {
        Assert.Contains(TokenList.Schema, Schemas);
        Assert.All(Schemas, schema => Assert.Empty(
            schema.Fields.Where(field => !field.IsOfUses).Select(field => field.Column).OfType<string>()
                .Except(ColumnsOf(schema).Split(", "))));
    }

    private static string ColumnsOf(ListSchema schema)
    {
        if (schema == StatusLists.Events)
        {
            return "at, status, error, request";
        }

        if (schema == ExecutionList.Schema)
        {
            return ExecutionColumns.All;
        }

        return schema == AuditList.Schema || schema == LifecycleAuditList.Schema ? AuditColumns.All : RecordColumns.All;
    }

    private static (string Text, IReadOnlyList<(string Name, object? Value)> Parameters) Page(
        string database, ListQuery query, (IReadOnlyList<object> Values, string? Id)? after = null)
    {
        ListCompiler compiler = new(new SqlText(database), "s1");
        return (compiler.Page(Scope, query, after), compiler.Parameters);
    }

    private static ListQuery Query(
        ListSchema? schema = null, string[]? orders = null, string[]? filters = null, string? startAfter = null)
    {
        List<ListProblem> problems = [];
        string[] startAfters = startAfter is null ? [] : [startAfter];
        var query = ListQueryParser.Parse(
            schema ?? TokenList.Schema, [], startAfters, orders ?? [], filters ?? [], problems);
        Assert.Empty(problems);
        return query ?? throw new InvalidOperationException("a query without problems parses");
    }

    /// <summary>What stands between the scope and the order.</summary>
    private static string ConditionsOf(string text)
    {
        const string scope = "name_key IS NOT NULL AND ";
        var from = text.IndexOf(scope, StringComparison.Ordinal) + scope.Length;
        return text[from..text.IndexOf(" ORDER BY ", StringComparison.Ordinal)];
    }

    /// <summary>What stands between those of the scope and those of the limit.</summary>
    private static IEnumerable<object?> ValuesOf(IReadOnlyList<(string Name, object? Value)> parameters) =>
        parameters.Skip(3).SkipLast(2).Select(parameter => parameter.Value);

    [GeneratedRegex(@"@(\w+)")]
    private static partial Regex ParameterNames();
}
