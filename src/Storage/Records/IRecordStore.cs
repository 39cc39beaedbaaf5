using TokenActors.Domain.Lists;

namespace TokenActors.Storage.Records;

/// <summary>Whose rows a list or a look-up may see.</summary>
/// <param name="Kind">the kind of row</param>
/// <param name="OrganizationId">never left out: no data crosses organizations</param>
/// <param name="MemberId">only rows of this member; in a facade's listing also those of none</param>
/// <param name="Listing">the live rows without a name key whose <c>owner_id</c> is this, instead of the named ones</param>
/// <param name="OwnerId">only rows that hang on this</param>
public sealed record RecordScope(string Kind, string OrganizationId, string? MemberId = null, string? Listing = null, string? OwnerId = null);

/// <summary>
/// The one store of state, catalog, reminders and audit. All members throw <see cref="StorageUnavailableException"/> where the database
/// cannot be asked. An interface because tests put faults between a grain and its database.
/// </summary>
public interface IRecordStore
{
    Task<StoredRecord?> Read(RecordKey key);

    /// <summary>Writes with the next group; completes when the row is durable, or not written.</summary>
    Task<CommitOutcome> Commit(Commit commit);

    /// <summary>
    /// Writes several rows in one transaction: all of them, or none. <see cref="CommitOutcome.Done"/> where they are written, now or earlier by the same
    /// command; else the outcome of the first that cannot be.
    /// </summary>
    Task<CommitOutcome> CommitAll(IReadOnlyList<Commit> commits);

    /// <summary>Adds audit rows that belong to no change.</summary>
    Task Append(AuditEntry entry);

    /// <summary>Queues last use; <paramref name="soon"/> sends it with the next group instead of within a minute. Never waits.</summary>
    void NoteUsage(UsageUpdate update, bool soon);

    /// <summary>A page of the named, live rows; null where <c>start_after</c> names no row and the order is by another field.</summary>
    Task<IReadOnlyList<StoredRecord>?> List(RecordScope scope, ListQuery query);

    Task<StoredRecord?> FindByName(RecordScope scope, string name);

    /// <summary>A page of a facade's listing by number, and how many rows there are in all.</summary>
    Task<(IReadOnlyList<StoredRecord> Rows, long Total)> ListFacade(RecordScope scope, ListQuery query, long offset);

    /// <summary>How many live rows a scope has, of those that pass the filters.</summary>
    Task<long> Count(RecordScope scope, IReadOnlyList<ListFilter>? filters = null);

    /// <summary>Live rows directly below a parent.</summary>
    Task<IReadOnlyList<StoredRecord>> Children(string kind, string parentId, int limit);

    /// <summary>Live rows of a kind that hang on something else than their organization.</summary>
    Task<IReadOnlyList<StoredRecord>> Owned(string kind, string ownerId, int limit);

    /// <summary>Live rows of a kind in an organization, a member's only where one is given.</summary>
    Task<IReadOnlyList<StoredRecord>> Live(string kind, string organizationId, string? memberId, int limit);

    /// <summary>Several rows at once, in no order; those that are missing are left out.</summary>
    Task<IReadOnlyList<StoredRecord>> ReadMany(string kind, IReadOnlyCollection<string> ids);

    /// <summary>Rows of an organization in one status, of every kind.</summary>
    Task<IReadOnlyList<StoredRecord>> WithStatus(string organizationId, string status);

    /// <summary>All rows of a kind in an organization that are not deleted.</summary>
    Task<IReadOnlyList<StoredRecord>> OfKind(string kind, string organizationId);

    /// <summary>All rows of a kind in the whole service.</summary>
    Task<IReadOnlyList<StoredRecord>> AllOfKind(string kind);

    /// <summary>Every reminder due at <paramref name="until"/> or earlier: no lower bound, no limit.</summary>
    Task<IReadOnlyList<DueRecord>> Due(DateTimeOffset until);

    Task<DueRecord?> DueOf(RecordKey key);

    /// <summary>
    /// Gives a reminder a new tag, which never repeats. A due time that stands in the row is kept: it was committed with the state, and
    /// what a scheduler made of it is not as exact. <paramref name="dueAt"/> is for a row that has none.
    /// </summary>
    Task<string> RenewDue(RecordKey key, DateTimeOffset dueAt);

    /// <summary>Moves the due time of a row that still has this version, after a tick that came too early.</summary>
    Task MoveDue(RecordKey key, long version, DateTimeOffset dueAt);

    /// <summary>True only if the tag is the one stored.</summary>
    Task<bool> ClearDue(RecordKey key, string tag);

    /// <summary>
    /// A page of an organization's audited calls by time. Calls of one instant are never torn apart, so that the next page can begin after a
    /// time; a page may hold a few more than <paramref name="limit"/> for it.
    /// </summary>
    Task<IReadOnlyList<AuditEntry>> AuditCalls(string organizationId, IReadOnlyList<ListFilter> filters, int limit, bool descending);

    /// <summary>The audit rows of one subject, oldest first. No index has them: the whole trail is read.</summary>
    Task<IReadOnlyList<AuditEntry>> AuditOf(string subjectId);
}
