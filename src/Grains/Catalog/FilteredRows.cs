using TokenActors.Domain.Lists;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Catalog;

/// <summary>
/// What a caller may see of a list, where no query can say it: rows are read and asked about, a page at a time, and no
/// more once enough are found.
/// </summary>
/// <param name="store">where the rows are</param>
/// <param name="scope">of the rows</param>
/// <param name="visible">those of some rows that may be seen, in their order</param>
internal sealed class FilteredRows(
    IRecordStore store,
    RecordScope scope,
    Func<IReadOnlyList<StoredRecord>, Task<IEnumerable<StoredRecord>>> visible)
{
    /// <summary>How many rows are looked at where all that may be seen are counted.</summary>
    public const int MostCounted = 10_000;

    private const int FewestAtOnce = 50;
    private const int MostAtOnce = 500;

    /// <summary>
    /// A page; null where the query cannot begin. Rows that share the key of the last one are on the same page, as in
    /// <see cref="IRecordStore.List"/>.
    /// </summary>
    public async Task<IReadOnlyList<StoredRecord>?> Page(ListQuery query, CancellationToken cancellationToken)
    {
        List<StoredRecord> found = [];
        var next = query with { Limit = Math.Clamp(query.Limit, FewestAtOnce, MostAtOnce) };
        while (await store.List(scope, next).UntilCanceled(cancellationToken) is { } rows)
        {
            found.AddRange(await visible(rows));
            if (rows.Count < next.Limit || IsFull(found, query))
            {
                return found[..EndOf(found, query)];
            }

            next = Beyond(rows, next);
        }

        return null;
    }

    /// <summary>How many may be seen, among the first rows that are looked at.</summary>
    public async Task<long> Count(ListQuery query, CancellationToken cancellationToken)
    {
        var (count, looked) = (0L, 0);
        var next = query with
        {
            StartAfter = null,
            Orders = [new(query.Schema.Key, Descending: false)],
            Limit = MostAtOnce,
        };
        while (looked < MostCounted && await store.List(scope, next).UntilCanceled(cancellationToken) is { } rows)
        {
            count += (await visible(rows)).Count();
            looked += rows.Count;
            if (rows.Count < next.Limit)
            {
                break;
            }

            next = Beyond(rows, next);
        }

        return count;
    }

    /// <summary>The next rows, of which more are read at once: few of those before could be seen.</summary>
    private static ListQuery Beyond(IReadOnlyList<StoredRecord> rows, ListQuery query) =>
        query with { StartAfter = rows[^1].Key.Id, Limit = Math.Min(query.Limit * 2, MostAtOnce) };

    /// <summary>Whether the next page begins after a key, which several rows may have.</summary>
    private static bool EndsWithKey(ListQuery query) =>
        query.Schema.SharesKeys && query.Orders is [{ Field: var field }] && field == query.Schema.Key;

    private static bool IsFull(List<StoredRecord> found, ListQuery query) =>
        EndOf(found, query) < found.Count || (found.Count == query.Limit && !EndsWithKey(query));

    private static int EndOf(List<StoredRecord> found, ListQuery query)
    {
        var end = Math.Min(query.Limit, found.Count);
        while (EndsWithKey(query) && end > 0 && end < found.Count && found[end].NameKey == found[end - 1].NameKey)
        {
            end++;
        }

        return end;
    }
}
