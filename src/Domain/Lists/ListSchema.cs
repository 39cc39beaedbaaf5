namespace TokenActors.Domain.Lists;

/// <summary>How values of a field compare.</summary>
public enum ListFieldKind
{
    /// <summary>Bytewise; <c>like</c> without regard to (ASCII) case.</summary>
    Text,

    /// <summary>As instants; given as RFC 3339.</summary>
    Time,
}

/// <summary>A field that a list can be ordered and filtered by.</summary>
/// <param name="Name">the wire's name</param>
/// <param name="Kind">how its values compare</param>
/// <param name="Column">the catalog column, or null where it stands in the JSON state</param>
/// <param name="JsonName">the property of the JSON state, where there is no column; dots lead inside</param>
public sealed record ListField(string Name, ListFieldKind Kind, string? Column = null, string? JsonName = null);

/// <summary>The fields of one list and the key that <c>start_after</c> names.</summary>
public sealed record ListSchema(string KeyField, IReadOnlyList<ListField> Fields)
{
    public ListField Key => Fields.First(candidate => candidate.Name == KeyField);

    public ListField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);
}
