using System.Data.Common;
using Microsoft.Extensions.Logging;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Leases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using TokenActors.Storage.Status;
using TokenActors.Storage.TokenLists;
using TokenActors.Storage.Usage;
using TokenActors.Storage.Writing;
using static TokenActors.Storage.Databases.Times;

namespace TokenActors.Storage;

/// <summary>
/// The store over one database. Writes go through <see cref="GroupCommit"/> and reads of one row through <see
/// cref="GroupRead"/>; every other read opens a connection.
/// </summary>
public sealed class RecordStore : IRecordStore, IAsyncDisposable
{
    private readonly Database _database;
    private readonly string _serviceId;
    private readonly StoreHealth _health;
    private readonly GroupCommit _writer;
    private readonly ToldWrites _told;
    private readonly GroupRead _reader;
    private readonly Queries _queries;
    private readonly LastUsedBuffer _lastUsed;
    private readonly AuditCalls _calls;

    internal RecordStore(Database database, string serviceId, TimeProvider time, ILogger<RecordStore> logger)
    {
        (_database, _serviceId) = (database, serviceId);
        _health = new StoreHealth(database, serviceId, logger);
        _writer = new GroupCommit(database, serviceId, _health, logger);
        _told = new ToldWrites(database, serviceId, _writer);
        _reader = new GroupRead(database, serviceId, _health, logger);
        _queries = new Queries(database, serviceId, _health);
        _lastUsed = new LastUsedBuffer(_writer, time);
        Outbox = new EventOutbox(database, serviceId, _queries, _writer);
        Status = new StatusStore(database, serviceId, _writer, _queries);
        Uses = new TokenUseStore(database, serviceId, _writer, _queries);
        Executions = new ExecutionStore(database, serviceId, _writer, _queries);
        Trail = new TrailReads(_queries);
        Links = new AuditLinks(database, serviceId, _writer, _queries);
        Peppers = new PepperTable(database, serviceId, _writer, _queries);
        _calls = new AuditCalls(database, serviceId, _queries);
        Audit = new AuditPages(database, serviceId, _queries);
        History = new AuditHistory(database, serviceId, _queries, _writer);
        SortedTokens = new SortedTokens(database, serviceId, _queries, _writer);
        Floor = new SchemaFloor(database, _queries, _writer);
        ImportedKeys = new ImportedKeyIndex(_queries);
    }

    /// <summary>No program that reads no <see cref="StoredRecord.Hot"/> may start on the database.</summary>
    public bool MayDivideRows { get; init; }

    /// <summary>Events that are to be delivered.</summary>
    public IOutbox Outbox { get; }

    /// <summary>Says who is told of what is written; null: nobody is.</summary>
    public IEventTelling? Telling { get => _told.Telling; set => _told.Telling = value; }

    /// <summary>What integrations are used for.</summary>
    public StatusStore Status { get; }

    /// <summary>What tokens are used for.</summary>
    public TokenUseStore Uses { get; }

    /// <summary>Which tokens have which imported keys.</summary>
    public IImportedKeys ImportedKeys { get; }

    public bool IsWritable => _health.IsWritable;

    public IExecutionStore Executions { get; }

    public ITrailReads Trail { get; }

    /// <summary>The chain over the audit trail.</summary>
    public AuditLinks Links { get; }

    /// <summary>The peppers that the database knows.</summary>
    public PepperTable Peppers { get; }

    /// <summary>Pages of the audit trail.</summary>
    public IAuditPages Audit { get; }

    /// <summary>What happened to one subject.</summary>
    public AuditHistory History { get; }

    /// <summary>Tokens by their end and by their labels.</summary>
    public SortedTokens SortedTokens { get; }

    /// <summary>The oldest program that may start on the database.</summary>
    public ISchemaFloor Floor { get; }

    /// <summary>Whether the database did not answer, or is locked, full or read-only: what failed may be
    /// repeated.</summary>
    public bool IsOutage(DbException error) => _database.IsOutage(error);

    public Task<StoredRecord?> Read(RecordKey key) => _reader.Read(key);

    public Task<CommitOutcome> Commit(Commit commit) => _told.Commit(commit);

    public Task<CommitOutcome> CommitAll(IReadOnlyList<Commit> commits) => _told.CommitAll(commits);

    public Task<CommitOutcome> Foresee(IReadOnlyList<Commit> commits) =>
        _queries.Guarded(connection => new CommitOutcomes(_database, _serviceId).Foresee(connection, commits));

    public Task Append(AuditEntry entry) => _told.Append(entry);

    public void NoteUsage(UsageUpdate update, bool soon)
    {
        if (!soon || !_writer.TryNoteUsage(update))
        {
            _lastUsed.Note(update);
        }
    }

    public Task<IReadOnlyList<StoredRecord>?> List(RecordScope scope, ListQuery query) => _queries.Guarded(
        connection => new NamedPage(connection, _database.Sql, _serviceId, scope, query).Read());

    public Task<IReadOnlyList<PlacedRecord>> ListAfter(
        RecordScope scope, ListQuery query, ListPlace? after, DateTimeOffset now) =>
        _queries.Guarded(connection => SortedTokens.Page(connection, scope, query, after, now));

    public async Task<StoredRecord?> FindByName(RecordScope scope, string name) =>
        await _queries.Many("find_by_name", RecordColumns.Read,
            ("organization", scope.OrganizationId), ("kind", scope.Kind), ("name", NameKey.Of(name))) is [var row]
            ? row : null;

    public Task<(IReadOnlyList<StoredRecord> Rows, long Total)> ListFacade(
        RecordScope scope, ListQuery query, long offset) =>
        _queries.Guarded(async connection =>
        {
            var compiler = new ListCompiler(_database.Sql, _serviceId);
            await using var page = connection.Command(
                compiler.Page(scope, query, after: null, offset), [.. compiler.Parameters]);
            var rows = await page.ReadAll(RecordColumns.Read);

            // A page that is neither full nor empty is the last one: the total follows from it without a count.
            return ((IReadOnlyList<StoredRecord>)rows, rows.Count > 0 && rows.Count < query.Limit
                ? offset + rows.Count : await Count(connection, scope, query.Filters));
        });

    public Task<long> Count(RecordScope scope, IReadOnlyList<ListFilter>? filters = null) =>
        _queries.Guarded(connection => Count(connection, scope, filters ?? []));

    public Task<IReadOnlyList<StoredRecord>> Children(
        string kind, IReadOnlyCollection<string> parentIds, int limit, bool unfinishedToo = false, bool stayingToo = false) =>
        _queries.Compiled(compiler => compiler.Children(kind, parentIds, limit, unfinishedToo, stayingToo));

    public Task<IReadOnlyList<StoredRecord>> Unfinished(
        string kind, string organizationId, string? ownerId, string? memberId, int limit) =>
        _queries.Compiled(compiler => compiler.Unfinished(kind, organizationId, ownerId, memberId, limit));

    public Task<IReadOnlyList<StoredRecord>> BeingDeleted(string organizationId) =>
        _queries.Many("being_deleted", RecordColumns.Read, ("organization", organizationId));

    public Task<IReadOnlyList<StoredRecord>> OfKind(string kind, string organizationId) =>
        _queries.Scan("by_kind", RecordColumns.Read, ("kind", kind), ("organization", organizationId));

    public Task<IReadOnlyList<StoredRecord>> AllOfKind(string kind) =>
        _queries.Scan("all_of_kind", RecordColumns.Read, ("kind", kind));

    public Task<IReadOnlyList<DueRecord>> Due(DateTimeOffset until) =>
        _queries.Scan("due", RecordColumns.ReadDue, ("until", Micros(until)));

    public Task<DueRecord?> DueOf(RecordKey key) =>
        _queries.One("due_of", RecordColumns.ReadDue, ("kind", key.Kind), ("id", key.Id));

    public Task<IReadOnlyList<StoredRecord>> Owned(string kind, string ownerId, int limit) =>
        _queries.Many("owned", RecordColumns.Read, ("owner", ownerId), ("kind", kind), ("limit", limit));

    public Task<IReadOnlyList<StoredRecord>> Live(string kind, string organizationId, string? memberId, int limit) =>
        _queries.Many("live_of", RecordColumns.Read,
            ("organization", organizationId), ("kind", kind), ("member", memberId ?? ""), ("limit", limit));

    public Task<IReadOnlyList<StoredRecord>> ReadMany(string kind, IReadOnlyCollection<string> ids) =>
        _queries.Compiled(compiler => compiler.ByIds(kind, ids));

    public async Task<string> RenewDue(RecordKey key, DateTimeOffset dueAt)
    {
        var tag = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        await Execute("renew_due", ("kind", key.Kind), ("id", key.Id), ("due_at", Micros(dueAt)), ("due_tag", tag));
        return tag;
    }

    public Task MoveDue(RecordKey key, long version, DateTimeOffset dueAt) =>
        Execute("move_due", ("kind", key.Kind), ("id", key.Id), ("version", version), ("due_at", Micros(dueAt)));

    public async Task<bool> ClearDue(RecordKey key, string tag) =>
        await Execute("clear_due", ("kind", key.Kind), ("id", key.Id), ("due_tag", tag)) > 0;

    public Task<IReadOnlyList<AuditEntry>> AuditCalls(
        string organizationId, IReadOnlyList<ListFilter> filters, int limit, bool descending) =>
        _calls.Page(organizationId, filters, limit, descending);

    public Task<IReadOnlyList<AuditEntry>> AuditOf(string subjectId) =>
        _queries.Scan("audit_of", row => AuditColumns.Read(row), ("id", subjectId));

    /// <summary>What only the server can say, with what is wrong with it. Writes nothing.</summary>
    public Task<IReadOnlyList<ServerFact>> CheckDatabase(TimeProvider time) =>
        DatabaseCheck.Run(_database, _serviceId, time);

    /// <summary>The leases of a cluster's silos on this database.</summary>
    public SiloLeaseTable Leases(string clusterId) => new(_database, _serviceId, clusterId);

    public async ValueTask DisposeAsync()
    {
        await _lastUsed.DisposeAsync();
        await _writer.DisposeAsync();
        await _reader.DisposeAsync();
        await _health.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<long> Count(DbConnection connection, RecordScope scope, IReadOnlyList<ListFilter> filters)
    {
        var compiler = new ListCompiler(_database.Sql, _serviceId);
        await using var command = connection.Command(compiler.Count(scope, filters), [.. compiler.Parameters]);
        return (await command.ReadAll(row => row.GetInt64(0)))[0];
    }

    private Task<int> Execute(string statement, params (string Name, object? Value)[] parameters) =>
        _writer.Execute(_database.Sql[statement], [("service", _serviceId), .. parameters]);
}
