using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Audit;

/// <summary>
/// The rows of the audit trail by number, and the links of the chain over them. Every member throws
/// <see cref="StorageUnavailableException"/> where the database does not answer.
/// </summary>
public sealed class AuditLinks
{
    private readonly Database _database;
    private readonly string _serviceId;
    private readonly GroupCommit _writer;
    private readonly Queries _queries;

    internal AuditLinks(Database database, string serviceId, GroupCommit writer, Queries queries) =>
        (_database, _serviceId, _writer, _queries) = (database, serviceId, writer, queries);

    /// <summary>Audit rows of the whole service by number.</summary>
    public Task<IReadOnlyList<(long Number, AuditEntry Entry)>> Rows(long first, long last, int limit) =>
        _queries.Scan("audit_rows", row => (row.GetInt64(0), AuditColumns.Read(row, 1)),
            ("first", first), ("last", last), ("limit", limit));

    internal Task<AuditLink?> Last() => _queries.One("last_audit_link", AuditColumns.ReadLink, ("limit", 1));

    /// <summary>Links by number, from a number on.</summary>
    internal Task<IReadOnlyList<AuditLink>> From(long link, int limit) =>
        _queries.Many("audit_links_from", AuditColumns.ReadLink, ("link", link), ("limit", limit));

    /// <summary>Adds a link; does nothing where another silo has added the link of this number.</summary>
    internal Task Add(AuditLink link) => _writer.Execute(
        _database.Sql["add_audit_link"],
        ("service", _serviceId), ("link", link.Number), ("first", link.First), ("last", link.Last),
        ("pepper", link.PepperId), ("row_codes", link.RowCodes), ("code", link.Code));
}
