using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace TokenActors.Storage.Databases;

/// <summary>
/// SQL statements by name, from the embedded files: those common to all databases, and each database's own over them.
/// Braces stand for lists of columns: <c>{columns}</c> for their names, <c>{typed columns}</c> with their types,
/// <c>{@columns}</c> or <c>{i.columns}</c> for names with something before each, and <c>{changing = @}</c> for
/// assignments. <c>{part audit_done}</c> stands for the statement of that name, and a column with something before it
/// for the text that a database has under its name.
/// </summary>
internal sealed partial class SqlText
{
    private const string Marker = "-- name: ";

    private static readonly FrozenDictionary<string, string[]> Lists =
        RecordColumns.Lists
        .Append(KeyValuePair.Create("audit", AuditColumns.Names))
        .Append(KeyValuePair.Create("events", EventColumns.Names))
        .Append(KeyValuePair.Create("executions", ExecutionColumns.Names))
        .ToFrozenDictionary();

    /// <summary>Columns by the names that statements have for lists of them with their types.</summary>
    private static readonly FrozenDictionary<string, IReadOnlyList<IColumn>> Typed =
        new Dictionary<string, IReadOnlyList<IColumn>>
        {
            ["columns"] = RecordColumns.OfInsert, ["audit"] = AuditColumns.OfInsert, ["usage"] = UsageColumns.OfUpdate,
            ["events"] = EventColumns.OfInsert,
        }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, string> _statements;

    public SqlText(string database)
    {
        var statements = Parse(Resource("Sql/common.sql")).Concat(Parse(Resource($"Sql/{database}/queries.sql")))
            .GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.Last().Text);
        _statements = statements.ToFrozenDictionary(s => s.Key, s => Expand(s.Value, statements));
    }

    /// <summary>The names of all statements.</summary>
    public IEnumerable<string> Names => _statements.Keys;

    public string this[string name] => _statements[name];

    /// <summary>The names of a statement's parameters, each once.</summary>
    public static IEnumerable<string> ParametersOf(string sql) =>
        ParameterName().Matches(sql).Select(match => match.Groups["name"].Value).Distinct();

    /// <summary>The numbered migrations of a database, in order.</summary>
    public static IEnumerable<(int Number, string Text)> Migrations(string database) =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith($"Sql/{database}/0", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(Path.GetFileName(name)[..4], CultureInfo.InvariantCulture), Resource(name)));

    private static string Expand(string text, Dictionary<string, string> statements)
    {
        var whole = text;
        while (Part().IsMatch(whole))
        {
            whole = Part().Replace(whole, part => statements[part.Groups["name"].Value]);
        }

        whole = TypedList().Replace(whole, list => string.Join(
            ", ", Typed[list.Groups["list"].Value].Select(column => $"{column.Name} {JsonType(column)}")));
        return ColumnList().Replace(whole, list =>
        {
            var (before, source) = (list.Groups["before"].Value, list.Groups["source"]);
            return string.Join(", ", Lists[list.Groups["list"].Value].Select(column => source.Success
                ? $"{column} = {Named(source.Value + column)}"
                : Named(before + column)));
        });

        string Named(string name) =>
            name.Contains('.', StringComparison.Ordinal) ? statements.GetValueOrDefault(name, name) : name;
    }

    /// <summary>The type by which SQL Server reads a column from JSON; bytes are written in hexadecimal.</summary>
    private static string JsonType(IColumn column) => column switch
    {
        { Kind: ColumnKind.Number } => "bigint",
        { Kind: ColumnKind.Text, Width: not TextWidth.Unlimited } =>
            string.Create(CultureInfo.InvariantCulture, $"nvarchar({column.Width})"),
        _ => "nvarchar(max)",
    };

    private static IEnumerable<(string Name, string Text)> Parse(string file) =>
        file.Split(Marker, StringSplitOptions.RemoveEmptyEntries).Select(part =>
        {
            var end = part.IndexOf('\n');
            return (part[..end].Trim(), part[(end + 1)..].Trim());
        });

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"no embedded file {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(?<!@)@(?<name>\w+)")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"\{typed (?<list>\w+)\}")]
    private static partial Regex TypedList();

    [GeneratedRegex(@"\{part (?<name>\w+)\}")]
    private static partial Regex Part();

    [GeneratedRegex(
        @"\{(?<before>@[ae]_|@|[a-z]\.)?(?<list>columns|changing|unindexed|audit|events|executions)( = (?<source>@|[a-z]\.))?\}")]
    private static partial Regex ColumnList();
}
