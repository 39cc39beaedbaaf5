using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Storage.Audit;

/// <summary>
/// An HMAC chain over the audit trail. Rows are linked a minute after they are written, in ranges, so that no writer
/// waits for it. A row that is changed, deleted or inserted later breaks the chain. Several silos may link at the same
/// time: the first insert of a link's number wins.
/// </summary>
public sealed class AuditChain(AuditLinks trail, PepperRing ring)
{
    private const int RowsPerLink = 1000;

    /// <summary>
    /// When this process first saw rows that are dated ahead of its clock: their own time does not say when they were
    /// written.
    /// </summary>
    private readonly Dictionary<long, DateTimeOffset> _ahead = [];

    /// <summary>Makes the next link of rows that have settled.</summary>
    /// <param name="now">the clock</param>
    /// <param name="settled">how old a row must be for every earlier one to be visible: a row gets its number before it
    /// is committed</param>
    /// <returns>how many rows the link holds; 0 where there was nothing to link</returns>
    public async Task<int> LinkNext(DateTimeOffset now, TimeSpan settled)
    {
        var last = await trail.Last();
        var first = (last?.Last ?? 0) + 1;
        var rows = await trail.Rows(first, long.MaxValue, RowsPerLink);

        // A link may not skip a row, so it ends before the first row that is too young.
        var old = rows.TakeWhile(row => SeenAt(row.Number, row.Entry.At, now) <= now - settled).ToList();
        if (old.Count == 0)
        {
            return 0;
        }

        var key = ring.CurrentChainKey();
        var link = new AuditLink(
            (last?.Number ?? 0) + 1, first, old[^1].Number, ring.Current.Id, RowCodes.Of(key, old), []);
        await trail.Add(link with { Code = LinkForms.Code(key, link, last?.Code ?? []) });
        foreach (var number in _ahead.Keys.Where(number => number <= link.Last).ToList())
        {
            _ahead.Remove(number);
        }

        return old.Count;
    }

    /// <summary>
    /// The time that counts for a row: its own, or when it was first seen where its own lies ahead of the clock.
    /// </summary>
    private DateTimeOffset SeenAt(long number, DateTimeOffset at, DateTimeOffset now)
    {
        if (_ahead.TryGetValue(number, out var seen))
        {
            return seen < at ? seen : at;
        }

        if (at > now)
        {
            _ahead[number] = now;
            return now;
        }

        return at;
    }
}
