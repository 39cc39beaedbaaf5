using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Cli.Output;
using TokenActors.Client.Audit;

namespace TokenActors.Cli.Events;

/// <summary>A line of an export. Rows are in the order of time and, of one moment, of numbers.</summary>
/// <param name="Row">what this program knows of it</param>
/// <param name="All">all that it says</param>
internal sealed record ExportedRow(AuditRow Row, JsonObject All) : IComparable<ExportedRow>
{
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonException">it is no row</exception>
    public static ExportedRow Read(string line) => JsonNode.Parse(line, documentOptions: Once) is JsonObject all && all.Deserialize<AuditRow>(Fields.Json) is { } row
        ? new(row, all)
        : throw new JsonException("It is no object.");

    public int CompareTo(ExportedRow? other) =>
        other is null ? 1 : (Row.At, Row.Number).CompareTo((other.Row.At, other.Row.Number));

    /// <summary>
    /// A row that was exported before it was linked is the same once it is. What this program does not know may have
    /// come with a later release of the service, and never goes.
    /// </summary>
    public bool IsSameAs(ExportedRow told) =>
        (Row.Chain is null || Row.Chain == told.Row.Chain)
        && Row with { Chain = null, Cursor = null } == told.Row with { Chain = null, Cursor = null }
        && All.All(field => field.Key is "chain" or "cursor"
            || (told.All.TryGetPropertyValue(field.Key, out var value) && JsonNode.DeepEquals(field.Value, value)));
}
