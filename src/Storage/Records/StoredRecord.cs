namespace TokenActors.Storage.Records;

/// <summary>Which row: the kind of grain (<c>token</c>, <c>organization</c>, ...) and its id.</summary>
public readonly record struct RecordKey(string Kind, string Id) : IComparable<RecordKey>
{
    public int CompareTo(RecordKey other)
    {
        var byKind = string.CompareOrdinal(Kind, other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Id, other.Id);
    }
}

/// <summary>
/// One row per grain: the state as JSON, and the columns that lists and reminders need, written together.
/// </summary>
public sealed record StoredRecord
{
    /// <summary>Status of a tombstone whose descendants may not all be deleted yet.</summary>
    public const string Deleting = "deleting";

    /// <summary>Status of a tombstone.</summary>
    public const string Deleted = "deleted";

    public const string Live = "live";

    /// <summary>The state of a further version that leaves the stored one as it is.</summary>
    public const string Kept = "";

    private const string HotMark = "pepper=";

    /// <summary>
    /// The digits of each time with which <see cref="Hot"/> begins behind its first byte: ticks since 1970, so that
    /// every database can order by them; 0 for none.
    /// </summary>
    public const int HotTimeDigits = 19;

    /// <summary>What stands in <see cref="Hot"/> where it holds something under a pepper, in UTF-8.</summary>
    public static string HotMarkOf(string pepperId) => $"{HotMark}{pepperId};";

    /// <summary>The pepper that a mark is about.</summary>
    public static string PepperOfHotMark(string mark) => mark[HotMark.Length..^1];

    /// <summary>The first byte of a time, counted from 1 as databases count.</summary>
    public static int PlaceOfHotTime(int index) => 2 + (index * HotTimeDigits);

    public required RecordKey Key { get; init; }

    /// <summary>1 for a new row; each commit writes the next.</summary>
    public required long Version { get; init; }

    /// <summary>The command that wrote this version.</summary>
    public required string CommandId { get; init; }

    /// <summary>The state as JSON; <see cref="Kept"/> in a commit that leaves it as it is stored.</summary>
    public required string State { get; init; }

    /// <summary>
    /// What most changes of the row change, where it is stored apart from <see cref="State"/>; null where all is there.
    /// </summary>
    public byte[]? Hot { get; init; }

    public required string OrganizationId { get; init; }

    public string? OwnerId { get; init; }

    public string? ParentId { get; init; }

    public string? MemberId { get; init; }

    /// <summary>
    /// What the row belongs to, where that is not its parent: it does not go with the parent then. Null for the parent.
    /// </summary>
    public string? BelongsTo { get; init; }

    public required string Name { get; init; }

    /// <summary>
    /// The name in lower case, unique in (organization, kind, scope); null where the row has no unique name and is in
    /// no list of names.
    /// </summary>
    public string? NameKey { get; init; }

    /// <summary>
    /// What the name is unique in: an account, an owner or a parent organization; empty for the organization as a
    /// whole. It is set with the first version and stays.
    /// </summary>
    public string NameScope { get; init; } = "";

    public string Status { get; init; } = Live;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the grain's reminder is due.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When a secret of the current primary was first presented.</summary>
    public DateTimeOffset? PresentedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>A sealed answer. It is not part of the state, so that it can be erased without a new version.</summary>
    public byte[]? Sealed { get; init; }
}

/// <summary>One atomic write: a row at a version, and its audit rows.</summary>
/// <param name="Record">the row after the write</param>
/// <param name="ExpectedVersion">the version that must be there; 0 creates</param>
/// <param name="Audit">rows written only if the row is</param>
public sealed record Commit(StoredRecord Record, long ExpectedVersion, IReadOnlyList<AuditEntry> Audit)
{
    /// <summary>
    /// Rows that must exist and not be deleted for a create to succeed, checked in the same transaction.
    /// </summary>
    public IReadOnlyList<RecordKey> LiveParents { get; init; } = [];

    /// <summary>The name key changes, so that the new one may be taken.</summary>
    public bool Renames { get; init; }

    /// <summary>Deletes the row instead of updating it.</summary>
    public bool Purges { get; init; }

    /// <summary>
    /// All that the index of imported keys is to have of the token, in place of what it has; null leaves it alone.
    /// </summary>
    public IReadOnlyList<ImportedKey>? ImportedKeys { get; init; }

    /// <summary>Its entries have the payloads that they are to have.</summary>
    public bool IsTold { get; init; }
}

/// <summary>
/// The outcome of one commit. A fault of the database is <see cref="StorageUnavailableException"/> instead.
/// </summary>
public enum CommitOutcome
{
    /// <summary>Written, by this attempt or by an earlier one of the same command.</summary>
    Done,

    /// <summary>The row is at another version, or a new row's id is taken.</summary>
    Conflict,

    /// <summary>Another live row has the name in the same scope.</summary>
    NameTaken,

    /// <summary>A row that a create depends on is missing or deleted.</summary>
    ParentGone,

    /// <summary>Another token has the imported key.</summary>
    KeyTaken,
}

/// <summary>A time of last use, which is written without a new version.</summary>
/// <param name="Key">the row</param>
/// <param name="Version">the version that <paramref name="FirstPresentedAt"/> and <paramref name="EraseSealed"/> are
/// about</param>
/// <param name="LastUsedAt">stored only where it is later than the stored one</param>
/// <param name="FirstPresentedAt">stored only where none is stored yet</param>
/// <param name="EraseSealed">erases the sealed answer, which must not be given out any more</param>
public sealed record UsageUpdate(
    RecordKey Key, long Version, DateTimeOffset LastUsedAt, DateTimeOffset? FirstPresentedAt, bool EraseSealed);

/// <summary>The reminder of a row.</summary>
public sealed record DueRecord(RecordKey Key, DateTimeOffset DueAt, string Tag);

/// <summary>The database could not be reached or did not answer. The outcome of a commit is unknown.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
