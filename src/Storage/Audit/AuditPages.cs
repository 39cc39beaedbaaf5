using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;
using static TokenActors.Storage.Databases.Times;

namespace TokenActors.Storage.Audit;

/// <summary>Where a page of the trail goes on: rows are ordered by time, then by number.</summary>
public sealed record AuditPlace(DateTimeOffset At, long Number);

/// <summary>Asks for a page of an organization's audited calls.</summary>
/// <param name="OrganizationId">in whose trail</param>
/// <param name="Filters">over columns of the trail</param>
/// <param name="After">the last row seen; null for the first page</param>
/// <param name="Until">only rows of this time or before; null: all</param>
/// <param name="Limit">how many at most</param>
/// <param name="Descending">newest first</param>
public sealed record AuditPageQuery(
    string OrganizationId, IReadOnlyList<ListFilter> Filters, AuditPlace? After, DateTimeOffset? Until, int Limit,
    bool Descending);

/// <summary>A row of the trail, and what proves it.</summary>
/// <param name="Number">its number in the service's trail</param>
/// <param name="Entry">what it says</param>
/// <param name="Link">number of the link of the chain that holds it; null where it is not linked yet</param>
/// <param name="Code">its code in that link, in hexadecimal</param>
public sealed record ProvedEntry(long Number, AuditEntry Entry, long? Link, string? Code);

/// <summary>
/// Pages of the trail with the chain's codes. Throws <see cref="StorageUnavailableException"/> where the database does
/// not answer.
/// </summary>
public interface IAuditPages
{
    Task<IReadOnlyList<ProvedEntry>> Page(AuditPageQuery query);
}

/// <summary>The trail of one service in one database.</summary>
internal sealed class AuditPages(Database database, string serviceId, Queries queries) : IAuditPages
{
    public async Task<IReadOnlyList<ProvedEntry>> Page(AuditPageQuery query)
    {
        var rows = await queries.Guarded(async connection =>
        {
            var compiler = new AuditSql(database.Sql, serviceId);
            var after = query.After is { } place ? (Micros(place.At), place.Number) : ((long, long)?)null;
            var until = query.Until is { } end ? Micros(end) : (long?)null;
            await using var command = connection.Command(
                compiler.From(query.OrganizationId, query.Filters, after, until, query.Limit, query.Descending),
                [.. compiler.Parameters]);
            return await command.ReadAll(row => (Number: row.GetInt64(0), Entry: AuditColumns.Read(row, 1)));
        });
        if (rows.Count == 0)
        {
            return [];
        }

        // Of each link only the codes of the page's rows are kept: a link has a thousand.
        var numbers = rows.Select(row => row.Number).Order().ToArray();
        var links = await queries.Many(
            "audit_links_over",
            row => (Link: row.GetInt64(0), Codes: RowCodes.Found(row.GetFieldValue<byte[]>(1), numbers)),
            ("first", numbers[0]), ("last", numbers[^1]));
        var proofs = links
            .SelectMany(link => link.Codes.Select(code => (code.Number, link.Link, code.Code)))
            .ToDictionary(proof => proof.Number);
        return
        [
            .. rows.Select(row => proofs.TryGetValue(row.Number, out var proof)
                ? new ProvedEntry(row.Number, row.Entry, proof.Link, proof.Code)
                : new ProvedEntry(row.Number, row.Entry, null, null)),
        ];
    }
}
