using TokenActors.Domain.Lists;
using TokenActors.Domain.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>What every kind of row has in common, and the commits that are made of it.</summary>
internal static class RowWriter
{
    /// <summary>The status of a row whose state is <paramref name="state"/>.</summary>
    public static string StatusOf(ITombstone state) => state switch
    {
        { DeletedAt: null } => StoredRecord.Live,
        { CascadePending: true } => StoredRecord.Deleting,
        _ => StoredRecord.Deleted,
    };

    /// <summary>A name under which a row is found and which no other may have. A delete frees it.</summary>
    public static string? NameKeyOf(ITombstone state, string name) =>
        state.DeletedAt is null ? NameKey.Of(name) : null;

    /// <summary>A new row, which needs its parents alive.</summary>
    public static Commit Create(StoredRecord row, AuditEntry audit, IReadOnlyList<RecordKey> parents) =>
        new(row, ExpectedVersion: 0, [audit]) { LiveParents = parents };

    /// <summary>
    /// The next version of a row. <paramref name="nameKeyBefore"/> tells whether it takes another name.
    /// </summary>
    public static Commit Update(StoredRecord row, string? nameKeyBefore, AuditEntry audit) =>
        new(row, row.Version - 1, [audit]) { Renames = row.NameKey is not null && row.NameKey != nameKeyBefore };

    /// <summary>The end of a row; <paramref name="row"/> is the version that its audit entry names.</summary>
    public static Commit Purge(StoredRecord row, params AuditEntry[] audit) =>
        new(row, row.Version - 1, audit) { Purges = true };
}
