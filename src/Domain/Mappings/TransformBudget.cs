namespace TokenActors.Domain.Mappings;

/// <summary>
/// What a run of transforms may still do. Counted and not timed, so that the same transforms on the same data are
/// always answered alike. A step is the work on one value, or on sixteen characters of a text, a number or a name.
/// </summary>
internal sealed class TransformBudget
{
    private const int CharactersOfStep = 16;

    private readonly int _steps;
    private int _left;

    public TransformBudget(int steps) => _steps = _left = steps;

    /// <exception cref="TransformException">nothing is left</exception>
    public void Spend(long count = 1)
    {
        if (count > _left)
        {
            throw new TransformException($"takes more than {_steps} steps");
        }

        _left -= (int)count;
    }

    public void SpendOn(string text) => Spend(StepsFor(text.Length));

    /// <summary>
    /// A search compares the whole of what it looks for at every place, where both are made to that end.
    /// </summary>
    public void SpendOnSearch(string text, string sought) => Spend(StepsFor(text.Length) * StepsFor(sought.Length));

    /// <summary>A sort compares each key as often as their number can be halved.</summary>
    public void SpendOnSort(IReadOnlyCollection<object> keys)
    {
        var rounds = int.Log2(keys.Count | 1) + 1;
        foreach (var key in keys)
        {
            Spend(rounds * StepsFor((key as string)?.Length ?? 0));
        }
    }

    private static long StepsFor(int characters) => 1 + (characters / CharactersOfStep);
}
