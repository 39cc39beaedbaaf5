using System.CommandLine;
using System.Text.Json;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Events;

/// <summary><c>ta audit</c>.</summary>
internal static class AuditCommands
{
    private static readonly Option<string?> Cursor = new("--cursor")
    {
        Description = "of the last line that was exported", HelpName = "cursor",
    };

    private static readonly Argument<string> Export = new("file") { Description = "an export of before" };

    public static Command Of(CommandHost host) => CommandHost.Group(
        "audit", "what was done, and what was refused",
        host.Verb(
            "list", "the trail, newest first", i => i.List(Views.Audit, i.Client.Audit.List), CommonOptions.ForLists),
        host.Verb(
            "export", "the trail as lines of JSON, oldest first, without the last minute", RunExport,
            CommonOptions.Filter, Cursor),
        host.Verb("verify", "compare an export with what the service tells now", Verify, Export, CommonOptions.Filter));

    private static async Task<ExitCode> RunExport(Invocation invocation)
    {
        await foreach (var line in invocation.Client.Audit.ExportLines(
            invocation.Get(Cursor), invocation.Get(CommonOptions.Filter) ?? [], invocation.Cancellation).ConfigureAwait(false))
        {
            invocation.Printer.Line(line);
        }

        return ExitCode.Done;
    }

    /// <summary>
    /// Every kept row is still there and says the same, and none between them was left out; both are read a row at a
    /// time. That the rows are the service's own is proved by its operator, with <c>tokenactors-silo verify-audit
    /// --file</c>: only the service has the key of the codes.
    /// </summary>
    private static async Task<ExitCode> Verify(Invocation invocation)
    {
        await using var told = invocation.Client.Audit.ExportLines(
            null, invocation.Get(CommonOptions.Filter) ?? [], invocation.Cancellation).GetAsyncEnumerator(invocation.Cancellation);
        ExportComparison comparison = new(told);
        var number = 0;
        foreach (var line in File.ReadLines(invocation.Get(Export)))
        {
            number++;
            if (line.Length > 0 && await comparison.ProblemOf(RowOf(line, number)).ConfigureAwait(false) is { } problem)
            {
                await invocation.Terminal.Error.WriteLineAsync($"ta: line {number}: {problem}").ConfigureAwait(false);
            }

            if (comparison.IsOver)
            {
                break;
            }
        }

        invocation.Note($"{comparison.Rows} rows were compared, {comparison.Differing} differ.");
        if (comparison.Missing > 0)
        {
            invocation.Note($"{comparison.Missing} rows that the service tells between them are not in the file. Say the --filter that it was exported by.");
        }

        return comparison is { Differing: 0, Missing: 0 } ? ExitCode.Done : ExitCode.Failed;
    }

    private static ExportedRow RowOf(string line, int number)
    {
        try
        {
            return ExportedRow.Read(line);
        }
        catch (JsonException)
        {
            throw CliException.Usage($"Line {number} is no row of an export.");
        }
    }
}
