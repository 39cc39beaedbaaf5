using System.Globalization;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Storage.Audit;

/// <summary>The result of a verification of the chain.</summary>
/// <param name="Rows">number of rows in the verified links</param>
/// <param name="Links">number of links that were read</param>
/// <param name="Unlinked">number of rows after the last link</param>
/// <param name="Broken">the first difference; null where there is none</param>
/// <param name="Unverified">links under peppers that the ring lacks and that the caller named</param>
/// <param name="Ahead">rows that are dated ahead of the clock</param>
/// <param name="Anchor">the last link; null where there is none or the chain is broken</param>
public sealed record AuditVerdict(
    long Rows, long Links, long Unlinked, string? Broken, long Unverified,
    IReadOnlyList<(long Number, DateTimeOffset At)> Ahead, AuditAnchor? Anchor);

/// <summary>
/// Verifies the chain over the audit trail, and stops at the first difference. Ranges must follow each other without a
/// gap, from the lowest number that a database can hold: a row has no place outside of them.
/// </summary>
/// <param name="trail">the rows and their links</param>
/// <param name="ring">the keys</param>
/// <param name="time">says which rows are dated ahead of it</param>
public sealed class AuditVerifier(AuditLinks trail, PepperRing ring, TimeProvider time)
{
    private const int LinksPerRead = 16;
    private const int RowsPerRead = 1000;
    private const int MostAhead = 100;

    /// <summary>Clocks of silos differ; a row is ahead only beyond that.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly List<(long Number, DateTimeOffset At)> _ahead = [];
    private long _rows;
    private long _links;
    private long _unverified;

    /// <param name="since">begins after this link, which must be as it was; null begins with the first</param>
    /// <param name="unknownPeppers">peppers that the ring may lack; links under others that it lacks are
    /// failures</param>
    /// <param name="progress">is told of rows and links so far, after each read</param>
    public async Task<AuditVerdict> Verify(
        AuditAnchor? since, IReadOnlySet<string> unknownPeppers, Action<long, long>? progress = null)
    {
        AuditLink? last = null;
        if (since is not null)
        {
            last = await trail.From(since.Link, 1) is [{ } link] && link.Number == since.Link ? link : null;
            if (last is null || Anchor(last) != since)
            {
                return Verdict(null, 0, last is null
                    ? $"link {since.Link} of the anchor is missing: the chain was cut off"
                    : $"link {since.Link} is not that of the anchor: the chain was made anew");
            }
        }

        while (await trail.From(last is null ? long.MinValue : last.Number + 1, LinksPerRead)
            is { Count: > 0 } links)
        {
            foreach (var link in links)
            {
                _links++;
                if (await Problem(last, link, unknownPeppers) is { } broken)
                {
                    return Verdict(null, 0, broken);
                }

                last = link;
            }

            progress?.Invoke(_rows, _links);
        }

        var (unlinked, misplaced) = await ReadUnlinked(last);
        return Verdict(misplaced is null && last is not null ? Anchor(last) : null, unlinked, misplaced);
    }

    private static AuditAnchor Anchor(AuditLink link) => new(link.Number, Convert.ToHexStringLower(link.Code));

    private AuditVerdict Verdict(AuditAnchor? anchor, long unlinked, string? broken) =>
        new(_rows, _links, unlinked, broken, _unverified, _ahead, anchor);

    /// <summary>What is wrong with a link or its rows, in words; null where nothing is.</summary>
    private async Task<string?> Problem(AuditLink? last, AuditLink link, IReadOnlySet<string> unknownPeppers)
    {
        var (number, first) = ((last?.Number ?? 0) + 1, (last?.Last ?? 0) + 1);
        if (link.Number != number)
        {
            return $"link {number} is missing";
        }

        if (link.First != first || RowCodes.LastNumber(link.RowCodes) != link.Last)
        {
            return $"link {number} covers rows {link.First} to {link.Last}, which does not follow from row {first - 1}";
        }

        var key = ring.ChainKey(link.PepperId);
        if (key is null && !unknownPeppers.Contains(link.PepperId))
        {
            return $"link {number} was made under pepper '{link.PepperId}', which the ring lacks";
        }

        if (LinkForms.RowFormOf(link) is not RowCodes.FirstForm and var form)
        {
            return $"link {number} has rows of form {form}, which a newer program made: verify with that";
        }

        if (key is not null && !LinkForms.Fits(key, link, last?.Code ?? []))
        {
            return $"link {number} (rows {link.First} to {link.Last}) does not follow from the one before";
        }

        // From the very lowest number: no row may stand before the first link either.
        var rows = await trail.Rows(last is null ? long.MinValue : first, link.Last, int.MaxValue);
        _rows += rows.Count;
        Note(rows);
        if (key is null)
        {
            _unverified++;
            return null;
        }

        return RowCodes.Difference(link.RowCodes, RowCodes.Of(key, rows));
    }

    /// <summary>The rows that no link covers yet: their number, and what is wrong with them.</summary>
    private async Task<(long Count, string? Broken)> ReadUnlinked(AuditLink? last)
    {
        long count = 0;
        var next = last is null ? long.MinValue : last.Last + 1;
        while (await trail.Rows(next, long.MaxValue, RowsPerRead) is { Count: > 0 } rows)
        {
            if (rows[0].Number < 1)
            {
                return (count, string.Create(CultureInfo.InvariantCulture, $"row {rows[0].Number} was put in later"));
            }

            count += rows.Count;
            Note(rows);
            next = rows[^1].Number + 1;
            if (rows[^1].Number == long.MaxValue)
            {
                break;
            }
        }

        return (count, null);
    }

    private void Note(IReadOnlyList<(long Number, AuditEntry Entry)> rows)
    {
        var until = time.GetUtcNow() + Skew;
        _ahead.AddRange(rows.Where(row => row.Entry.At > until).Take(MostAhead - _ahead.Count)
            .Select(row => (row.Number, row.Entry.At)));
    }
}
