using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Imports;

namespace TokenActors.Cli.Imports;

/// <summary><c>ta import-scheme</c>: how the keys of other systems look.</summary>
internal static class SchemeCommands
{
    private static readonly Argument<string> Name = new("name") { Description = "of the new one" };
    private static readonly Argument<string> Scheme = new("scheme") { Description = "id or name" };

    private static readonly Option<string> Prefix = new("--prefix")
    {
        Description = "with which every key begins", HelpName = "text", Required = true,
    };

    private static readonly Option<int?> Length = new("--length") { Description = "characters of a whole key", HelpName = "number" };

    private static readonly Option<int?> Random = new("--random-characters")
    {
        Description = "characters after the prefix, in place of --length", HelpName = "number",
    };

    private static readonly Option<bool> LowEntropy = new("--accept-low-entropy")
    {
        Description = "take keys with fewer than 20 random characters, and what a leaked database then means",
    };

    public static Command Of(CommandHost host) => CommandHost.Group(
        "import-scheme", "how the keys of other systems look",
        host.Verb("list", "all schemes", async i =>
        {
            i.Printer.List(await i.Client.ImportSchemes.List(i.Cancellation).ConfigureAwait(false), Views.ImportScheme);
            return ExitCode.Done;
        }),
        host.Verb("create", "say how keys look", i => i.Change(
            i.Client.ImportSchemes.Create(new()
            {
                Name = i.Get(Name), Prefix = i.Get(Prefix)
                    ?? "", Length = i.Get(Length), RandomCharacters = i.Get(Random),
                AcceptLowEntropy = i.Get(LowEntropy) ? true : null,
            }),
            Views.ImportScheme), [Name, Prefix, Length, Random, LowEntropy, .. CommonOptions.ForChanges]),
        host.Verb("delete", "take a scheme away, while no token accepts a key of it", Delete,
            [Scheme, CommonOptions.DryRun, CommonOptions.Yes]));

    /// <summary>The scheme of an id or a name.</summary>
    /// <param name="schemes">all of the organization</param>
    /// <param name="wanted">id or name</param>
    /// <exception cref="CliException">there is none</exception>
    public static ImportScheme Find(IReadOnlyList<ImportScheme> schemes, string wanted) =>
        schemes.FirstOrDefault(
            scheme => scheme.Id == wanted || string.Equals(scheme.Name, wanted, StringComparison.OrdinalIgnoreCase))
        ?? throw new CliException(ExitCode.NotFound, $"There is no import scheme {wanted}.");

    private static async Task<ExitCode> Delete(Invocation invocation)
    {
        var scheme = Find(
            await invocation.Client.ImportSchemes.List(invocation.Cancellation).ConfigureAwait(false), invocation.Get(Scheme));
        return await invocation.Change(
            invocation.Client.ImportSchemes.Delete(scheme.Id), Views.ImportScheme, $"{scheme.Name} will be gone.").ConfigureAwait(false);
    }
}
