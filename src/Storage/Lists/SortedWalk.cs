using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Lists;

/// <summary>A walk over a table beside the tokens that has one of their fields sorted.</summary>
/// <param name="Table">which</param>
/// <param name="Entered">the last row of the trail that the table knows of</param>
/// <param name="Label">the label whose tokens are walked, in the table of labels</param>
internal sealed record SortedWalk(SortedBeside Table, long Entered, string? Label = null)
{
    private const string Expired = "expired";
    private const string Active = "active";

    /// <summary>Whether a filter says of a token when it ends.</summary>
    public static bool BoundsEnds(ListFilter filter) => OperatorOnEnds(filter) is not null;

    /// <summary>The entries that are walked: <c>walked_id</c>, and <c>ends_at</c> where they have one.</summary>
    public string Rows(string organizationId, ListQuery query, ListParameters parameters, DateTimeOffset now)
    {
        var of = $"service_id = @service AND organization_id = {parameters.Add(organizationId)}";
        return Table == SortedBeside.Labels
            ? $"SELECT token_id AS walked_id FROM token_labels WHERE {of} AND label = {parameters.Add(Label ?? "")}"
            : $"SELECT token_id AS walked_id, ends_at FROM token_ends WHERE {of}"
                + string.Concat(query.Filters.Where(BoundsEnds).Select(
                    filter => $" AND ends_at {OperatorOnEnds(filter)} {parameters.Add(EndOf(filter, now))}"));
    }

    private static string? OperatorOnEnds(ListFilter filter) => filter switch
    {
        { Field.Kind: ListFieldKind.Phase, Operator: ListOperator.Eq, Values: [var word] } => OperatorOnPhase(word),
        { Field.Sorted: not SortedBeside.Ends } => null,
        { Operator: ListOperator.Eq } => "=",
        { Operator: ListOperator.Gt } => ">",
        { Operator: ListOperator.Gte } => ">=",
        { Operator: ListOperator.Lt } => "<",
        { Operator: ListOperator.Lte } => "<=",
        _ => null,
    };

    private static string? OperatorOnPhase(string phase)
    {
        if (Is(phase, Expired))
        {
            return "<=";
        }

        return Is(phase, Active) ? ">" : null;
    }

    private static object EndOf(ListFilter filter, DateTimeOffset now) => filter.Field.Kind == ListFieldKind.Phase
        ? Times.Micros(now)
        : FieldSql.ValueOf(filter.Field, filter.Values[0]);

    private static bool Is(string word, string other) => string.Equals(word, other, StringComparison.OrdinalIgnoreCase);
}
