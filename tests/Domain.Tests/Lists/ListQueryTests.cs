using TokenActors.Domain.Lists;

namespace TokenActors.Domain.Tests.Lists;

public sealed class ListQueryTests
{
    [Fact]
    public void Without_parameters_it_is_the_first_hundred_by_name()
    {
        var query = Parse()!;
        Assert.Equal(100, query.Limit);
        Assert.Null(query.StartAfter);
        Assert.Equal("name", Assert.Single(query.Orders).Field.Name);
        Assert.Empty(query.Filters);
    }

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

    [Theory]
    [InlineData("name[eq]x", ListOperator.Eq, "x")]
    [InlineData("name[like]demo-%", ListOperator.Like, "demo-%")]
    [InlineData("name[in]a,b,c", ListOperator.In, "a|b|c")]
    [InlineData("fullname[gt]a[b]c", ListOperator.Gt, "a[b]c")]
    [InlineData("name[eq]", ListOperator.Eq, "")]
    [InlineData("created_at[gte]2026-01-02T03:04:05Z", ListOperator.Gte, "2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("expires[lt]2026-01-02T03:04:05.5+01:00", ListOperator.Lt, "2026-01-02T02:04:05.5000000+00:00")]
    [InlineData("updated_at[lte]2026-01-02", ListOperator.Lte, "2026-01-02T00:00:00.0000000+00:00")]
    public void Filters_are_read(string text, ListOperator op, string values)
    {
        var filter = Assert.Single(Parse(filters: [text])!.Filters);
        Assert.Equal(op, filter.Operator);
        Assert.Equal(values.Split('|'), filter.Values);
    }

    [Theory]
    [InlineData("limit", "0")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "1001")]
    [InlineData("limit", "ten")]
    [InlineData("limit", "")]
    [InlineData("limit", "1e2")]
    [InlineData("limit", " 5")]
    [InlineData("start_after", "a\0b")]
    [InlineData("order", "")]
    [InlineData("order", "secret")]
    [InlineData("order", "name[up]")]
    [InlineData("order", "name[asc]x")]
    [InlineData("order", "name[asc")]
    [InlineData("filter", "")]
    [InlineData("filter", "name")]
    [InlineData("filter", "name=x")]
    [InlineData("filter", "digest[eq]x")]
    [InlineData("filter", "name[neq]x")]
    [InlineData("filter", "name[eq]a\0")]
    [InlineData("filter", "created_at[eq]yesterday")]
    [InlineData("filter", "created_at[like]2026%")]
    [InlineData("filter", "created_at[gt]12:00")]
    public void Bad_parameters_are_named(string parameter, string value)
    {
        List<ListProblem> problems = [];
        string[] one = [value];
        Assert.Null(ListQueryParser.Parse(
            TokenList.Schema,
            parameter == "limit" ? one : [],
            parameter == "start_after" ? one : [],
            parameter == "order" ? one : [],
            parameter == "filter" ? one : [],
            problems));
        Assert.Equal(parameter, Assert.Single(problems).Parameter);
    }

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
        Assert.Null(ListQueryParser.Parse(TokenList.Schema, [], [], [], [$"created_at[in]2026-01-02,{time}"], problems));
        Assert.Equal($"'{time}' is not an RFC 3339 time", Assert.Single(problems).Message);
    }

    [Fact]
    public void Text_that_no_database_stores_is_told_apart()
    {
        Assert.False(StorableText.Is("a\ud800b"));
        Assert.False(StorableText.Is("a\udc00"));
        Assert.False(StorableText.Is("\ud800"));
        Assert.True(StorableText.Is("😀 fine"));
        Assert.Null(Parse(filters: ["name[eq]\ud800"]));
    }

    [Fact]
    public void Everything_that_is_wrong_is_reported()
    {
        List<ListProblem> problems = [];
        Assert.Null(ListQueryParser.Parse(TokenList.Schema, ["0"], [], ["nothing"], ["x", "name[eq]fine", "y"], problems));
        Assert.Equal(["limit", "order", "filter", "filter"], problems.Select(p => p.Parameter));
    }

    [Fact]
    public void Single_parameters_may_not_repeat_and_conditions_are_bounded()
    {
        List<ListProblem> problems = [];
        Assert.Null(ListQueryParser.Parse(TokenList.Schema, ["1", "2"], [], [], [], problems));
        Assert.Null(ListQueryParser.Parse(TokenList.Schema, [], [], [], [.. Enumerable.Repeat("name[eq]x", 33)], problems));
        Assert.Equal(2, problems.Count);
    }

    private static ListQuery? Parse(string[]? orders = null, string[]? filters = null) =>
        ListQueryParser.Parse(TokenList.Schema, [], [], orders ?? [], filters ?? [], []);
}
