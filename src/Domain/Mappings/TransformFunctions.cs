using System.Collections.Frozen;
using System.Text;

namespace TokenActors.Domain.Mappings;

/// <summary>The functions of JMESPath, each of which pays for what it does with its arguments.</summary>
internal static class TransformFunctions
{
    private const int Any = int.MaxValue;

    /// <summary>Of a text that is made of other values.</summary>
    private const int LongestText = 256 * 1024;

    /// <summary>A result that is a new number, with the text that it is written as.</summary>
    private const int StepsOfArithmetic = 4;

    private static readonly FrozenDictionary<string, TransformFunction> All = new TransformFunction[]
    {
        new("abs", 1, 1, (run, a) => Reckoned(run, a).Map(Math.Abs, Math.Abs)),
        new("avg", 1, 1, (run, a) => Numbers(run, a) is [_, ..] numbers ? JsonNumber.Sum(numbers).DividedBy(numbers.Count) : null),
        new("ceil", 1, 1, (run, a) => Reckoned(run, a).Map(Math.Ceiling, Math.Ceiling)),
        new("contains", 2, 2, (run, a) => Contains(run, a)),
        new("ends_with", 2, 2, (run, a) => Paid(run, Text(a, 0)).EndsWith(Text(a, 1), StringComparison.Ordinal)),
        new("floor", 1, 1, (run, a) => Reckoned(run, a).Map(Math.Floor, Math.Floor)),
        new("join", 2, 2, Join),
        new("keys", 1, 1, (run, a) => Paid(run, Object(a, 0).Keys.ToArray<object?>())),
        new("length", 1, 1, Length),
        new("map", 2, 2, (run, a) => Map(run, a, List(a, 1)), ExpressionAt: 0),
        new("max", 1, 1, (run, a) => TransformOrder.Greatest(run, List(a, 0))),
        new("max_by", 2, 2, (run, a) => TransformOrder.Greatest(run, List(a, 0), Expression(a, 1)), ExpressionAt: 1),
        new("merge", 1, Any, Merge),
        new("min", 1, 1, (run, a) => TransformOrder.Least(run, List(a, 0))),
        new("min_by", 2, 2, (run, a) => TransformOrder.Least(run, List(a, 0), Expression(a, 1)), ExpressionAt: 1),
        new("not_null", 1, Any, (_, a) => a.FirstOrDefault(value => value is not null)),
        new("reverse", 1, 1, Reverse),
        new("sort", 1, 1, (run, a) => TransformOrder.Sort(run, List(a, 0))),
        new("sort_by", 2, 2, (run, a) => TransformOrder.Sort(run, List(a, 0), Expression(a, 1)), ExpressionAt: 1),
        new("starts_with", 2, 2, (run, a) => Paid(run, Text(a, 0)).StartsWith(Text(a, 1), StringComparison.Ordinal)),
        new("sum", 1, 1, (run, a) => JsonNumber.Sum(Numbers(run, a))),
        new("to_array", 1, 1, (_, a) => a[0] as object?[] ?? [a[0]]),
        new("to_number", 1, 1, ToNumber),
        new("to_string", 1, 1, (run, a) => JsonValues.ToText(a[0], LongestText, run.Budget)),
        new("type", 1, 1, (_, a) => JsonValues.TypeOf(a[0])),
        new("values", 1, 1, (run, a) => Paid(run, Object(a, 0).Values.ToArray())),
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Keys;

    public static TransformFunction? Find(string name) => All.GetValueOrDefault(name);

    private static bool Contains(TransformRun run, object?[] a)
    {
        if (a[0] is string text)
        {
            if (a[1] is not string sought)
            {
                return false;
            }

            run.Budget.SpendOnSearch(text, sought);
            return text.Contains(sought, StringComparison.Ordinal);
        }

        return a[0] is object?[] items
            ? items.Any(item => JsonValues.AreEqual(item, a[1], run.Budget))
            : throw Wrong(a, 0, "an array or a string");
    }

    private static string Join(TransformRun run, object?[] a)
    {
        var (glue, items) = (Text(a, 0), List(a, 1));
        var joined = new StringBuilder();
        for (var i = 0; i < items.Length; i++)
        {
            run.Budget.SpendOn(glue);
            joined.Append(i > 0 ? glue : "");
            joined.Append(Paid(run, items[i] as string ?? throw Wrong(a, 1, "an array of strings")));
            if (joined.Length > LongestText)
            {
                throw new TransformException($"makes a text of more than {LongestText} characters");
            }
        }

        return joined.ToString();
    }

    private static JsonNumber Length(TransformRun run, object?[] a) => JsonNumber.Of(a[0] switch
    {
        string text => (decimal)Paid(run, text).EnumerateRunes().Count(),
        object?[] items => items.Length,
        OrderedDictionary<string, object?> fields => fields.Count,
        _ => throw Wrong(a, 0, "an array, an object or a string"),
    });

    private static object?[] Map(TransformRun run, object?[] a, object?[] items)
    {
        var made = new object?[Paid(run, items).Length];
        for (var i = 0; i < items.Length; i++)
        {
            made[i] = run.Evaluate(Expression(a, 0), items[i]);
        }

        return made;
    }

    private static OrderedDictionary<string, object?> Merge(TransformRun run, object?[] a)
    {
        var merged = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < a.Length; i++)
        {
            foreach (var (name, value) in Object(a, i))
            {
                run.Budget.SpendOn(name);
                merged[name] = value;
            }
        }

        return merged;
    }

    private static object Reverse(TransformRun run, object?[] a)
    {
        if (a[0] is object?[] items)
        {
            return Paid(run, items).Reverse().ToArray();
        }

        var text = Paid(run, a[0] as string ?? throw Wrong(a, 0, "an array or a string"));
        return string.Create(text.Length, text, static (turned, straight) =>
        {
            foreach (var rune in straight.EnumerateRunes())
            {
                turned = turned[..^rune.EncodeToUtf16(turned[^rune.Utf16SequenceLength..])];
            }
        });
    }

    private static object? ToNumber(TransformRun run, object?[] a)
    {
        if (a[0] is not string text)
        {
            return a[0] as JsonNumber;
        }

        Paid(run, text);
        return JsonNumber.IsNumber(text) ? JsonNumber.Parse(text) : null;
    }

    private static List<JsonNumber> Numbers(TransformRun run, object?[] a)
    {
        run.Budget.Spend(StepsOfArithmetic);
        return [.. Paid(run, List(a, 0)).Select(
            item => item as JsonNumber ?? throw Wrong(a, 0, "an array of numbers"))];
    }

    private static JsonNumber Reckoned(TransformRun run, object?[] a)
    {
        run.Budget.Spend(StepsOfArithmetic);
        return a[0] as JsonNumber ?? throw Wrong(a, 0, "a number");
    }

    private static object?[] Paid(TransformRun run, object?[] items)
    {
        run.Budget.Spend(items.Length);
        return items;
    }

    private static string Paid(TransformRun run, string text)
    {
        run.Budget.SpendOn(text);
        return text;
    }

    private static TransformNode Expression(object?[] a, int i) =>
        a[i] as TransformNode ?? throw new InvalidOperationException("the parser lets no other argument through");

    private static string Text(object?[] a, int i) => a[i] as string ?? throw Wrong(a, i, "a string");

    private static object?[] List(object?[] a, int i) => a[i] as object?[] ?? throw Wrong(a, i, "an array");

    private static OrderedDictionary<string, object?> Object(object?[] a, int i) =>
        a[i] as OrderedDictionary<string, object?> ?? throw Wrong(a, i, "an object");

    private static TransformException Wrong(object?[] a, int i, string expected) =>
        new($"calls a function whose argument {i + 1} must be {expected} and is {JsonValues.TypeOf(a[i])}");
}
