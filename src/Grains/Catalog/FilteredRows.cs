using TokenActors.Domain.Lists;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Catalog;

/// <summary>A page of what a caller may see, where no query can say it: rows are read and asked about.</summary>
internal static class FilteredRows
{
    private const int LookedAtOnce = 1000;

    /// <param name="store">where the rows are</param>
    /// <param name="scope">of the rows</param>
    /// <param name="query">its limit is not asked</param>
    /// <param name="most">how many may be found</param>
    /// <param name="visible">those of some rows that may be seen</param>
    /// <param name="cancellationToken">ends the reads</param>
    /// <returns>null where the query cannot begin</returns>
    public static async Task<List<T>?> Read<T>(
        IRecordStore store,
        RecordScope scope,
        ListQuery query,
        int most,
        Func<IReadOnlyList<StoredRecord>, Task<IEnumerable<T>>> visible,
        CancellationToken cancellationToken)
    {
        List<T> found = [];
        for (var next = query with { Limit = LookedAtOnce }; ;)
        {
            if (await store.List(scope, next).UntilCanceled(cancellationToken) is not { } rows)
            {
                return null;
            }

            found.AddRange((await visible(rows)).Take(most - found.Count));
            if (found.Count >= most || rows.Count < LookedAtOnce)
            {
                return found;
            }

            next = next with { StartAfter = rows[^1].NameKey };
        }
    }
}
