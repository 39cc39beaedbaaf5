using TokenActors.Client.Audit;

namespace TokenActors.Cli.Events;

/// <summary>
/// Compares the rows of an export with those that the service tells now. Both are in the order of time and, of one moment,
/// of numbers, so that no more than a row of each is held.
/// </summary>
/// <param name="told">the service's, from its first on</param>
internal sealed class ExportComparison(IAsyncEnumerator<AuditRow> told)
{
    private AuditRow? _last;
    private AuditRow? _told;
    private bool _isAtEnd;

    /// <summary>How many rows were compared.</summary>
    public int Rows { get; private set; }

    /// <summary>How many of them are not as they were.</summary>
    public int Differing { get; private set; }

    /// <summary>The file is in no order, so that nothing that follows can be found.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What is wrong with the file's next row, in words; null where nothing is.</summary>
    public async Task<string?> ProblemOf(AuditRow kept)
    {
        Rows++;
        if (_last is not null && IsBefore(kept, _last))
        {
            (IsOver, Differing) = (true, Differing + 1);
            return $"row {kept.Number} stands behind a younger one: this is no export as it was made, and nothing after it is compared";
        }

        _last = kept;
        while (!_isAtEnd && (_told is null || IsBefore(_told, kept)))
        {
            _isAtEnd = !await told.MoveNextAsync().ConfigureAwait(false);
            _told = _isAtEnd ? null : told.Current;
        }

        if (_told is not null && AreSame(kept, _told))
        {
            return null;
        }

        Differing++;
        return $"row {kept.Number} is gone or says something else now";
    }

    private static bool IsBefore(AuditRow one, AuditRow other) => (one.At, one.Number).CompareTo((other.At, other.Number)) < 0;

    /// <summary>A row that was exported before it was linked is the same once it is.</summary>
    private static bool AreSame(AuditRow kept, AuditRow told) =>
        (kept.Chain is null || kept.Chain == told.Chain)
        && kept with { Chain = null, Cursor = null } == told with { Chain = null, Cursor = null };
}
