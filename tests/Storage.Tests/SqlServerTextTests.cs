using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests;

/// <summary>Every text that SQL Server is sent, parsed with its grammars of 2019 and 2022.</summary>
public sealed partial class SqlServerTextTests
{
    private static readonly SqlText Sql = new("sqlserver");
    private static readonly RecordScope Scope = new("token", "o1");

    [Fact]
    public void Statements_and_migrations_are_of_the_grammars()
    {
        foreach (var name in Sql.Names.Where(name => !name.StartsWith("list_", StringComparison.Ordinal) && !name.Contains('.')))
        {
            Parse(Sql[name], name);
        }

        foreach (var (number, text) in SqlText.Migrations("sqlserver"))
        {
            foreach (var literal in Strings(Parse(text, $"migration {number}")).Where(literal => literal.Contains('@')))
            {
                Parse(literal, $"migration {number}");
            }
        }
    }

    /// <summary>A client's text is in the lists' comparisons and in the look-up of a name (trailing blanks count for
    /// nothing in =).</summary>
    [Fact]
    public void Whatever_a_clients_text_is_equal_to_has_its_length_too()
    {
        Assert.Contains("DATALENGTH({expression}) = DATALENGTH({value})", Sql["list_equal"], StringComparison.Ordinal);
        Assert.Contains("DATALENGTH({expression}) = DATALENGTH(i.v)", Sql["list_in"], StringComparison.Ordinal);
        Assert.Contains("DATALENGTH(name_key) = DATALENGTH(@name)", Sql["find_by_name"], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_list_in_every_order_with_every_filter_is_of_the_grammars_and_orders_by_a_column_once()
    {
        foreach (var schema in Schemas())
        {
            var orders = schema.Fields.SelectMany(field => new[] { new ListOrder(field, false), new ListOrder(field, true) }).ToList();
            foreach (var first in orders)
            {
                foreach (var second in orders)
                {
                    ParseList(new ListQuery(schema, 10, null, [first, second], []), ["a", "b"]);
                }

                ParseList(new ListQuery(schema, 10, null, [first, first, first], []), ["a", "b", "c"]);
            }

            foreach (var field in schema.Fields)
            {
                foreach (var operation in Enum.GetValues<ListOperator>().Where(field.Takes))
                {
                    var value = field.IsTime ? "2026-01-01T00:00:00Z" : "a*b";
                    ParseList(new ListQuery(schema, 10, null, [orders[0]], [new ListFilter(field, operation, [value, value])]), ["a"]);
                }
            }
        }
    }

    [Fact]
    public void Every_page_that_walks_a_sorted_table_is_of_the_grammars()
    {
        var schema = LifecycleTokenList.Schema;
        foreach (var field in schema.Fields)
        {
            var value = field.IsTime ? "2026-01-01T00:00:00Z" : "a*b";
            foreach (var walk in new[] { null, new SortedWalk(SortedBeside.Ends, 7), new SortedWalk(SortedBeside.Labels, 7, "l") })
            {
                ListPlace place = new([field.Kind == ListFieldKind.Time ? 1L : "a"], "i");
                foreach (var filters in Enum.GetValues<ListOperator>().Where(field.Takes)
                    .Select(operation => new ListFilter(field, operation, [value])))
                {
                    ListQuery query = new(schema, 10, null, [new ListOrder(field, true)], [filters]);
                    Parse(new PlacedPage(Sql, "s1", DateTimeOffset.UnixEpoch).Compile(Scope with { UnnamedToo = true }, query, place, walk), $"{query}");
                }
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_is_below_others_is_of_the_grammars(bool unfinishedToo, bool stayingToo)
    {
        var text = new ListCompiler(Sql, "s1").Children("token", ["a", "b"], 10, unfinishedToo, stayingToo);
        Parse(text, "children");
        Assert.Equal(stayingToo, !text.Contains("belongs_to IS NULL", StringComparison.Ordinal));
    }

    /// <summary>A call may have 2,100 parameters.</summary>
    [Theory]
    [InlineData("name")]
    [InlineData("created_at")]
    public void Any_number_of_values_is_one_parameter(string name)
    {
        var schema = Schemas().First(schema => schema.Find(name) is not null && schema.Find("id") is not null);
        var field = schema.Find(name) ?? throw new InvalidOperationException(name);
        var values = Enumerable.Range(0, 5000).Select(i => field.Kind == ListFieldKind.Time ? "2026-01-01T00:00:00Z" : $"n{i}").ToImmutableArray();
        ListCompiler compiler = new(Sql, "s1");
        Parse(compiler.Page(Scope, new ListQuery(schema, 10, null, [new ListOrder(field, false)], [new ListFilter(field, ListOperator.In, values)]), null), name);
        Assert.InRange(compiler.Parameters.Count, 1, 10);
        ListCompiler byIds = new(Sql, "s1");
        byIds.ByIds("token", values);
        Assert.Equal(3, byIds.Parameters.Count);
    }

    [Fact]
    public void Inserts_take_no_locks_beforehand()
    {
        Assert.All(Sql.Names, name => Assert.DoesNotContain("HOLDLOCK", Sql[name], StringComparison.OrdinalIgnoreCase));
        Assert.All(Sql.Names, name => Assert.DoesNotContain("UPDLOCK", Sql[name], StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_text_column_compares_bytewise_and_its_keys_fit()
    {
        foreach (var (number, text) in SqlText.Migrations("sqlserver"))
        {
            Assert.DoesNotMatch(@"(?<!n)varchar\(", text);
            foreach (var column in TextColumn().Matches(Regex.Replace(text, "'[^']*'", "")).Select(match => match.Value))
            {
                Assert.True(column.Contains("COLLATE Latin1_General_100_BIN2", StringComparison.Ordinal) && !column.Contains("_UTF8"), $"{number}: {column}");
            }
        }

        const int MostOfKey = 900, MostOfIndex = 1700, BytesOfUnit = 2;
        Assert.InRange(BytesOfUnit * (TextWidth.Id + TextWidth.Kind + TextWidth.Id), 1, MostOfKey);
        Assert.InRange(
            BytesOfUnit * (TextWidth.Id + TextWidth.Id + TextWidth.Kind + TextWidth.NameKey + TextWidth.Id), 1,
            MostOfIndex);
    }

    /// <summary>LaunchDarkly's names have up to 1,024 UTF-16 units, those of the Management API 128.</summary>
    [Fact]
    public void Columns_are_as_wide_as_the_wire_lets_in()
    {
        Assert.InRange(TextWidth.Name, 1024, 4000);
        Assert.InRange(TextWidth.NameKey, 128, 450);
        var schema = string.Concat(SqlText.Migrations("sqlserver").Select(migration => migration.Text));
        foreach (var (table, column) in RecordColumns.OfInsert.Select(c => ("records", (IColumn)c)).Concat(AuditColumns.OfInsert.Select(c => ("audit", (IColumn)c)))
            .Concat(ExecutionColumns.OfInsert.Select(c => ("executions", (IColumn)c))))
        {
            var type = column switch
            {
                { Kind: ColumnKind.Number } => "bigint",
                { Kind: ColumnKind.Bytes } => @"varbinary\(max\)",
                { Width: TextWidth.Unlimited } => @"nvarchar\(max\)",
                _ => $@"nvarchar\({column.Width}\)",
            };
            Assert.Matches($@"(CREATE TABLE {table} \([^;]*\s|ALTER TABLE {table} ADD ){column.Name}\s+{type}[\s,;]", schema);
        }
    }

    [Fact]
    public void Parameters_have_one_declaration_whatever_they_hold()
    {
        using var command = new Microsoft.Data.SqlClient.SqlCommand();
        foreach (var value in new object?[] { "a", new string('a', 1000), Null.Text })
        {
            command.Bind("name", value);
            command.Bind("state", value);
            command.Bind("sealed", value is Null ? Null.Bytes : new byte[3]);
        }

        var declarations = command.Parameters.Cast<Microsoft.Data.SqlClient.SqlParameter>()
            .GroupBy(parameter => parameter.ParameterName)
            .Select(group => (group.Key, string.Join(", ", group.Select(p => $"{p.SqlDbType}({p.Size})").Distinct())));
        Assert.Equal(
            [("@name", "NVarChar(4000)"), ("@state", "NVarChar(-1)"), ("@sealed", "VarBinary(-1)")], declarations);
    }

    [Fact]
    public void Rows_are_written_as_json_with_bytes_in_hexadecimal_and_without_nulls()
    {
        var text = JsonRows.Of(
            [Rows.Row("t\"1") with { Sealed = [1, 255] }], (to, row) => to.Add(RecordColumns.OfInsert, row));
        using var json = System.Text.Json.JsonDocument.Parse(text);
        var row = json.RootElement[0];
        Assert.Equal("t\"1", row.GetProperty("id").GetString());
        Assert.Equal("01FF", row.GetProperty("sealed").GetString());
        Assert.Equal(1, row.GetProperty("version").GetInt64());
        Assert.False(row.TryGetProperty("due_at", out _));
    }

    /// <summary>Where the runtime has no cultures the driver refuses every connection before it tries.</summary>
    [Fact]
    public async Task A_server_that_is_not_there_is_a_connection_error()
    {
        var options = new StorageOptions
        {
            Provider = DatabaseProvider.SqlServer, ConnectionString = "Server=127.0.0.1,1;Database=x;User Id=x;Password=x;Connect Timeout=2;Encrypt=false",
        };
        Assert.Empty(options.Problems());
        await Assert.ThrowsAsync<StorageUnavailableException>(() => StoreFactory.OpenMigrated(
            options, "s", TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
    }

    [Theory]
    [InlineData("Host=localhost;Database=x;Username=y")]
    [InlineData("Server=x;Encrypt=perhaps")]
    [InlineData("Server=x;Connect Timeout=soon")]
    [InlineData("Server=x;Pool Blocking Period=5x")]
    [InlineData("Server=x;Max Pool Size=0")]
    [InlineData("Server=x;Asynchronous Processing=true")]
    [InlineData("nonsense")]
    public void A_connection_string_of_another_kind_is_named(string text)
    {
        var problem = Assert.Single(
            new StorageOptions { Provider = DatabaseProvider.SqlServer, ConnectionString = text }.Problems());
        Assert.Equal("TokenActors:Storage:ConnectionString (not shown) cannot be read by SqlServer", problem);
    }

    private static void ParseList(ListQuery query, IReadOnlyList<object> values)
    {
        Parse(new ListCompiler(Sql, "s1").Page(Scope, query, (values, "i")), $"{query}");
        Parse(new ListCompiler(Sql, "s1").Count(Scope, query.Filters), $"{query}");
        Parse(new ListCompiler(Sql, "s1").StartRow(Scope, query, "2026-01-01T00:00:00Z"), $"{query}");
        Parse(new ListCompiler(Sql, "s1").StartRowById(Scope, query, "x"), $"{query}");
        Parse(new ListCompiler(Sql, "s1").DeletedStartRow(Scope, query, "x"), $"{query}");
    }

    private static IEnumerable<ListSchema> Schemas() => typeof(ListSchema).Assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Select(field => field.FieldType == typeof(ListSchema) ? field.GetValue(null) : null).OfType<ListSchema>();

    private static TSqlFragment Parse(string text, string what)
    {
        TSqlFragment? fragment = null;
        foreach (TSqlParser parser in new TSqlParser[] { new TSql150Parser(true), new TSql160Parser(true) })
        {
            using StringReader reader = new(text);
            fragment = parser.Parse(reader, out var errors);
            Assert.True(
                errors.Count == 0, $"{what}: {string.Join("; ", errors.Select(error => error.Message))}\n{text}");
        }

        var tree = fragment ?? throw new InvalidOperationException(what);
        OrderVisitor visitor = new();
        tree.Accept(visitor);
        Assert.All(visitor.Orders, order => Assert.Distinct(order));
        return tree;
    }

    private static List<string> Strings(TSqlFragment tree)
    {
        StringVisitor visitor = new();
        tree.Accept(visitor);
        return visitor.Values;
    }

    [GeneratedRegex(@"\b\w+\s+nvarchar\([^,;\n]*")]
    private static partial Regex TextColumn();

    private sealed class OrderVisitor : TSqlFragmentVisitor
    {
        public List<List<string>> Orders { get; } = [];

        public override void Visit(OrderByClause node) => Orders.Add([.. node.OrderByElements.Select(element => string.Concat(
            Enumerable.Range(
                element.Expression.FirstTokenIndex,
                element.Expression.LastTokenIndex - element.Expression.FirstTokenIndex + 1)
                .Select(i => element.ScriptTokenStream[i].Text)))]);
    }

    private sealed class StringVisitor : TSqlFragmentVisitor
    {
        public List<string> Values { get; } = [];

        public override void Visit(StringLiteral node) => Values.Add(node.Value);
    }
}
