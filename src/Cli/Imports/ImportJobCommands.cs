using System.CommandLine;
using Spectre.Console;
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
        host.Verb("stop", "stop it; what was imported stays", i => i.Change(i.Client.Imports.Stop(i.Get(Id)), Views.Import), Id, CommonOptions.Key),
        host.Verb("results", "what became of each line", i => i.List(
            Views.ImportResult, query => i.Client.Imports.Results(i.Get(Id), i.Get(Refused), query)),
            [Id, Refused, .. CommonOptions.ForPages]));

    /// <summary>Follows an import to its end, and says what came of it. Ctrl-C ends the waiting, not the import.</summary>
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
        invocation.Show(await invocation.Client.Imports.Get(invocation.Get(Id), invocation.Cancellation).ConfigureAwait(false), Views.Import);

    private static async Task<Import> Follow(Invocation invocation, string id)
    {
        try
        {
            return invocation.IsQuiet || !invocation.Terminal.IsInteractive
                ? await Each(invocation, id, (import, hasNews) => Note(invocation, import, hasNews)).ConfigureAwait(false)
                : await invocation.Terminal.Status.Progress()
                    .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                    .StartAsync(progress => InBar(invocation, id, progress.AddTask("importing"))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await invocation.Terminal.Error.WriteLineAsync(
                $"ta: The import goes on. Look with: ta import wait {id}; stop it with: ta import stop {id}").ConfigureAwait(false);
            throw;
        }
    }

    private static Task<Import> InBar(Invocation invocation, string id, ProgressTask bar) => Each(invocation, id, (import, _) =>
    {
        (bar.MaxValue, bar.Value) = (Math.Max(1, import.Total), Over(import));
        bar.Description = $"{Over(import)} of {import.Total}";
    });

    /// <summary>For a log: a line where there is news.</summary>
    private static void Note(Invocation invocation, Import import, bool hasNews)
    {
        if (hasNews)
        {
            invocation.Note($"{Over(import)} of {import.Total}");
        }
    }

    private static async Task<Import> Each(Invocation invocation, string id, Action<Import, bool> see)
    {
        Import? last = null;
        var imports = invocation.Client.Imports.Follow(id, TimeSpan.FromMilliseconds(250), invocation.Cancellation);
        await foreach (var import in imports.ConfigureAwait(false))
        {
            see(import, last is null || Over(last) != Over(import));
            last = import;
        }

        return last ?? throw new InvalidOperationException("an import is seen once at least");
    }

    private static int Over(Import import) => import.Imported + import.Refused;
}
