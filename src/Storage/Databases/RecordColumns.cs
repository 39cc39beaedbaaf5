using System.Data.Common;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Databases.Times;

namespace TokenActors.Storage.Databases;

/// <summary>
/// The columns of table <c>records</c> that a commit writes, each spelled here and in the schema only: statements get
/// lists of them from <see cref="SqlText"/>. Every row has <c>service_id</c> and <c>due_tag</c> besides.
/// </summary>
internal static class RecordColumns
{
    /// <summary>Which row.</summary>
    private static readonly Column<StoredRecord>[] Key = [Text("kind", r => r.Key.Kind, TextWidth.Kind), Text("id", r => r.Key.Id)];

    /// <summary>Written with the first version and never again.</summary>
    private static readonly Column<StoredRecord>[] Once =
    [
        Text("organization_id", r => r.OrganizationId),
        Text("owner_id", r => r.OwnerId),
        Text("parent_id", r => r.ParentId),
        Text("member_id", r => r.MemberId),
        Text("name_scope", r => r.NameScope),
        Text("belongs_to", r => r.BelongsTo, TextWidth.Word),
        Number("created_at", r => Micros(r.CreatedAt)),
    ];

    /// <summary>Written with every version, and in no index.</summary>
    private static readonly Column<StoredRecord>[] Unindexed =
    [
        Number("version", r => r.Version),
        Text("command_id", r => r.CommandId),
        Text("name", r => r.Name, TextWidth.Name),
        Number("updated_at", r => Micros(r.UpdatedAt)),
        Number("expires_at", r => Micros(r.ExpiresAt)),
        Number("presented_at", r => Micros(r.PresentedAt)),
        Number("last_used_at", r => Micros(r.LastUsedAt)),
        new BytesColumn<StoredRecord>("sealed", r => r.Sealed),
        new BytesColumn<StoredRecord>("hot", r => r.Hot),
    ];

    /// <summary>
    /// Written where it changes; null leaves it as it is stored (<see cref="StoredRecord.Kept"/>).
    /// </summary>
    private static readonly Column<StoredRecord>[] State =
    [
        Text("state", r => r.State is { Length: > 0 } given ? given : null, TextWidth.Unlimited),
    ];

    /// <summary>Written with every version; where one of them changes, so does an index.</summary>
    private static readonly Column<StoredRecord>[] Indexed =
    [
        Text("name_key", r => r.NameKey, TextWidth.NameKey), Text("status", r => r.Status, TextWidth.Word),
        Number("due_at", r => Micros(r.DueAt)),
    ];

    /// <summary>What a new row is made of.</summary>
    public static readonly IReadOnlyList<Column<StoredRecord>> OfInsert = [.. Key, .. Once, .. Unindexed, .. State, .. Indexed];

    /// <summary>What a further version of a row may change.</summary>
    public static readonly IReadOnlyList<Column<StoredRecord>> OfUpdate = [.. Unindexed, .. State, .. Indexed];

    /// <summary>The names of <see cref="OfInsert"/>, in the order in which <see cref="Read"/> reads them.</summary>
    public static readonly string All = string.Join(", ", Names(OfInsert));

    /// <summary>Lists of columns by the names that statements have for them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Lists = new Dictionary<string, string[]>
    {
        ["columns"] = Names(OfInsert),
        ["changing"] = [.. Names(Unindexed), .. Names(Indexed)],
        ["unindexed"] = Names(Unindexed),
    };

    public static StoredRecord Read(DbDataReader row)
    {
        var next = new ColumnReader(row);
        return new StoredRecord
        {
            Key = new RecordKey(next.Text(), next.Text()),
            OrganizationId = next.Text(),
            OwnerId = next.TextOrNull(),
            ParentId = next.TextOrNull(),
            MemberId = next.TextOrNull(),
            NameScope = next.Text(),
            BelongsTo = next.TextOrNull(),
            CreatedAt = next.Time(),
            Version = next.Number(),
            CommandId = next.Text(),
            Name = next.Text(),
            UpdatedAt = next.Time(),
            ExpiresAt = next.TimeOrNull(),
            PresentedAt = next.TimeOrNull(),
            LastUsedAt = next.TimeOrNull(),
            Sealed = next.BytesOrNull(),
            Hot = next.BytesOrNull(),
            State = next.Text(),
            NameKey = next.TextOrNull(),
            Status = next.Text(),
            DueAt = next.TimeOrNull(),
        };
    }

    public static DueRecord ReadDue(DbDataReader row)
    {
        var next = new ColumnReader(row);
        return new(new RecordKey(next.Text(), next.Text()), next.Time(), next.Text());
    }

    private static TextColumn<StoredRecord> Text(
        string name, Func<StoredRecord, string?> value, int width = TextWidth.Id) => new(name, value, width);

    private static NumberColumn<StoredRecord> Number(string name, Func<StoredRecord, long?> value) => new(name, value);

    private static string[] Names(IEnumerable<Column<StoredRecord>> columns) =>
        [.. columns.Select(column => column.Name)];
}
