using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Audit;

/// <summary>Pages of an organization's audited calls by time, as <see cref="IRecordStore.AuditCalls"/> gives
/// them.</summary>
internal sealed class AuditCalls(Database database, string serviceId, Queries queries)
{
    public Task<IReadOnlyList<AuditEntry>> Page(
        string organizationId, IReadOnlyList<ListFilter> filters, int limit, bool descending) =>
        queries.Guarded(async connection =>
        {
            var page = new AuditSql(database.Sql, serviceId);
            await using var command = connection.Command(
                page.Page(organizationId, filters, limit, descending), [.. page.Parameters]);
            var rows = await command.ReadAll(row => (Number: row.GetInt64(0), Entry: AuditColumns.Read(row, 1)));
            if (rows.Count < limit)
            {
                return (IReadOnlyList<AuditEntry>)[.. rows.Select(row => row.Entry)];
            }

            var rest = new AuditSql(database.Sql, serviceId);
            var (number, last) = rows[^1];
            await using var more = connection.Command(
                rest.At(organizationId, filters, Times.Micros(last.At), number, descending),
                [.. rest.Parameters]);
            return [.. rows.Select(row => row.Entry), .. await more.ReadAll(row => AuditColumns.Read(row, 1))];
        });
}
