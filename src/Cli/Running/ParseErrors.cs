using System.CommandLine;
using System.CommandLine.Parsing;

namespace TokenActors.Cli.Running;

/// <summary>What is wrong with a command line, in words that name no type of the program.</summary>
internal static class ParseErrors
{
    /// <summary>The error that says most, in one sentence.</summary>
    /// <param name="parsed">with at least one error</param>
    public static string Describe(ParseResult parsed)
    {
        // A word that is no command leaves its group without one, which says less.
        if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var word, ..])
        {
            return $"There is no command {word}.";
        }

        var error = parsed.Errors[0];
        return OptionOf(error.SymbolResult) is { Tokens: [var value] } result && IsOfType(error)
            ? $"{result.Option.Name} takes {FormOf(result.Option.ValueType)}, not {value.Value}."
            : error.Message.Split('\n')[0].TrimEnd();
    }

    private static bool IsOfType(ParseError error) => error.Message.Contains("expected type", StringComparison.Ordinal);

    private static OptionResult? OptionOf(SymbolResult? result) => result as OptionResult ?? result?.Parent as OptionResult;

    private static string FormOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            var words = Enum.GetNames(type).Select(name => name.ToLowerInvariant()).ToList();
            return $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
        }

        return type == typeof(bool) ? "true or false" : "a whole number";
    }
}
