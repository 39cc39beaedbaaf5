using CsCheck;
using TokenActors.Domain.Lists;

namespace TokenActors.Domain.Tests.Lists;

public sealed class ListQueryTests
{
    private const string NotALimit = "must be a whole number from 1 to 1000";
    private const string NotAnOrder = "must be field, field[asc] or field[desc]";
    private const string NoOperator = "the operator must be one of eq, neq, like, not like, in, not in, gt, gte, lt, lte";
    private const string NotAFilter = "must be field[operator]value";

    [Fact]
    public void Without_parameters_it_is_the_first_hundred_by_name()
    {
        var query = Parse()!;
        Assert.Equal(100, query.Limit);
        Assert.Null(query.StartAfter);
        Assert.Equal("name", Assert.Single(query.Orders).Field.Name);
        Assert.Empty(query.Filters);
        Assert.Same(TokenList.Schema, query.Schema);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    [InlineData("1000", 1000)]
    [InlineData("007", 7)]
    public void Limits_are_read(string text, int limit) => Assert.Equal(limit, Parse(limits: [text])!.Limit);

    [Theory]
    [InlineData("name", "name", false)]
    [InlineData("name[asc]", "name", false)]
    [InlineData("created_at[desc]", "created_at", true)]
    public void Orders_are_read(string text, string field, bool descending)
    {
        var order = Assert.Single(Parse(orders: [text])!.Orders);
        Assert.Equal(field, order.Field.Name);
        Assert.Equal(descending, order.Descending);
    }

    [Fact]
    public void Orders_apply_as_they_are_given()
    {
        var orders = Parse(orders: ["token_type[desc]", "created_at", "name[asc]"])!.Orders;
        Assert.Equal(
            [("token_type", true), ("created_at", false), ("name", false)],
            orders.Select(order => (order.Field.Name, order.Descending)));
    }

    [Theory]
    [MemberData(nameof(Schemas.Names), MemberType = typeof(Schemas))]
    public void Every_field_orders_and_filters_its_list(string list)
    {
        var schema = Schemas.All[list];
        foreach (var field in schema.Fields)
        {
            var orders = ListQueryParser.Parse(schema, [], [], [field.Name, $"{field.Name}[desc]"], [], [])!.Orders;
            Assert.Equal([new(field, false), new(field, true)], orders.AsEnumerable());
            foreach (var op in Enum.GetValues<ListOperator>())
            {
                var text = $"{field.Name}[{WordOf(op)}]{field.Choices.FirstOrDefault() ?? (field.IsUuid ? $"{Guid.Empty}" : "2026-01-02T03:04:05Z")}";
                var query = ListQueryParser.Parse(schema, [], [], [], [text], []);
                Assert.Equal(field.Takes(op), query is not null);
                Assert.All(query?.Filters ?? [], filter => Assert.Equal((field, op), (filter.Field, filter.Operator)));
            }
        }
    }

    /// <summary>Every field is compared for being the same; order and patterns are for values that have them.</summary>
    [Theory]
    [InlineData(ListFieldKind.Text, "eq neq like not-like in not-in gt gte lt lte")]
    [InlineData(ListFieldKind.Folded, "eq neq like not-like in not-in gt gte lt lte")]
    [InlineData(ListFieldKind.Id, "eq neq like not-like in not-in gt gte lt lte")]
    [InlineData(ListFieldKind.Name, "eq neq like not-like in not-in gt gte lt lte")]
    [InlineData(ListFieldKind.Word, "eq neq like not-like in not-in gt gte lt lte")]
    [InlineData(ListFieldKind.Time, "eq neq in not-in gt gte lt lte")]
    [InlineData(ListFieldKind.Stamp, "eq neq in not-in gt gte lt lte")]
    [InlineData(ListFieldKind.Flag, "eq neq in not-in")]
    [InlineData(ListFieldKind.Texts, "eq neq like not-like in not-in")]
    [InlineData(ListFieldKind.Names, "eq neq like not-like in not-in")]
    public void A_kind_of_field_takes_the_operators_that_make_sense(ListFieldKind kind, string operators) => Assert.Equal(
        operators.Split(' ').Select(word => word.Replace('-', ' ')),
        Enum.GetValues<ListOperator>().Where(new ListField("x", kind).Takes).Select(WordOf));

    /// <summary>A value that begins with a quote ends with one; two stand for one; others are taken as they
    /// are.</summary>
    [Theory]
    [InlineData("name[in]\"a,b\",c", "a,b|c")]
    [InlineData("name[in]\"a\"", "a")]
    [InlineData("name[in]\"\",\"\"", "|")]
    [InlineData("name[not in]\"a,\"\"b\"\"\",c\"d", "a,\"b\"|c\"d")]
    [InlineData("fullname[eq]\"quoted, too\"", "quoted, too")]
    [InlineData("fullname[neq]\"\"\"literal\"\"\"", "\"literal\"")]
    [InlineData("fullname[like]\"a,%\"", "a,%")]
    [InlineData("fullname[eq]say \"yes\"", "say \"yes\"")]
    public void Values_can_be_quoted(string text, string values) =>
        Assert.Equal(values.Split('|'), Assert.Single(Parse(filters: [text])!.Filters).Values);

    [Theory]
    [InlineData("name[eq]x", ListOperator.Eq, "x")]
    [InlineData("name[neq]x", ListOperator.Neq, "x")]
    [InlineData("name[not in]x,y", ListOperator.NotIn, "x|y")]
    [InlineData("name[not like]x*", ListOperator.NotLike, "x*")]
    [InlineData("name[like]demo-%", ListOperator.Like, "demo-%")]
    [InlineData("name[in]a,b,c", ListOperator.In, "a|b|c")]
    [InlineData("name[in]a", ListOperator.In, "a")]
    [InlineData("name[in]a,,b,", ListOperator.In, "a||b|")]
    [InlineData("name[in]", ListOperator.In, "")]
    [InlineData("name[eq]a,b", ListOperator.Eq, "a,b")]
    [InlineData("fullname[gt]a[b]c", ListOperator.Gt, "a[b]c")]
    [InlineData("fullname[eq][eq]", ListOperator.Eq, "[eq]")]
    [InlineData("fullname[eq]\"\"\"quoted\"\"\"", ListOperator.Eq, "\"quoted\"")]
    [InlineData("fullname[eq]'; DROP TABLE records; --", ListOperator.Eq, "'; DROP TABLE records; --")]
    [InlineData("fullname[lte] spaced ", ListOperator.Lte, " spaced ")]
    [InlineData("fullname[gte]a=b&c", ListOperator.Gte, "a=b&c")]
    [InlineData("fullname[lt]Ünïcode 😀", ListOperator.Lt, "Ünïcode 😀")]
    [InlineData("name[eq]", ListOperator.Eq, "")]
    public void Filters_are_read_and_their_values_left_as_they_are(string text, ListOperator op, string values)
    {
        var filter = Assert.Single(Parse(filters: [text])!.Filters);
        Assert.Equal(op, filter.Operator);
        Assert.Equal(values.Split('|'), filter.Values);
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("2026-01-02t03:04:05z", "2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("2026-01-02T03:04:05.5+01:00", "2026-01-02T02:04:05.5000000+00:00")]
    [InlineData("2026-01-02T03:04:05-12:30", "2026-01-02T15:34:05.0000000+00:00")]
    [InlineData("2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.1234560+00:00")]
    [InlineData("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.1234567+00:00")]
    [InlineData("2026-01-02 03:04:05Z", "2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.0000000+00:00")]
    public void Times_are_read_as_rfc_3339_and_kept_in_utc(string time, string canonical) =>
        Assert.Equal(canonical, Assert.Single(Parse(filters: [$"created_at[eq]{time}"])!.Filters).Values.Single());

    /// <summary>What is read with the help of today's date would be another filter tomorrow.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("12:00")]
    [InlineData("10:00-05:00")]
    [InlineData("12-25")]
    [InlineData("01-02-2026")]
    [InlineData("3 Feb -1")]
    [InlineData("1-Jan-2026")]
    [InlineData("20260102")]
    [InlineData("2026")]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02T03:04:05")]
    [InlineData("2026-01-02 03:04:05")]
    [InlineData("2026-02-30")]
    [InlineData("2026-01-02T25:00:00Z")]
    [InlineData("2026-01-02T03:04:05 GMT")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("1767322800")]
    [InlineData(" 2026-01-02")]
    public void Other_times_are_refused(string time)
    {
        List<ListProblem> problems = [];
        Assert.Null(Parse(filters: [$"created_at[in]2026-01-02T00:00:00Z,{time}"], problems: problems));
        Assert.Equal($"'{time}' is not an RFC 3339 time", Assert.Single(problems).Message);
    }

    [Theory]
    [InlineData("limit", "0", NotALimit)]
    [InlineData("limit", "-1", NotALimit)]
    [InlineData("limit", "+5", NotALimit)]
    [InlineData("limit", "1001", NotALimit)]
    [InlineData("limit", "2147483648", NotALimit)]
    [InlineData("limit", "ten", NotALimit)]
    [InlineData("limit", "", NotALimit)]
    [InlineData("limit", "1e2", NotALimit)]
    [InlineData("limit", "1.0", NotALimit)]
    [InlineData("limit", "1,000", NotALimit)]
    [InlineData("limit", " 5", NotALimit)]
    [InlineData("limit", "５", NotALimit)]
    [InlineData("start_after", "a\0b", "holds characters that no name has")]
    [InlineData("order", "", "there is no field ''; the fields are name, id, fullname")]
    [InlineData("order", "secret", "there is no field 'secret'; the fields are name, id, fullname")]
    [InlineData("order", "name[up]", NotAnOrder)]
    [InlineData("order", "name[]", NotAnOrder)]
    [InlineData("order", "name[ASC]", NotAnOrder)]
    [InlineData("order", "name[asc]x", NotAnOrder)]
    [InlineData("order", "name[asc", "there is no field 'name[asc'")]
    [InlineData("order", "-name", "there is no field '-name'")]
    [InlineData("filter", "", NotAFilter)]
    [InlineData("filter", "name=x", NotAFilter)]
    [InlineData("filter", "x[eq", NotAFilter)]
    [InlineData("filter", "name", NoOperator)]
    [InlineData("filter", "name[]x", NoOperator)]
    [InlineData("filter", "name[EQ]x", NoOperator)]
    [InlineData("filter", "name[NEQ]x", NoOperator)]
    [InlineData("filter", "name[notin]x", NoOperator)]
    [InlineData("filter", "name[eq]\"x", "a value that begins with a quote must end with one; two stand for one")]
    [InlineData("filter", "name[eq]\"x\",y", "a value that begins with a quote must end with one; two stand for one")]
    [InlineData("filter", "name[in]\"x\"y,z", "a value that begins with a quote must end with one; two stand for one")]
    [InlineData("filter", "[eq]x", "there is no field ''; the fields are name, id, fullname")]
    [InlineData("filter", "digest[eq]x", "there is no field 'digest'")]
    [InlineData("filter", "name[eq]a\0", "holds characters that no value has")]
    [InlineData("filter", "created_at[like]2026%", "created_at is a time and cannot be matched with like")]
    [InlineData("filter", "created_at[not like]2026%", "created_at is a time and cannot be matched with not like")]
    public void Bad_parameters_are_named_with_what_is_wrong(string parameter, string value, string message)
    {
        List<ListProblem> problems = [];
        string[] Given(string name) => parameter == name ? [value] : [];
        Assert.Null(Parse(Given("limit"), Given("start_after"), Given("order"), Given("filter"), problems));
        var problem = Assert.Single(problems);
        Assert.Equal(parameter, problem.Parameter);
        Assert.StartsWith(message, problem.Message);
        Assert.Equal(parameter == "start_after" ? null : value, problem.Value);
    }

    [Fact]
    public void Everything_that_is_wrong_is_reported_beside_what_was_wrong_before()
    {
        List<ListProblem> problems = [new("total", "x", "must be true or false")];
        Assert.Null(Parse(["0"], ["\0"], ["nothing"], ["x", "name[eq]fine", "y"], problems));
        Assert.Equal(
            ["total", "limit", "start_after", "order", "filter", "filter"],
            problems.Select(problem => problem.Parameter));
    }

    [Fact]
    public void What_was_wrong_before_does_not_spoil_a_good_query() =>
        Assert.NotNull(Parse(["5"], problems: [new("total", "x", "must be true or false")]));

    [Theory]
    [InlineData("limit")]
    [InlineData("start_after")]
    public void Single_parameters_may_not_repeat(string parameter)
    {
        List<ListProblem> problems = [];
        string[] Given(string name) => parameter == name ? ["1", "2"] : [];
        Assert.Null(Parse(Given("limit"), Given("start_after"), problems: problems));
        Assert.Equal(new ListProblem(parameter, "1, 2", "may be given once"), Assert.Single(problems));
    }

    [Fact]
    public void Thirty_two_conditions_may_be_given_and_no_more()
    {
        static string[] Many(string one, int times) => [.. Enumerable.Repeat(one, times)];
        Assert.NotNull(Parse(orders: Many("name", 32), filters: Many("name[eq]x", 32)));
        List<ListProblem> problems = [];
        Assert.Null(Parse(orders: Many("name", 33), problems: problems));
        Assert.Null(Parse(filters: Many("name[eq]x", 33), problems: problems));
        const string message = "at most 32 may be given";
        Assert.Equal([new("order", null, message), new("filter", null, message)], problems);
    }

    /// <summary>Not a theory: a lone surrogate does not survive in an attribute either.</summary>
    [Fact]
    public void Text_that_no_database_stores_is_told_apart()
    {
        Assert.All(["", "😀 fine", "\u0001\u007f\ufffd"], text => Assert.True(StorableText.Is(text)));
        Assert.All(
            ["a\0", "a\ud800b", "a\udc00", "\ud800", "\ud83d\ud83d\ude00", "\ud83d\ude00\ude00"],
            text => Assert.False(StorableText.Is(text)));
        Assert.Null(Parse(startAfters: ["\ud800"]));
        Assert.Null(Parse(filters: ["name[in]a,\udc00"]));
    }

    /// <summary>Nothing that clients send makes the parser throw, and what it takes is within the bounds.</summary>
    [Fact]
    public void Whatever_is_sent_is_parsed_or_refused()
    {
        var name = Gen.OneOf([.. TokenList.Schema.Fields.Select(field => field.Name), "x", ""]);
        var bracket = Gen.OneOf("[eq]", "[in]", "[gt]", "[like]", "[asc]", "[desc]", "[", "]", "[[", "");
        var text = Gen.Select(name, bracket, Gen.String, (n, b, value) => n + b + value).Array[0, 3];
        Gen.Select(Gen.Int.Select(limit => $"{limit}"), Gen.String, text, text).HoldsForAll(3000, drawn =>
        {
            var (limit, startAfter, orders, filters) = drawn;
            List<ListProblem> problems = [];
            var query = Parse([limit], [startAfter], orders, filters, problems);
            Assert.Equal(query is null, problems.Count > 0);
            Assert.True(query is null || (query.Limit is >= 1 and <= 1000 && query.Orders.Length > 0));
        });
    }

    private static string WordOf(ListOperator op) => op switch
    {
        ListOperator.NotIn => "not in",
        ListOperator.NotLike => "not like",
        _ => op.ToString().ToLowerInvariant(),
    };

    private static ListQuery? Parse(
        string[]? limits = null,
        string[]? startAfters = null,
        string[]? orders = null,
        string[]? filters = null,
        List<ListProblem>? problems = null) =>
        ListQueryParser.Parse(
            TokenList.Schema, limits ?? [], startAfters ?? [], orders ?? [], filters ?? [], problems ?? []);
}
