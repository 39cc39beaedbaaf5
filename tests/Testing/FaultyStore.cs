using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Testing;

/// <summary>What is to happen to the next commit of a row.</summary>
public enum Fault
{
    /// <summary>Nothing reaches the database.</summary>
    Lost,

    /// <summary>The row is written, but the answer is lost.</summary>
    AnswerLost,

    /// <summary>Another activation was faster: the row is at another version.</summary>
    Overtaken,
}

/// <summary>The real store with faults between it and the grains.</summary>
public sealed class FaultyStore(IRecordStore inner) : IRecordStore
{
    private const string Mark = "fault";

    private static readonly string[] Housekeeping = [".expired", ".expiring", ".purged"];

    private readonly ConcurrentQueue<Fault> _faults = [];
    private readonly ConcurrentQueue<RecordKey> _renewals = [];
    private int _commits;
    private int _held;
    private long _rowsRead;

    /// <summary>
    /// A fault meets only what its own test calls, without a connection between: it travels with calls, which reminders
    /// and what other tests left to do are not. None may be left when the next is asked for.
    /// </summary>
    public bool MeetsOwnCalls { get; init; }

    public bool IsWritable => inner.IsWritable;

    /// <summary>Commits that reached this store.</summary>
    public int Commits => _commits;

    /// <summary>Due times that were given another tag.</summary>
    public int Renewals(TokenId id) => _renewals.Count(key => key.Id == id.ToString());

    /// <summary>Rows that lists and reads of several rows gave.</summary>
    public long RowsRead => Interlocked.Read(ref _rowsRead);

    public bool ReadsFail { get; set; }

    /// <summary>What reads of single rows, pages and counts wait for before they reach the database.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Reads that found the gate closed.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Runs between a commit that is <see cref="Fault.Overtaken"/> and its write.</summary>
    public Func<Commit, Task>? Overtake { get; set; }

    /// <summary>Commits that never reach the database.</summary>
    public Func<Commit, bool>? Loses { get; set; }

    /// <summary>Runs before rows are counted.</summary>
    public Action<RecordScope>? OnCount { get; set; }

    /// <summary>What is left of <see cref="Next"/> would meet another test.</summary>
    public void Clear() => _faults.Clear();

    public void Next(params Fault[] faults)
    {
        if (MeetsOwnCalls)
        {
            Assert.Empty(_faults);
            RequestContext.Set(Mark, true);
        }

        foreach (var fault in faults)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <summary>Runs between a read of a single row and its answer.</summary>
    public Func<RecordKey, Task>? AfterRead { get; set; }

    public async Task<StoredRecord?> Read(RecordKey key)
    {
        var row = ReadsFail ? throw Unavailable() : await Pass(() => inner.Read(key));
        if (AfterRead is { } hold)
        {
            await hold(key);
        }

        return row;
    }

    public Task<CommitOutcome> Commit(Commit commit) => Write(commit, () => inner.Commit(commit));

    public Task<CommitOutcome> CommitAll(IReadOnlyList<Commit> commits) =>
        Write(commits[0], () => inner.CommitAll(commits));

    private async Task<T> Pass<T>(Func<Task<T>> read)
    {
        if (!Gate.IsCompleted)
        {
            Interlocked.Increment(ref _held);
            await Gate;
        }

        return await read();
    }

    private static bool IsHousekeeping(Commit commit) => commit.Record.Key.Kind == "operation"
        || commit.Audit.Any(entry => Housekeeping.Any(end => entry.Event.EndsWith(end, StringComparison.Ordinal)));

    private async Task<CommitOutcome> Write(Commit commit, Func<Task<CommitOutcome>> write)
    {
        Interlocked.Increment(ref _commits);
        if (Loses?.Invoke(commit) == true)
        {
            throw Unavailable();
        }

        if ((MeetsOwnCalls && RequestContext.Get(Mark) is null) || IsHousekeeping(commit) || !_faults.TryDequeue(out var fault))
        {
            return await write();
        }

        switch (fault)
        {
            case Fault.AnswerLost:
                await write();
                throw Unavailable();
            case Fault.Overtaken:
                await Overtake!(commit);
                return await write();
            default:
                throw Unavailable();
        }
    }

    private async Task<T> Counted<T>(Task<T> read)
        where T : IReadOnlyCollection<StoredRecord>?
    {
        var rows = await read;
        Interlocked.Add(ref _rowsRead, rows?.Count ?? 0);
        return rows;
    }

    public Task<CommitOutcome> Foresee(IReadOnlyList<Commit> commits) => Pass(() => inner.Foresee(commits));

    public Task Append(AuditEntry entry) => inner.Append(entry);

    public void NoteUsage(UsageUpdate update, bool soon) => inner.NoteUsage(update, soon);

    public Task<IReadOnlyList<StoredRecord>?> List(RecordScope scope, ListQuery query) =>
        Pass(() => Counted(inner.List(scope, query)));

    public Task<IReadOnlyList<PlacedRecord>> ListAfter(RecordScope scope, ListQuery query, ListPlace? after, DateTimeOffset now) =>
        inner.ListAfter(scope, query, after, now);

    public Task<StoredRecord?> FindByName(RecordScope scope, string name) => inner.FindByName(scope, name);

    public Task<(IReadOnlyList<StoredRecord> Rows, long Total)> ListFacade(RecordScope scope, ListQuery query, long offset) =>
        inner.ListFacade(scope, query, offset);

    public Task<long> Count(RecordScope scope, IReadOnlyList<ListFilter>? filters = null)
    {
        OnCount?.Invoke(scope);
        return Pass(() => inner.Count(scope, filters));
    }

    public Task<IReadOnlyList<StoredRecord>> Owned(string kind, string ownerId, int limit) =>
        inner.Owned(kind, ownerId, limit);

    public Task<IReadOnlyList<StoredRecord>> Live(string kind, string organizationId, string? memberId, int limit) =>
        inner.Live(kind, organizationId, memberId, limit);

    public Task<IReadOnlyList<StoredRecord>> ReadMany(string kind, IReadOnlyCollection<string> ids) =>
        Counted(inner.ReadMany(kind, ids));

    public Task<IReadOnlyList<AuditEntry>> AuditCalls(string organizationId, IReadOnlyList<ListFilter> filters, int limit, bool descending) =>
        inner.AuditCalls(organizationId, filters, limit, descending);

    public Task<IReadOnlyList<StoredRecord>> Children(
        string kind, IReadOnlyCollection<string> parentIds, int limit, bool unfinishedToo = false, bool stayingToo = false) =>
        inner.Children(kind, parentIds, limit, unfinishedToo, stayingToo);

    public Task<IReadOnlyList<StoredRecord>> Unfinished(
        string kind, string organizationId, string? ownerId, string? memberId, int limit) =>
        inner.Unfinished(kind, organizationId, ownerId, memberId, limit);

    public Task<IReadOnlyList<StoredRecord>> BeingDeleted(string organizationId) => inner.BeingDeleted(organizationId);

    public Task<IReadOnlyList<StoredRecord>> OfKind(string kind, string organizationId) =>
        inner.OfKind(kind, organizationId);

    public Task<IReadOnlyList<StoredRecord>> AllOfKind(string kind) => inner.AllOfKind(kind);

    public Task<IReadOnlyList<DueRecord>> Due(DateTimeOffset until) => inner.Due(until);

    public Task<DueRecord?> DueOf(RecordKey key) => inner.DueOf(key);

    public Task<string> RenewDue(RecordKey key, DateTimeOffset dueAt)
    {
        _renewals.Enqueue(key);
        return inner.RenewDue(key, dueAt);
    }

    public Task MoveDue(RecordKey key, long version, DateTimeOffset dueAt) => inner.MoveDue(key, version, dueAt);

    public Task<bool> ClearDue(RecordKey key, string tag) => inner.ClearDue(key, tag);

    public Task<IReadOnlyList<AuditEntry>> AuditOf(string subjectId) => inner.AuditOf(subjectId);

    private static StorageUnavailableException Unavailable() => new("away", new IOException("test"));
}
