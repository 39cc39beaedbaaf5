using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Cluster;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Records;

namespace TokenActors.Silo.Operations;

/// <summary>Commands about the form of stored rows.</summary>
internal static class StoredRows
{
    private const string ClusterId = "0";

    /// <param name="run">reads the settings and runs a command</param>
    public static Command ShowToken(Func<Func<ServiceOptions, Task>, Task<int>> run)
    {
        var id = new Argument<string>("id") { Description = "The token's id." };
        var command = new Command(
            "show-token", "Show a token as it is stored: digests, no secret. Silos may hold a newer last use in memory. Writes nothing.");
        command.Add(id);
        command.SetAction((parsed, _) => run(options => Show(options, parsed.GetRequiredValue(id))));
        return command;
    }

    /// <param name="run">reads the settings and runs a command</param>
    /// <param name="dryRun">the flag of all commands</param>
    public static Command FinishUpgrade(Func<Func<ServiceOptions, Task>, Task<int>> run, Option<bool> dryRun)
    {
        var command = new Command(
            "finish-upgrade",
            "Say that no silo will go back to an earlier release: none of it starts on the database any more, and silos "
            + "that start from then on write the forms that it could not read.");
        command.SetAction((parsed, stopping) => run(options => Finish(options, parsed.GetValue(dryRun), stopping)));
        return command;
    }

    private static async Task Show(ServiceOptions options, string id)
    {
        await using var store = await OperatorStore.Open(options);
        var record = TokenId.TryParse(id, out var token)
            ? await store.Read(new RecordKey(Kinds.Token, token.ToString()))
            : null;
        if (record is null)
        {
            throw new InvalidOperationException($"There is no token '{SecretScan.Mask(id)}'.");
        }

        try
        {
            Console.WriteLine(ShownToken.Of(record));
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            throw new InvalidOperationException($"The row cannot be read: {e.Message}", e);
        }
    }

    private static async Task Finish(ServiceOptions options, bool dryRun, CancellationToken stopping)
    {
        await using var store = await OperatorStore.Open(options);
        var program = store.Floor.ProgramSchema;
        var isFinished = (await store.Floor.Read()).OldestProgram >= program;
        if (dryRun)
        {
            Console.WriteLine(isFinished
                ? Finished(program)
                : Text($"Would keep programs older than schema {program} from starting on the database."));
            return;
        }

        // Silos are asked although it was finished before: an earlier try may have found an older one after that.
        await using var session = await OperatorSession.Open(options, stopping);
        await DemandNewSilos(session, program, stopping);
        if (isFinished)
        {
            Console.WriteLine(Finished(program));
            return;
        }

        await store.Floor.Demand(program);

        // One that read the schema before that may have joined since.
        await DemandNewSilos(session, program, stopping);
        Console.WriteLine(Text($"No program older than schema {program} starts on the database any more. ")
            + "Restart the silos one by one: each writes the new form from its start on.");
    }

    /// <exception cref="InvalidOperationException">a silo runs an older program, or does not say which</exception>
    private static async Task DemandNewSilos(OperatorSession session, int program, CancellationToken stopping)
    {
        var report = await session.Grains.GetGrain<IClusterGrain>(ClusterId).Report(stopping);
        if (report.Silos.FirstOrDefault(silo => !(silo.Details?.Schema >= program)) is { } older)
        {
            throw new InvalidOperationException(older.Details is { Schema: var known }
                ? Text($"Silo {older.Address} runs a program of schema {known}. Upgrade it first.")
                : Text($"Silo {older.Address} does not say which program it runs ({older.Status}). Try again, or stop it."));
        }
    }

    private static string Finished(int program) =>
        Text($"No program older than schema {program} starts on the database already; nothing was written.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
