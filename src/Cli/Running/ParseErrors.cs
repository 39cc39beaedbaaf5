using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace TokenActors.Cli.Running;

/// <summary>What is wrong with a command line, in words that name no type of the program.</summary>
internal static partial class ParseErrors
{
    /// <summary>What other programs call the commands of this one.</summary>
    private static readonly Dictionary<string, string[]> Synonyms = new()
    {
        ["get"] = ["show"],
        ["describe"] = ["show"],
        ["ls"] = ["list"],
        ["new"] = ["create"],
        ["add"] = ["create"],
        ["set"] = ["edit"],
        ["update"] = ["edit"],
        ["patch"] = ["edit"],
        ["rm"] = ["delete", "revoke"],
        ["remove"] = ["delete", "revoke"],
        ["delete"] = ["revoke"],
        ["log-in"] = ["login"],
        ["logon"] = ["login"],
    };

    /// <summary>The error that says most, in one or two sentences; null where there is none.</summary>
    /// <param name="parsed">the command line</param>
    /// <param name="args">as they were given</param>
    public static string? Of(ParseResult parsed, IReadOnlyList<string> args)
    {
        // Read as a name, a slip in --dry-run would make what was only to be looked at.
        if (StrayOption(parsed, args) is { } stray)
        {
            return $"There is no option {stray}.{Hint(OptionsOf(parsed.CommandResult).FirstOrDefault(option => IsLike(option, stray)))}";
        }

        if (parsed.Errors.Count == 0)
        {
            return ResultsOf(parsed, parsed.CommandResult).FirstOrDefault(IsNoWord) is { Tokens: [var number] } strange
                ? $"{strange.Option.Name} takes {FormOf(strange.Option.ValueType)}, not {number.Value}."
                : null;
        }

        // A word that is no command leaves its group without one, which says less.
        var commands = parsed.CommandResult.Command.Subcommands;
        if (commands.Count > 0 && parsed.UnmatchedTokens is [var word, ..])
        {
            var meant = Synonyms.GetValueOrDefault(word, []).FirstOrDefault(
                other => commands.Any(command => command.Name == other))
                ?? commands.FirstOrDefault(command => IsLike(command.Name, word))?.Name;
            return $"There is no command {word}.{Hint(meant)}";
        }

        var error = parsed.Errors[0];
        return OptionOf(error.SymbolResult) is { Tokens: [var value] } result && IsOfType(error)
            ? $"{result.Option.Name} takes {FormOf(result.Option.ValueType)}, not {value.Value}."
            : error.Message.Split('\n')[0].TrimEnd();
    }

    /// <summary>
    /// A word that looks like an option and was taken for an argument or the value of one, without what is assigned to
    /// it; null where there is none. What stands behind <c>--</c>, or after the name of a program that is to be run, is
    /// that program's, and <c>--option=-value</c> says that it is a value.
    /// </summary>
    private static string? StrayOption(ParseResult parsed, IReadOnlyList<string> args)
    {
        var words = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Where(
            token => token.Type == TokenType.Argument);
        return (parsed.CommandResult.Command.TreatUnmatchedTokensAsErrors ? words : words.Take(1))
            .Select(token => token.Value)
            .FirstOrDefault(word => OptionForm.IsMatch(word) && !args.Any(arg => IsAssigned(arg, word)))?.Split('=', ':')[0];
    }

    private static bool IsAssigned(string arg, string value) =>
        arg.Length > value.Length && arg.StartsWith('-') && arg.EndsWith(value, StringComparison.Ordinal)
        && arg[^(value.Length + 1)] is '=' or ':';

    private static IEnumerable<OptionResult> ResultsOf(ParseResult parsed, CommandResult command) =>
        command.Command.Options.Select(option => parsed.GetResult(option)).OfType<OptionResult>()
            .Concat(command.Parent is CommandResult parent ? ResultsOf(parsed, parent) : []);

    /// <summary>.NET takes a number for the word that has it, and several words for one.</summary>
    private static bool IsNoWord(OptionResult result) =>
        (Nullable.GetUnderlyingType(result.Option.ValueType) ?? result.Option.ValueType) is { IsEnum: true } type
        && result is { Implicit: false, Tokens: [var word] }
        && !Enum.GetNames(type).Contains(word.Value, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> OptionsOf(CommandResult command) =>
        command.Command.Options.Where(option => !option.Hidden).Select(option => option.Name)
            .Concat(command.Parent is CommandResult parent ? OptionsOf(parent) : []);

    /// <summary>The same but for hyphens, or the beginning of it.</summary>
    private static bool IsLike(string known, string word)
    {
        var (whole, part) = (Plain(known), Plain(word));
        return part.Length > 1 && whole.StartsWith(part, StringComparison.OrdinalIgnoreCase);

        static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal);
    }

    private static string Hint(string? meant) => meant is null ? "" : $" Do you mean {meant}?";

    private static bool IsOfType(ParseError error) => error.Message.Contains("expected type", StringComparison.Ordinal);

    private static OptionResult? OptionOf(SymbolResult? result) =>
        result as OptionResult ?? result?.Parent as OptionResult;

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

    [GeneratedRegex("^--?[A-Za-z]")]
    private static partial Regex OptionForm { get; }
}
