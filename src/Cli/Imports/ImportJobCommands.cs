using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Imports;

namespace TokenActors.Cli.Imports;

/// <summary><c>ta import</c>: imports that go on by themselves.</summary>
internal static class ImportJobCommands
{
    private static readonly Argument<string> Id = new("import") { Description = "its id" };

    private static readonly Option<bool> Refused = new("--refused") { Description = "only lines that were refused" };

    public static Command Of(CommandHost host) => CommandHost.Group(
        "import", "imports of keys, which go on by themselves",
        host.Verb("show", "how far it is", Show, Id),
        host.Verb("wait", "wait until it is over, with progress on stderr", i => Wait(i, i.Get(Id)), Id),
        host.Verb(
            "stop", "stop it; what was imported stays", i => i.Change(i.Client.Imports.Stop(i.Get(Id)), Views.Import),
            Id, CommonOptions.Key),
        host.Verb("results", "what became of each line", i => i.List(
            Views.ImportResult, query => i.Client.Imports.Results(i.Get(Id), i.Get(Refused), query)),
            [Id, Refused, .. CommonOptions.ForPages]));

    /// <summary>Follows an import to its end, and says what came of it. Ctrl-C ends the waiting, not the
    /// import.</summary>
    public static async Task<ExitCode> Wait(Invocation invocation, string id)
    {
        var import = await Follow(invocation, id).ConfigureAwait(false);
        invocation.Show(import, Views.Import);
        if (import.Refused > 0)
        {
            invocation.Note($"Why lines were refused: ta import results {id} --refused --all");
        }

        return import is { State: "done", Refused: 0 } ? ExitCode.Done : ExitCode.Partly;
    }

    private static async Task<ExitCode> Show(Invocation invocation) =>
        invocation.Show(
            await invocation.Client.Imports.Get(invocation.Get(Id), invocation.Cancellation).ConfigureAwait(false),
            Views.Import);

    private static Task<Import> Follow(Invocation invocation, string id) =>
        new Follower<Import>(
            invocation, "import", "The import", "importing", import => (import.Imported + import.Refused, import.Total))
            .ToEnd(id, invocation.Client.Imports.Follow(id, Follower<Import>.Every, invocation.Cancellation));
}
