using TokenActors.Storage.Audit;

namespace TokenActors.Grains.Revocations;

/// <summary>
/// Reads every row of the audit trail once, as it becomes visible. A row gets its number before it is committed, so
/// that one with a lower number may come later: a number that is missing below the highest is asked for again until
/// its writer's statement must be over. One task calls it at a time.
/// </summary>
internal sealed class TrailFollower(ITrailReads trail, TimeProvider time)
{
    /// <summary>Where the reads begin to look for numbers that are still missing.</summary>
    private const int LookedBack = 10_000;

    private const int RowsAtOnce = 5_000;

    /// <summary>More are missing only where numbers are burnt in masses; then nobody can say what is still to
    /// come.</summary>
    private const int MostMissing = 20_000;

    /// <summary>Statements of writers end after 30 s.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(2);

    private readonly Dictionary<long, DateTimeOffset> _missing = [];
    private long _highest = -1;

    /// <summary>Whether everything is read that was committed before the last read began.</summary>
    public bool IsCurrent => _missing.Count <= MostMissing;

    /// <summary>
    /// What became visible since the last read, and the time before which nothing is left out. The first read gives no
    /// rows: it looks for numbers that are missing.
    /// </summary>
    public async Task<(IReadOnlyList<TrailRow> Rows, DateTimeOffset UpTo)> Read()
    {
        var began = time.GetUtcNow();
        var isFirst = _highest < 0;
        if (isFirst)
        {
            _highest = Math.Max(0, await trail.End() - LookedBack);
        }

        List<TrailRow> rows = [];
        if (_missing.Count > 0)
        {
            rows.AddRange(await trail.Late([.. _missing.Keys.Take(MostMissing)]));
            rows.ForEach(row => _missing.Remove(row.Number));
        }

        IReadOnlyList<TrailRow> page;
        do
        {
            page = await trail.After(_highest, RowsAtOnce);
            foreach (var row in page)
            {
                NoteMissing(row.Number, began);
                _highest = row.Number;
            }

            rows.AddRange(page);
        }
        while (page.Count == RowsAtOnce);

        GiveUp(began);
        return (isFirst ? [] : rows, began);
    }

    private void NoteMissing(long next, DateTimeOffset now)
    {
        for (var number = Math.Max(_highest + 1, next - MostMissing - 1); number < next; number++)
        {
            _missing[number] = now;
        }
    }

    private void GiveUp(DateTimeOffset now)
    {
        foreach (var number in _missing.Where(entry => now - entry.Value > GivenUpAfter).Select(entry => entry.Key).ToList())
        {
            _missing.Remove(number);
        }
    }
}
