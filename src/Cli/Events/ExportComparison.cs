namespace TokenActors.Cli.Events;

/// <summary>
/// Compares the rows of an export with those that the service tells now. Both are in the order of time and, of one
/// moment, of numbers, so that no more than a row of each is held.
/// </summary>
/// <param name="told">the service's lines, from its first on</param>
internal sealed class ExportComparison(IAsyncEnumerator<string> told)
{
    private ExportedRow? _last;
    private ExportedRow? _told;
    private bool _isAtEnd;

    /// <summary>How many rows were compared.</summary>
    public int Rows { get; private set; }

    /// <summary>How many of them are not as they were.</summary>
    public int Differing { get; private set; }

    /// <summary>How many rows the service tells between them.</summary>
    public int Missing { get; private set; }

    /// <summary>The file is in no order, so that nothing that follows can be found.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What is wrong with the file's next row, in words; null where nothing is.</summary>
    public async Task<string?> ProblemOf(ExportedRow kept)
    {
        Rows++;
        var order = _last is null ? 1 : kept.CompareTo(_last);
        if (order < 0)
        {
            (IsOver, Differing) = (true, Differing + 1);
            return $"row {kept.Row.Number} stands behind a younger one: this is no export as it was made, and nothing after it is compared";
        }

        if (order == 0)
        {
            Differing++;
            return $"row {kept.Row.Number} stands there twice";
        }

        while (!_isAtEnd && (_told is null || _told.CompareTo(kept) < 0))
        {
            Missing += _told is not null && _last is not null && _told.CompareTo(_last) > 0 ? 1 : 0;
            _isAtEnd = !await told.MoveNextAsync().ConfigureAwait(false);
            _told = _isAtEnd ? null : ExportedRow.Read(told.Current);
        }

        _last = kept;
        if (_told is not null && kept.IsSameAs(_told))
        {
            return null;
        }

        Differing++;
        return $"row {kept.Row.Number} is gone or says something else now";
    }
}
