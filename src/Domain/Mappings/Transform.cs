using System.Text.Json;

namespace TokenActors.Domain.Mappings;

/// <summary>
/// What a mapping makes of a JSON object: a JMESPath expression (jmespath.org), evaluated within bounds that hold
/// whatever the expression and the data are.
/// </summary>
public sealed class Transform
{
    /// <summary>Of one run of a whole chain. They take some tens of milliseconds.</summary>
    public const int MostSteps = 250_000;

    /// <summary>Bytes of the data as JSON.</summary>
    public const int LongestInput = 256 * 1024;

    /// <summary>Bytes of what comes out as JSON.</summary>
    public const int LongestOutput = 1024 * 1024;

    private readonly TransformNode _root;

    private Transform(TransformNode root) => _root = root;

    /// <exception cref="TransformException">the text is no expression; the message says where</exception>
    public static Transform Parse(string text) => new(new TransformParser(text).Parse());

    /// <summary>Puts an object through each transform, of which the next sees what the one before has made.</summary>
    /// <exception cref="TransformException">the data cannot be read</exception>
    /// <exception cref="TransformChainException">what comes out of one is no object, or a bound is reached</exception>
    public static byte[] Run(IReadOnlyList<Transform> chain, JsonElement data, string? rawDataField = null)
    {
        var budget = new TransformBudget(MostSteps);
        var run = new TransformRun(budget);
        var input = Read(data);
        var value = input;
        for (var i = 0; i < chain.Count; i++)
        {
            value = Within(i, () => run.Evaluate(chain[i]._root, value) is OrderedDictionary<string, object?> made
                ? made
                : throw new TransformException("makes no object"));
        }

        if (rawDataField is not null && value is OrderedDictionary<string, object?> last)
        {
            value = new OrderedDictionary<string, object?>(last, StringComparer.Ordinal) { [rawDataField] = input };
        }

        return Within(chain.Count - 1, () => JsonValues.Write(value, LongestOutput, budget)
            ?? throw new TransformException($"makes more than {LongestOutput} bytes"));
    }

    private static object? Read(JsonElement data)
    {
        try
        {
            return JsonValues.Of(data);
        }
        catch (InvalidOperationException e)
        {
            throw new TransformException("has a text that is not valid Unicode", e);
        }
    }

    private static T Within<T>(int place, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (TransformException e)
        {
            throw new TransformChainException(place, e);
        }
    }
}
