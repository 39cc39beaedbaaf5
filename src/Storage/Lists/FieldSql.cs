using System.Globalization;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Time;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>What a field is in SQL, and what a value that is compared with it becomes.</summary>
/// <param name="sql">the database's text</param>
/// <param name="now">by which it is decided what has expired</param>
internal sealed class FieldSql(SqlText sql, DateTimeOffset now = default)
{
    /// <summary>The column that holds an item's id: another one where a list walks another table.</summary>
    public string IdColumn { get; set; } = "id";

    /// <summary>Whether a list walks the table of ends, which has a column for them.</summary>
    public bool WalksEnds { get; set; }

    /// <summary>What a field is ordered and compared by.</summary>
    public string Expression(ListField field) => field switch
    {
        { Column: "id" } => IdColumn,
        { Sorted: SortedBeside.Ends } when WalksEnds => "ends_at",
        { Column: { } always, Kind: ListFieldKind.Time } when field.IsOfUses || always == "created_at" => always,
        { Kind: ListFieldKind.Phase, Column: { } end, DisabledName: { } disabled } =>
            $"CASE WHEN {Json("list_json_flag", disabled)} THEN 'disabled' "
                + $"WHEN COALESCE({end}, 0) <= {Number(now)} THEN 'expired' ELSE 'active' END",
        { Renames: { Count: > 0 } renames, JsonName: { } json } => Text(Renamed(Json("list_json", json), renames)),
        { NamesOthers: true, Column: { } column } => Text($"COALESCE(NULLIF({column}, id), '')"),
        { Column: { } column, Kind: ListFieldKind.Time } => $"COALESCE({column}, 0)",
        { HotTime: { } place, JsonName: { } json } =>
            $"COALESCE(CASE WHEN hot IS NULL THEN {Json("list_json_time", json)} ELSE {HotTime(place)} END, 0)",
        { Column: { } column and "name_key" } => column,
        { Column: { } column, Kind: ListFieldKind.Folded } => Text($"LOWER({column})"),
        { Kind: ListFieldKind.Flag, JsonName: { } json } =>
            $"CASE WHEN {Json("list_json_flag", json)} THEN '{field.Words.Set}' ELSE '{field.Words.Unset}' END",
        { Kind: ListFieldKind.Word, JsonName: { } json } => Text($"REPLACE(LOWER({Json("list_json", json)}), '_', '')"),
        { Column: { } column, Absent: { } absent } => Text($"COALESCE({column}, '{absent}')"),
        { Column: { } column } => Text($"COALESCE({column}, '')"),
        { JsonName: { } json } => Text(Json(field.IsMany ? "list_json_array" : "list_json", json)),
        _ => throw new ArgumentException($"the field {field.Name} has neither column nor JSON name", nameof(field)),
    };

    /// <summary>The condition that two expressions come after two values, both in one direction.</summary>
    public string Beyond((string Expression, string Value) first, (string Expression, string Value) second, bool descending) =>
        sql["list_beyond"]
            .Replace("{first}", first.Expression, StringComparison.Ordinal)
            .Replace("{second}", second.Expression, StringComparison.Ordinal)
            .Replace("{value}", first.Value, StringComparison.Ordinal)
            .Replace("{next}", second.Value, StringComparison.Ordinal)
            .Replace("{beyond}", descending ? "<" : ">", StringComparison.Ordinal);

    /// <summary>One of the values of a field that has several, in a condition of <see cref="Any"/>.</summary>
    public string Element => sql["list_element"];

    /// <summary>A condition that holds where one of a field's values meets another.</summary>
    public string Any(ListField field, string condition) =>
        Json("list_any", field.JsonName ?? throw new ArgumentException($"{field.Name} is no array", nameof(field)))
            .Replace("{condition}", condition, StringComparison.Ordinal);

    /// <summary>A value as it compares with the field's.</summary>
    public static object ValueOf(ListField field, string value) => field.Kind switch
    {
        ListFieldKind.Name or ListFieldKind.Names => NameKey.Of(value),
        ListFieldKind.Folded =>
            string.Concat(value.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c)),
        ListFieldKind.Word => value.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant(),
        ListFieldKind.Flag or ListFieldKind.Phase => value.ToLowerInvariant(),
        ListFieldKind.Time => Times.Micros(TimeOf(value)),
        ListFieldKind.Stamp => StampOf(TimeOf(value)),
        _ => value,
    };

    /// <summary>Where a page begins that goes on after a time; null where the field is none, or the text.</summary>
    public static object? StartOf(ListField field, string text) => field.IsTime && Rfc3339.TryParse(text, out var time)
        ? field.Kind == ListFieldKind.Time ? Times.Micros(time) : StampOf(time)
        : null;

    /// <summary>
    /// As JSON states hold times: fractions end with their last digit, so that the order of bytes is that of time.
    /// </summary>
    private static string StampOf(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset TimeOf(string value) => DateTimeOffset.Parse(value, CultureInfo.InvariantCulture);

    private static string Number(DateTimeOffset time) => Times.Micros(time).ToString(CultureInfo.InvariantCulture);

    private static string Renamed(string expression, IEnumerable<(string Stored, string Wire)> renames)
    {
        var cases = renames.Select(word => $"WHEN '{word.Stored}' THEN '{word.Wire}'");
        return $"CASE {expression} {string.Join(' ', cases)} ELSE {expression} END";
    }

    private string HotTime(int place) => sql["list_hot_time"]
        .Replace(
            "{place}", StoredRecord.PlaceOfHotTime(place).ToString(CultureInfo.InvariantCulture),
            StringComparison.Ordinal)
        .Replace(
            "{digits}", StoredRecord.HotTimeDigits.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private string Json(string template, string name) => sql[template]
        .Replace("{name}", name, StringComparison.Ordinal)
        .Replace("{path}", name.Replace('.', ','), StringComparison.Ordinal);

    private string Text(string expression) =>
        sql["list_text"].Replace("{expression}", expression, StringComparison.Ordinal);
}
