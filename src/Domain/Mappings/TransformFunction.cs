namespace TokenActors.Domain.Mappings;

/// <summary>A function that transforms may call.</summary>
/// <param name="Name">as it is called</param>
/// <param name="Least">number of arguments at least</param>
/// <param name="Most">number of arguments at most</param>
/// <param name="Call">makes the result of the arguments, of which an expression is its node</param>
/// <param name="ExpressionAt">the argument that must be an expression; null where none may be</param>
internal sealed record TransformFunction(
    string Name, int Least, int Most, Func<TransformRun, object?[], object?> Call, int? ExpressionAt = null)
{
    /// <summary>What is wrong with arguments, as far as that can be seen without data; null where nothing is.</summary>
    public string? ProblemWith(IReadOnlyList<TransformNode> arguments)
    {
        if (arguments.Count < Least || arguments.Count > Most)
        {
            return Least == Most ? $"{Name} takes {Least} arguments" : $"{Name} takes at least {Least} arguments";
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is ExpressionNode != (i == ExpressionAt))
            {
                return i == ExpressionAt
                    ? $"argument {i + 1} of {Name} must be an expression that begins with &"
                    : $"argument {i + 1} of {Name} must not be an expression that begins with &";
            }
        }

        return null;
    }
}
