using TokenActors.Domain.Lists;

namespace TokenActors.Storage.Records;

/// <summary>The rows that a list or a look-up may return.</summary>
/// <param name="Kind">the kind of row</param>
/// <param name="OrganizationId">never left out: no data crosses organizations</param>
/// <param name="MemberId">only rows of this member; in a facade's listing also rows without a member</param>
/// <param name="Listing">the listing of a facade: live rows without a name key whose <c>owner_id</c> is this; null for
/// named rows</param>
/// <param name="OwnerId">only rows that belong to this resource</param>
/// <param name="UnnamedToo">live rows without a name key, too</param>
/// <param name="Below">only what was made with this row, or with what was made with it, and so on</param>
public sealed record RecordScope(
    string Kind, string OrganizationId, string? MemberId = null, string? Listing = null, string? OwnerId = null,
    bool UnnamedToo = false, string? Below = null);

/// <summary>A row of a list, and the place at which the list goes on after it.</summary>
public sealed record PlacedRecord(StoredRecord Record, ListPlace Place);

/// <summary>
/// The store of state, catalog, reminders and audit. Every member throws <see cref="StorageUnavailableException"/>
/// where the database does not answer. It is an interface so that tests can inject faults between a grain and its
/// database.
/// </summary>
public interface IRecordStore
{
    /// <summary>
    /// False from a fault of the database until it could be written again: this silo is not ready meanwhile.
    /// </summary>
    bool IsWritable => true;

    Task<StoredRecord?> Read(RecordKey key);

    /// <summary>
    /// Writes with the next group; completes when the row is durable, or when it is known not to be written.
    /// </summary>
    Task<CommitOutcome> Commit(Commit commit);

    /// <summary>
    /// Writes several rows in one transaction, all of them or none. Returns <see cref="CommitOutcome.Done"/> where this
    /// call or an earlier one of the same command wrote them; else the outcome of the first row that could not be
    /// written.
    /// </summary>
    Task<CommitOutcome> CommitAll(IReadOnlyList<Commit> commits);

    /// <summary>
    /// What <see cref="CommitAll"/> would come to now, by the same questions and without a write. It may come to
    /// something else a moment later.
    /// </summary>
    Task<CommitOutcome> Foresee(IReadOnlyList<Commit> commits);

    /// <summary>Writes an audit row that belongs to no commit, such as that of a refusal.</summary>
    Task Append(AuditEntry entry);

    /// <summary>
    /// Queues a time of last use, and returns at once; <paramref name="soon"/> writes it with the next group instead of
    /// within a minute.
    /// </summary>
    void NoteUsage(UsageUpdate update, bool soon);

    /// <summary>
    /// A page of the named, live rows; null where <c>start_after</c> says no place to go on at. Rows that share the key
    /// of the last one are on the same page, so that the next can begin after the key; a page may therefore hold more
    /// than its limit.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>?> List(RecordScope scope, ListQuery query);

    /// <summary>
    /// A page that begins after a place, whatever has become of the row that was there; its <c>start_after</c> is not
    /// asked.
    /// </summary>
    /// <param name="scope">the rows</param>
    /// <param name="query">filters, orders and limit</param>
    /// <param name="after">null for the first page</param>
    /// <param name="now">by which it is decided what has expired</param>
    Task<IReadOnlyList<PlacedRecord>> ListAfter(
        RecordScope scope, ListQuery query, ListPlace? after, DateTimeOffset now);

    /// <summary>
    /// The live row of a name, in any letter case; null where there is none, and where several scopes have one.
    /// </summary>
    Task<StoredRecord?> FindByName(RecordScope scope, string name);

    /// <summary>A page of a facade's listing from an offset, and the number of rows in the listing.</summary>
    Task<(IReadOnlyList<StoredRecord> Rows, long Total)> ListFacade(RecordScope scope, ListQuery query, long offset);

    /// <summary>The number of live rows in a scope that pass the filters.</summary>
    Task<long> Count(RecordScope scope, IReadOnlyList<ListFilter>? filters = null);

    /// <summary>
    /// Live rows directly below any of several parents, at most <paramref name="limit"/>; with
    /// <paramref name="unfinishedToo"/> also tombstones whose own cascade is not finished. Those that belong to
    /// something else come only with <paramref name="stayingToo"/>.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>> Children(
        string kind, IReadOnlyCollection<string> parentIds, int limit, bool unfinishedToo = false, bool stayingToo = false);

    /// <summary>
    /// Tombstones of a kind in an organization whose own cascade is not finished, of one owner or member where that is
    /// given.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>> Unfinished(
        string kind, string organizationId, string? ownerId, string? memberId, int limit);

    /// <summary>
    /// Live rows of a kind that belong to a resource of their organization, such as the tokens of an account.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>> Owned(string kind, string ownerId, int limit);

    /// <summary>Live rows of a kind in an organization; with <paramref name="memberId"/>, that member's only.</summary>
    Task<IReadOnlyList<StoredRecord>> Live(string kind, string organizationId, string? memberId, int limit);

    /// <summary>Reads several rows, in no particular order; missing ones are left out.</summary>
    Task<IReadOnlyList<StoredRecord>> ReadMany(string kind, IReadOnlyCollection<string> ids);

    /// <summary>Rows of an organization whose deletion is not finished, of every kind.</summary>
    Task<IReadOnlyList<StoredRecord>> BeingDeleted(string organizationId);

    /// <summary>All rows of a kind in an organization that are not deleted.</summary>
    Task<IReadOnlyList<StoredRecord>> OfKind(string kind, string organizationId);

    /// <summary>All rows of a kind in the whole service.</summary>
    Task<IReadOnlyList<StoredRecord>> AllOfKind(string kind);

    /// <summary>Every reminder due at <paramref name="until"/> or earlier: no lower bound, no limit.</summary>
    Task<IReadOnlyList<DueRecord>> Due(DateTimeOffset until);

    Task<DueRecord?> DueOf(RecordKey key);

    /// <summary>
    /// Gives a row's reminder a new, unique tag. A due time that is stored is kept: it was committed with the state and
    /// is more exact than the scheduler's. <paramref name="dueAt"/> is stored where the row has none.
    /// </summary>
    Task<string> RenewDue(RecordKey key, DateTimeOffset dueAt);

    /// <summary>Moves the due time of a row that is still at this version, after a tick that came too early.</summary>
    Task MoveDue(RecordKey key, long version, DateTimeOffset dueAt);

    /// <summary>Removes the reminder of a row; false where the stored tag is another one.</summary>
    Task<bool> ClearDue(RecordKey key, string tag);

    /// <summary>
    /// A page of an organization's audited calls by time. Calls of the same microsecond are on the same page, so that a
    /// page can begin after a time; a page may therefore hold a few more than <paramref name="limit"/>.
    /// </summary>
    Task<IReadOnlyList<AuditEntry>> AuditCalls(
        string organizationId, IReadOnlyList<ListFilter> filters, int limit, bool descending);

    /// <summary>
    /// The audit rows of one subject, oldest first. No index serves this: it scans the service's trail.
    /// </summary>
    Task<IReadOnlyList<AuditEntry>> AuditOf(string subjectId);
}
