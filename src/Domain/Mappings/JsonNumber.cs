using System.Globalization;
using System.Text.RegularExpressions;

namespace TokenActors.Domain.Mappings;

/// <summary>
/// A number as it was written, so that one that only passes through stays what it was: ids have more digits than a
/// double.
/// </summary>
internal sealed partial class JsonNumber
{
    /// <summary>Digits that a decimal holds without rounding.</summary>
    private const int MostExactDigits = 28;

    /// <summary>Two that are no larger have an exact sum.</summary>
    private const decimal LargestOfSum = decimal.MaxValue / 2;

    private readonly decimal? _exact;

    private JsonNumber(string text, double value, decimal? exact) => (Text, Value, _exact) = (text, value, exact);

    public string Text { get; }

    public double Value { get; }

    /// <exception cref="TransformException">the number is larger than any double</exception>
    public static JsonNumber Parse(string text)
    {
        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            throw new TransformException("a number is too large");
        }

        var isExact = text.Length <= MostExactDigits && !text.Contains('e', StringComparison.OrdinalIgnoreCase);
        return new JsonNumber(text, value, isExact ? decimal.Parse(text, CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Whether a text is a number as JSON writes it. No exception says so: a run asks for thousands.</summary>
    public static bool IsNumber(string text) => Written().IsMatch(text);

    public static JsonNumber Of(decimal value)
    {
        var plain = value / 1.000000000000000000000000000m;
        return new JsonNumber(plain.ToString(CultureInfo.InvariantCulture), (double)value, plain);
    }

    /// <exception cref="TransformException">the number is larger than any double</exception>
    public static JsonNumber Of(double value) => double.IsFinite(value)
        ? new JsonNumber(value.ToString("R", CultureInfo.InvariantCulture), value, exact: null)
        : throw new TransformException("a number is too large");

    /// <summary>Exact where both are.</summary>
    public int CompareTo(JsonNumber other) => (_exact, other._exact) is ({ } left, { } right)
        ? left.CompareTo(right)
        : Value.CompareTo(other.Value);

    /// <summary>Exact where all numbers are, and their sum.</summary>
    public static JsonNumber Sum(IReadOnlyCollection<JsonNumber> numbers)
    {
        var sum = 0m;
        foreach (var number in numbers)
        {
            if (number._exact is not { } exact || Math.Max(Math.Abs(exact), Math.Abs(sum)) > LargestOfSum)
            {
                return Of(numbers.Sum(each => each.Value));
            }

            sum += exact;
        }

        return Of(sum);
    }

    public JsonNumber DividedBy(int count) => _exact is { } exact ? Of(exact / count) : Of(Value / count);

    public JsonNumber Map(Func<decimal, decimal> exactly, Func<double, double> roughly) =>
        _exact is { } exact ? Of(exactly(exact)) : Of(roughly(Value));

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Written();
}
