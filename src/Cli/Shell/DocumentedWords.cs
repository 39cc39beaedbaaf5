using System.CommandLine;
using System.CommandLine.Completions;

namespace TokenActors.Cli.Shell;

/// <summary>
/// Words of enumerations as they are documented and as everybody types them. Shells compare letters as they are, and
/// the library offers the names as C# writes them.
/// </summary>
internal static class DocumentedWords
{
    public static void OfferDocumentedWords(this Command command)
    {
        foreach (var option in command.Options)
        {
            Offer(option.CompletionSources, option.ValueType);
        }

        foreach (var argument in command.Arguments)
        {
            Offer(argument.CompletionSources, argument.ValueType);
        }

        foreach (var below in command.Subcommands)
        {
            below.OfferDocumentedWords();
        }
    }

    private static void Offer(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, Type type)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } words)
        {
            sources.Clear();
            sources.Add([.. Enum.GetNames(words).Select(word => word.ToLowerInvariant())]);
        }
    }
}
