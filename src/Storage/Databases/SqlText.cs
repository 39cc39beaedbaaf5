using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace TokenActors.Storage.Databases;

/// <summary>
/// SQL statements by name, from the embedded files: those common to all databases, and each database's own over them.
/// Braces stand for lists of columns: <c>{columns}</c> for their names, <c>{@columns}</c> or <c>{i.columns}</c> for
/// names with something before each, and <c>{changing = @}</c> for assignments. <c>{part audit_done}</c> stands for the
/// statement of that name, and a parameter for the text that a database has under its name.
/// </summary>
internal sealed partial class SqlText
{
    private const string Marker = "-- name: ";

    private static readonly FrozenDictionary<string, string[]> Lists =
        RecordColumns.Lists.Append(KeyValuePair.Create("audit", AuditColumns.Names)).ToFrozenDictionary();

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

    /// <summary>The numbered migrations of a database, in order.</summary>
    public static IEnumerable<(int Number, string Text)> Migrations(string database) =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith($"Sql/{database}/0", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(Path.GetFileName(name)[..4], CultureInfo.InvariantCulture), Resource(name)));

    private static string Expand(string text, Dictionary<string, string> statements)
    {
        var whole = Part().Replace(text, part => statements[part.Groups["name"].Value]);
        return ColumnList().Replace(whole, list =>
        {
            var (before, source) = (list.Groups["before"].Value, list.Groups["source"]);
            return string.Join(", ", Lists[list.Groups["list"].Value].Select(column => source.Success
                ? $"{column} = {Named(source.Value + column)}"
                : Named(before + column)));
        });

        string Named(string name) => name is ['@', ..] ? statements.GetValueOrDefault(name, name) : name;
    }

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

    [GeneratedRegex(@"\{part (?<name>\w+)\}")]
    private static partial Regex Part();

    [GeneratedRegex(
        @"\{(?<before>@a_|@|[a-z]\.)?(?<list>columns|changing|unindexed|audit)( = (?<source>@|[a-z]\.))?\}")]
    private static partial Regex ColumnList();
}
