namespace TokenActors.Domain.Mappings;

/// <summary>Functions that need an order: of numbers, or of texts by their code units, and never of both.</summary>
internal static class TransformOrder
{
    /// <summary>Items that are equal stay in their order.</summary>
    public static object?[] Sort(TransformRun run, object?[] items, TransformNode? by = null) =>
        [.. Keyed(run, items, by).OrderBy(pair => pair.Key, Order.Instance).Select(pair => pair.Item)];

    /// <summary>Null of an empty list.</summary>
    public static object? Greatest(TransformRun run, object?[] items, TransformNode? by = null) =>
        Keyed(run, items, by) is [_, ..] keyed ? keyed.MaxBy(pair => pair.Key, Order.Instance).Item : null;

    /// <inheritdoc cref="Greatest"/>
    public static object? Least(TransformRun run, object?[] items, TransformNode? by = null) =>
        Keyed(run, items, by) is [_, ..] keyed ? keyed.MinBy(pair => pair.Key, Order.Instance).Item : null;

    /// <summary>Pays for the sort before it begins: an exception of the comparer would end it as another one.</summary>
    private static List<(object Key, object? Item)> Keyed(TransformRun run, object?[] items, TransformNode? by)
    {
        List<(object Key, object? Item)> keyed = new(items.Length);
        foreach (var item in items)
        {
            run.Budget.Spend();
            var key = by is null ? item : run.Evaluate(by, item);
            if (key is not (string or JsonNumber)
                || (keyed is [var (first, _), ..] && first is string != key is string))
            {
                throw new TransformException("orders what is neither all numbers nor all strings");
            }

            keyed.Add((key, item));
        }

        run.Budget.SpendOnSort([.. keyed.Select(pair => pair.Key)]);
        return keyed;
    }

    private sealed class Order : IComparer<object>
    {
        public static readonly Order Instance = new();

        public int Compare(object? x, object? y) => (x, y) switch
        {
            (JsonNumber one, JsonNumber other) => one.CompareTo(other),
            (string one, string other) => string.CompareOrdinal(one, other),
            _ => throw new InvalidOperationException("the keys are all of one kind"),
        };
    }
}
