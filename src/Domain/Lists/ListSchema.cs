namespace TokenActors.Domain.Lists;

/// <summary>How values of a field compare.</summary>
public enum ListFieldKind
{
    /// <summary>Bytewise; <c>like</c> without regard to (ASCII) case.</summary>
    Text,

    /// <summary>Without regard to the case of ASCII letters, for names that are kept as they were given.</summary>
    Folded,

    /// <summary>An id: a UUID in whatever case it is given (RFC 9562 4), anything else bytewise.</summary>
    Id,

    /// <summary>A name: without regard to case, see <see cref="NameKey"/>.</summary>
    Name,

    /// <summary>One of a few words, which are stored in another spelling: without regard to case and
    /// underscores.</summary>
    Word,

    /// <summary>As instants, which a column holds as numbers; given as RFC 3339.</summary>
    Time,

    /// <summary>
    /// As instants, which the JSON state holds in UTC, a form whose bytewise order is that of time; given as RFC 3339.
    /// </summary>
    Stamp,

    /// <summary>One of two words, by a truth value of the JSON state.</summary>
    Flag,

    /// <summary>
    /// <c>disabled</c>, <c>expired</c> or <c>active</c> at the time of the query: by a truth value of the JSON state
    /// and by a column that holds the end.
    /// </summary>
    Phase,

    /// <summary>Several texts: a condition holds where it holds for one of them, a negated one where for
    /// none.</summary>
    Texts,

    /// <summary>The same of names.</summary>
    Names,
}

/// <summary>Tables beside the tokens that have one of their fields sorted; they follow the trail (decision
/// 53).</summary>
public enum SortedBeside
{
    /// <summary>When each token ends.</summary>
    Ends,

    /// <summary>The labels of each token that has some.</summary>
    Labels,
}

/// <summary>A field that a list can be ordered and filtered by.</summary>
/// <param name="Name">the wire's name</param>
/// <param name="Kind">how its values compare</param>
/// <param name="Column">the catalog column, or null where it stands in the JSON state</param>
/// <param name="JsonName">the property of the JSON state, where there is no column; dots lead inside</param>
public sealed record ListField(string Name, ListFieldKind Kind, string? Column = null, string? JsonName = null)
{
    /// <summary>The words of a flag that is set and of one that is not, in lower case.</summary>
    public (string Set, string Unset) Words { get; init; } = ("true", "false");

    /// <summary>The property of the JSON state that is set where an item is disabled, for a phase.</summary>
    public string? DisabledName { get; init; }

    /// <summary>
    /// Which of the times at the beginning of a row's hot part it is, from 0 on, for a time that the JSON state holds
    /// in rows without one.
    /// </summary>
    public int? HotTime { get; init; }

    /// <summary>Stored words, and what the wire calls them; others it calls as they are stored.</summary>
    public IReadOnlyList<(string Stored, string Wire)> Renames { get; init; } = [];

    /// <summary>
    /// All values that there are, where a slip would be a filter that none passes, or all. Compared with in whatever
    /// case.
    /// </summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Every id of it is a UUID: what is none is a slip, as a name or a variable that is not set.</summary>
    public bool IsUuid { get; init; }

    /// <summary>An item may have none of the choices, no id, or no such time. By an empty value the first two are
    /// found.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>The order of its text is none of what it means.</summary>
    public bool IsUnordered { get; init; }

    /// <summary>What a column without a value stands for.</summary>
    public string? Absent { get; init; }

    /// <summary>Its texts are kept with letters and accents in one character (NFC), but for those of before they
    /// were.</summary>
    public bool IsComposed { get; init; }

    /// <summary>An item that names itself here names none.</summary>
    public bool NamesOthers { get; init; }

    /// <summary>The column is that of the uses of tokens, which have a row for each token.</summary>
    public bool IsOfUses { get; init; }

    /// <summary>The table beside the items that has the field's values in their order; null: none has.</summary>
    public SortedBeside? Sorted { get; init; }

    /// <summary>An index of the items has the column with their ids behind it.</summary>
    public bool IsIndexed { get; init; }

    /// <summary>A list by this field has items of one value in its direction, as their index has them.</summary>
    public bool TakesIdsAlong => IsOfUses || IsIndexed || Sorted == SortedBeside.Ends;

    /// <summary>An item may lack the time: neither <c>lt</c> nor <c>lte</c> finds it then.</summary>
    public bool MayLackTime => IsTime && (MayBeAbsent || HotTime is not null);

    /// <summary>Values are times.</summary>
    public bool IsTime => Kind is ListFieldKind.Time or ListFieldKind.Stamp;

    /// <summary>An item has several values.</summary>
    public bool IsMany => Kind is ListFieldKind.Texts or ListFieldKind.Names;

    /// <summary>Whether the field can be compared so.</summary>
    public bool Takes(ListOperator op) => op switch
    {
        ListOperator.Eq or ListOperator.Neq or ListOperator.In or ListOperator.NotIn => true,
        _ when Choices.Count > 0 => false,
        ListOperator.Like or ListOperator.NotLike => !IsTime && !IsOneOfWords,
        _ => !IsMany && !IsOneOfWords && !IsUnordered,
    };

    private bool IsOneOfWords => Kind is ListFieldKind.Flag or ListFieldKind.Phase;
}

/// <summary>The fields of one list and the key that <c>start_after</c> names.</summary>
public sealed record ListSchema(string KeyField, IReadOnlyList<ListField> Fields)
{
    /// <summary>Several items of the list may have one key, unless it is a list of what hangs on one owner.</summary>
    public bool SharesKeys { get; init; }

    public ListField Key => Fields.First(candidate => candidate.Name == KeyField);

    public ListField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);
}
