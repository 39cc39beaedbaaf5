using System.CommandLine;
using System.Text.Json.Nodes;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Imports;

/// <summary><c>ta token import</c>: keys of another system, by their hashes.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Lines = new("file")
    {
        Description = "JSON objects, one a line; - is stdin",
    };

    private static readonly Option<bool> HashKeys = new("--hash-keys")
    {
        Description = "the file has keys, one a line, or a name and a key: they are hashed here and never sent",
    };

    private static readonly Option<string?> Scheme = new("--scheme")
    {
        Description = "with --hash-keys: the scheme of the keys", HelpName = "name",
    };

    private static readonly Option<string?> PermissionSet = new("--permission-set")
    {
        Description = "with --hash-keys: what they may do", HelpName = "name",
    };

    private static readonly Option<string?> Life = new("--life")
    {
        Description = "with --hash-keys: how long from now on, such as 720h", HelpName = "duration",
    };

    private static readonly Option<string[]> Label = new("--label")
    {
        Description = "with --hash-keys: a label of theirs; may be repeated", HelpName = "label",
    };

    private static readonly Option<bool> Wait = new("--wait")
    {
        Description = "wait until it is done, with progress on stderr",
    };

    public static Command Of(CommandHost host) => host.Verb(
        "import", "take over keys of another system by their SHA-256", Run,
        [Lines, HashKeys, Scheme, PermissionSet, Life, Label, Wait, .. CommonOptions.ForChanges]);

    private static async Task<ExitCode> Run(Invocation invocation)
    {
        var change = invocation.Client.Imports.Start(await Read(invocation).ConfigureAwait(false));
        if (invocation.Get(CommonOptions.DryRun))
        {
            var plan = await change.Preview(invocation.Cancellation).ConfigureAwait(false);
            invocation.Show(plan, Views.ImportPlan);
            return plan.WouldRefuse == 0 ? ExitCode.Done : ExitCode.Partly;
        }

        var import = await invocation.Send(change).ConfigureAwait(false);
        return invocation.Get(Wait)
            ? await ImportJobCommands.Wait(invocation, import.Id).ConfigureAwait(false)
            : invocation.Show(import, Views.Import);
    }

    private static async Task<byte[]> Read(Invocation invocation)
    {
        var path = invocation.Get(Lines);
        if (invocation.Get(HashKeys))
        {
            return await Hashed(invocation, path).ConfigureAwait(false);
        }

        return invocation.Has(Scheme) || invocation.Has(PermissionSet) || invocation.Has(Life) || invocation.Has(Label)
            ? throw CliException.Usage(
                "--scheme, --permission-set, --life and --label go with --hash-keys; without it each line says them.")
            : path == "-"
                ? System.Text.Encoding.UTF8.GetBytes(invocation.Terminal.Input.ReadToEnd())
                : await File.ReadAllBytesAsync(path, invocation.Cancellation).ConfigureAwait(false);
    }

    /// <summary>The lines of a file of keys, each of which is one of the scheme.</summary>
    private static async Task<byte[]> Hashed(Invocation invocation, string path)
    {
        if (invocation.Get(Scheme) is not { } scheme || invocation.Get(PermissionSet) is not { } set)
        {
            throw CliException.Usage("With --hash-keys say --scheme and --permission-set.");
        }

        var schemes = await invocation.Client.ImportSchemes.List(invocation.Cancellation).ConfigureAwait(false);
        KeyFile file = new(SchemeCommands.Find(schemes, scheme), schemes);
        var common = CommonOf(invocation, scheme, set);
        if (path == "-")
        {
            return file.Hash(invocation.Terminal.Input, common);
        }

        using var keys = File.OpenText(path);
        return file.Hash(keys, common);
    }

    /// <summary>The fields that every line has.</summary>
    private static JsonObject CommonOf(Invocation invocation, string scheme, string set)
    {
        JsonObject common = new() { ["scheme"] = scheme, ["permission_set"] = set };
        if (invocation.Get(Life) is { } life)
        {
            common["life"] = life;
        }

        if (invocation.Get(Label) is { Length: > 0 } labels)
        {
            common["labels"] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]);
        }

        return common;
    }
}
