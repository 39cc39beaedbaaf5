using Microsoft.SqlServer.TransactSql.ScriptDom;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Tests;

/// <summary>
/// How long the keys of SQL Server's tables can be, computed from the migrations: a server makes an index whose keys
/// may be too long, and refuses the row that has one. Keys are clustered unless they say otherwise, indexes are not.
/// </summary>
public sealed class SqlServerKeyTests
{
    private const int MostOfClustered = 900;
    private const int MostOfOther = 1700;

    private readonly Dictionary<string, Dictionary<string, int>> _tables = [];
    private readonly Dictionary<string, (string Table, bool IsClustered, List<string> Columns)> _keys = [];

    [Fact]
    public void Every_key_of_every_table_fits_into_its_index()
    {
        foreach (var (_, text) in SqlText.Migrations("sqlserver"))
        {
            Run(text);
        }

        var clustered = _keys.Values.Where(key => key.IsClustered).Select(key => key.Table).ToList();
        Assert.Equal(_tables.Keys.Order(), clustered.Order());
        Assert.True(
            _keys.Count > 2 * _tables.Count - 5 && _tables.Count >= 20,
            $"{_keys.Count} keys of {_tables.Count} tables");
        foreach (var (name, (table, isClustered, columns)) in _keys)
        {
            var bytes = columns.Sum(column => _tables[table][column]);
            Assert.True(
                bytes <= (isClustered ? MostOfClustered : MostOfOther), $"{name} on {table} may have {bytes} bytes");
        }
    }

    /// <summary>What the computation says of a script that a server would take and rows would fail on.</summary>
    [Theory]
    [InlineData("CREATE TABLE t (a nvarchar(400) NOT NULL, b nvarchar(50) NOT NULL, PRIMARY KEY (a, b))", 900)]
    [InlineData("CREATE TABLE t (a nvarchar(10) NOT NULL PRIMARY KEY); ALTER TABLE t ALTER COLUMN a nvarchar(451) NOT NULL", 902)]
    [InlineData("CREATE TABLE t (a bigint, b varbinary(32), c int, d bit); CREATE INDEX i ON t (a, b, c, d)", 45)]
    [InlineData("CREATE TABLE t (a bigint); ALTER TABLE t ADD b nvarchar(5); EXEC('CREATE INDEX i ON t (b)')", 10)]
    public void A_keys_bytes_are_those_of_its_columns(string text, int bytes)
    {
        Run(text);
        var (table, _, columns) = Assert.Single(_keys).Value;
        Assert.Equal(bytes, columns.Sum(column => _tables[table][column]));
    }

    private void Run(string text)
    {
        using StringReader reader = new(text);
        var script = (TSqlScript)new TSql160Parser(true).Parse(reader, out var errors);
        Assert.Empty(errors);
        foreach (var statement in script.Batches.SelectMany(batch => batch.Statements))
        {
            Run(statement);
        }
    }

    private void Run(TSqlStatement statement)
    {
        switch (statement)
        {
            case CreateTableStatement create:
                _tables[NameOf(create.SchemaObjectName)] = [];
                Add(NameOf(create.SchemaObjectName), create.Definition);
                break;
            case AlterTableAddTableElementStatement add:
                Add(NameOf(add.SchemaObjectName), add.Definition);
                break;
            case AlterTableAlterColumnStatement alter:
                _tables[NameOf(alter.SchemaObjectName)][alter.ColumnIdentifier.Value] = BytesOf(alter.DataType);
                break;
            case CreateIndexStatement index:
                _keys[index.Name.Value] = (NameOf(index.OnName), index.Clustered ?? false, ColumnsOf(index.Columns));
                break;
            case DropIndexStatement drop:
                Assert.All(
                    drop.DropIndexClauses.Cast<DropIndexClause>(),
                    clause => Assert.True(_keys.Remove(clause.Index.Value)));
                break;
            case ExecuteStatement { ExecuteSpecification.ExecutableEntity: ExecutableStringList inner }:
                Run(string.Concat(inner.Strings.OfType<StringLiteral>().Select(literal => literal.Value)));
                break;
            case ExecuteStatement or AlterTableStatement:
                throw new NotSupportedException(statement.GetType().Name);
        }
    }

    private void Add(string table, TableDefinition definition)
    {
        foreach (var column in definition.ColumnDefinitions)
        {
            _tables[table][column.ColumnIdentifier.Value] = BytesOf(column.DataType);
            foreach (var key in column.Constraints.OfType<UniqueConstraintDefinition>())
            {
                Add(table, key, [column.ColumnIdentifier.Value]);
            }
        }

        foreach (var key in definition.TableConstraints.OfType<UniqueConstraintDefinition>())
        {
            Add(table, key, ColumnsOf(key.Columns));
        }
    }

    private void Add(string table, UniqueConstraintDefinition key, List<string> columns) =>
        _keys[key.ConstraintIdentifier?.Value ?? $"{table}: {string.Join(", ", columns)}"] =
            (table, key.Clustered ?? key.IsPrimaryKey, columns);

    private static List<string> ColumnsOf(IEnumerable<ColumnWithSortOrder> columns) =>
        [.. columns.Select(column => column.Column.MultiPartIdentifier.Identifiers[^1].Value)];

    private static string NameOf(SchemaObjectName name) => name.BaseIdentifier.Value;

    /// <summary>What cannot be in a key has more bytes than any may have.</summary>
    private static int BytesOf(DataTypeReference type)
    {
        var sql = (SqlDataTypeReference)type;
        var length = sql.Parameters switch
        {
            [] => 0,
            [MaxLiteral, ..] => int.MaxValue / 4,
            [var one, ..] => int.Parse(one.Value, System.Globalization.CultureInfo.InvariantCulture),
        };
        return sql.SqlDataTypeOption switch
        {
            SqlDataTypeOption.NVarChar => 2 * length,
            SqlDataTypeOption.VarBinary => length,
            SqlDataTypeOption.BigInt or SqlDataTypeOption.DateTime or SqlDataTypeOption.DateTime2 => 8,
            SqlDataTypeOption.Int => 4,
            SqlDataTypeOption.Bit => 1,
            var other => throw new NotSupportedException($"{other}"),
        };
    }
}
