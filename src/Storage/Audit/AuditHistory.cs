using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Audit;

/// <summary>
/// What happened to one subject. No index of the trail says so, since every change would make an entry of it: the rows
/// of each link are entered in a table of their own after the link was made, in one sorted insert. A history is what is
/// entered and the rows behind it.
/// </summary>
public sealed class AuditHistory
{
    /// <summary>Rows that may lie behind what is entered: those of a minute under load, and not a whole
    /// trail.</summary>
    private const long LongestTail = 2_000_000;

    private readonly Queries _queries;
    private readonly LinkFollower _follower;

    internal AuditHistory(Database database, string serviceId, Queries queries, GroupCommit writer)
    {
        _queries = queries;
        _follower = new LinkFollower(database, serviceId, queries, writer, "history", "enter_history");
    }

    /// <inheritdoc cref="LinkFollower.EnterNext"/>
    public Task<bool> EnterNext() => _follower.EnterNext();

    /// <summary>A page of what happened to a subject, the latest first.</summary>
    /// <param name="subjectId">the subject</param>
    /// <param name="before">only rows of lower numbers</param>
    /// <param name="limit">how many at most</param>
    /// <exception cref="StorageUnavailableException">
    /// the database does not answer, or most of the trail is not entered yet, as after an upgrade
    /// </exception>
    public async Task<IReadOnlyList<ProvedEntry>> Page(string subjectId, long before, int limit)
    {
        var entered = await _follower.EnteredUpTo();
        if (before > entered && await _queries.Many("trail_end", row => row.GetInt64(0)) is [var end]
            && end - entered > LongestTail)
        {
            throw new StorageUnavailableException("histories are being made of an older trail");
        }

        (string, object?)[] place = [("subject", subjectId), ("before", before), ("entered", entered), ("limit", (long)limit)];
        List<ProvedEntry> found = before <= entered + 1 ? [] :
        [
            .. await _queries.Many(
                "history_tail", row => new ProvedEntry(row.GetInt64(0), AuditColumns.Read(row, 1), null, null), place),
        ];
        if (found.Count < limit)
        {
            found.AddRange(await _queries.Many(
                "history_entered",
                row => new ProvedEntry(
                    row.GetInt64(0), AuditColumns.Read(row, 1), row.GetInt64(AuditColumns.Names.Length + 1), null),
                [.. place[..^1], ("limit", (long)(limit - found.Count))]));
        }

        return await Proved(found);
    }

    /// <summary>Puts the codes of the links to the rows.</summary>
    private async Task<IReadOnlyList<ProvedEntry>> Proved(List<ProvedEntry> rows)
    {
        var wanted = rows.Select(row => row.Link).OfType<long>().Distinct().ToList();
        if (wanted.Count == 0)
        {
            return rows;
        }

        // Of each link only the codes of the page's rows are kept: a link has a thousand.
        var numbers = rows.Select(row => row.Number).Order().ToArray();
        var links = await _queries.Many(
            "links_numbered", row => RowCodes.Found(row.GetFieldValue<byte[]>(1), numbers),
            ("keys", JsonArray.Of([.. wanted.Cast<object>()])));
        var codes = links.SelectMany(link => link).ToDictionary(code => code.Number, code => code.Code);
        return [.. rows.Select(row => row with { Code = codes.GetValueOrDefault(row.Number) })];
    }
}
