using System.Collections.Frozen;
using System.Reflection;

namespace TokenActors.Storage.Databases;

/// <summary>SQL statements by name, from the embedded files: those common to all databases, and each database's own over them.</summary>
internal sealed class SqlText
{
    private const string Marker = "-- name: ";

    private readonly FrozenDictionary<string, string> _statements;

    public SqlText(string database)
    {
        var statements = Parse(Resource("Sql/common.sql")).Concat(Parse(Resource($"Sql/{database}/queries.sql")))
            .GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.Last().Text);
        _statements = statements.ToFrozenDictionary(
            s => s.Key,
            s => s.Value.Replace("{columns}", RecordColumns.All, StringComparison.Ordinal)
                .Replace("{audit_done}", statements.GetValueOrDefault("audit_done"), StringComparison.Ordinal));
    }

    public string this[string name] => _statements[name];

    /// <summary>The numbered migrations of a database, in order.</summary>
    public static IEnumerable<(int Number, string Text)> Migrations(string database) =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith($"Sql/{database}/0", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(Path.GetFileName(name)[..4], System.Globalization.CultureInfo.InvariantCulture), Resource(name)));

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
}
