using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using Microsoft.Extensions.Configuration;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Silo.Operations;

/// <summary>
/// The commands of the silo program, with their help and exit codes: 0 done, 1 failed, 2 not understood.
/// </summary>
internal static class OperatorCommands
{
    private const string Description =
        """
        A silo of a TokenActors cluster. Without a command it joins the cluster and serves until SIGTERM.

        Settings are given in the environment (TokenActors__Storage__Provider=PostgreSql) or as flags anywhere
        (--TokenActors:Storage:Provider PostgreSql); --urls says where probes are answered
        (default http://127.0.0.1:8081).

        Exit codes: 0 done, 1 failed (the message says why), 2 the command line was not understood.
        """;

    private static readonly Option<bool> DryRun =
        new("--dry-run") { Description = "Say what would be done, and do nothing.", Recursive = true };

    public static Task<int> Run(IReadOnlyList<string> args, string[] settings)
    {
        var root = new RootCommand(Description);
        var migrate = new Option<bool>("--migrate")
        {
            Description = "Bring the database's schema up to date, then end. Safe to run twice at once.",
        };
        var bootstrap = new Option<DirectoryInfo?>("--bootstrap-out")
        {
            Description = "With --migrate: where the service has no organization yet, make it, "
                + "and write its first credentials to DIR/bootstrap.json (mode 0600).",
            HelpName = "DIR",
        };
        root.Add(migrate);
        root.Add(bootstrap);
        root.Add(DryRun);
        root.Add(ResetAdministrator(settings));
        root.Add(SetOrganization(
            settings, "enable-organization", "Enable an organization: its tokens are accepted again.",
            OrganizationStatus.Enabled));
        root.Add(SetOrganization(
            settings, "disable-organization", "Disable an organization: every call of its tokens is answered 402.",
            OrganizationStatus.Disabled));
        root.Add(Pepper(settings));
        root.Add(VerifyAudit(settings));
        root.Add(AuditSecrets(settings));
        root.Add(CheckDatabase(settings));
        root.Add(StoredRows.ShowToken(work => Guarded(settings, work)));
        root.Add(StoredRows.FinishUpgrade(work => Guarded(settings, work), DryRun));
        root.Validators.Add(result =>
        {
            if (result.Command == root && !result.GetValue(migrate)
                && result.Children.Any() && result.Children.All(child => child is OptionResult))
            {
                result.AddError("--bootstrap-out and --dry-run go with --migrate or a command.");
            }
        });
        root.SetAction((parsed, stopping) => Guarded(settings, options =>
            Migration.Run(options, parsed.GetValue(bootstrap)?.FullName, parsed.GetValue(DryRun), stopping)));
        var result = root.Parse(args);
        return result.Errors.Count > 0 ? Misunderstood(result) : result.InvokeAsync();
    }

    private static async Task<int> Misunderstood(ParseResult result)
    {
        await result.InvokeAsync();
        return ExitCodes.Usage;
    }

    private static Command ResetAdministrator(string[] settings)
    {
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Write the new credentials to DIR/administrator.json (mode 0600).",
            HelpName = "DIR",
            Required = true,
        };
        var name = new Option<string>("--member")
        {
            Description = "The administrator's name.",
            HelpName = "NAME",
            DefaultValueFactory = _ => Bootstrap.AdministratorName,
        };
        var command = new Command(
            "reset-administrator",
            "Give an administrator of the root organization a new password, "
            + "and the organization's default token new secrets.");
        command.Add(folder);
        command.Add(name);
        command.SetAction((parsed, stopping) => Guarded(settings, options =>
            Administration.ResetAdministrator(
                options, parsed.GetRequiredValue(name), parsed.GetRequiredValue(folder).FullName,
                parsed.GetValue(DryRun), stopping)));
        return command;
    }

    private static Command SetOrganization(
        string[] settings, string verb, string description, OrganizationStatus status)
    {
        var organization = new Argument<string>("organization") { Description = "Its id or name." };
        var command = new Command(verb, description);
        command.Add(organization);
        command.SetAction((parsed, stopping) => Guarded(settings, options =>
            Administration.SetOrganization(
                options, parsed.GetRequiredValue(organization), status, parsed.GetValue(DryRun), stopping)));
        return command;
    }

    private static Command VerifyAudit(string[] settings)
    {
        var command = new Command(
            "verify-audit",
            "Check the chain over the audit trail, and name the first row that was changed, taken out or put in. "
            + "Writes nothing.");
        var since = new Option<string?>("--since")
        {
            Description = "Check only what came after an anchor that an earlier run printed, "
                + "and that the chain still has it.",
            HelpName = "ANCHOR",
        };
        since.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !AuditAnchor.TryParse(text, out _))
            {
                result.AddError($"--since '{text}' is not an anchor; verify-audit prints one, such as 12:ab34.");
            }
        });
        var unknown = new Option<string[]>("--unknown-pepper")
        {
            Description = "A pepper that is lost: links under it are counted, not checked. May be repeated.",
            HelpName = "ID",
            DefaultValueFactory = _ => [],
        };
        var file = new Option<string?>("--file")
        {
            Description = "Check rows that GET /lifecycle/v1/audit exported (NDJSON), each by its code, instead of the chain.",
            HelpName = "PATH",
        };
        command.Add(since);
        command.Add(unknown);
        command.Add(file);
        command.SetAction((parsed, _) => Guarded(settings, options => parsed.GetValue(file) is { } path
            ? AuditFile.Run(options, path)
            : AuditVerification.Run(options, parsed.GetValue(since), parsed.GetRequiredValue(unknown))));
        return command;
    }

    private static Command AuditSecrets(string[] settings)
    {
        var reset = new Option<bool>("--reset")
        {
            Description = "Reset the tokens: their secrets are refused from then on, and new ones must be taken.",
        };
        var command = new Command(
            "audit-secrets",
            "Name the tokens whose secrets stand in audit rows of before secrets were masked there, and are accepted. "
            + "Ends with 0 where there are none or all were reset, with 1 where some are left.");
        command.Add(reset);
        command.SetAction((parsed, stopping) => Guarded(settings, options =>
            AuditSecretSearch.Run(options, parsed.GetValue(reset), parsed.GetValue(DryRun), stopping)));
        return command;
    }

    private static Command CheckDatabase(string[] settings)
    {
        var command = new Command(
            "check-database",
            "Ask the database for its version, isolation, collation, rights, clock and the plans of the statements that "
            + "every request needs, and say what is wrong. Writes nothing.");
        command.SetAction((_, _) => Guarded(settings, DatabaseInspection.Run));
        return command;
    }

    private static Command Pepper(string[] settings)
    {
        var file = new Option<FileInfo>("--out")
        {
            Description = "Write the pepper's settings to FILE (mode 0600).",
            HelpName = "FILE",
            Required = true,
        };
        var add = new Command(
            "add", "Make a new pepper. Put it last into every silo's ring, then, once all silos have it, first.");
        add.Add(file);
        add.SetAction((parsed, _) => Guarded(
            settings,
            options => Peppers.Add(options, parsed.GetRequiredValue(file).FullName, parsed.GetValue(DryRun)),
            anySettings: true));

        var id = new Argument<string>("id") { Description = "The pepper's id." };
        var force = new Option<bool>("--force")
        {
            Description = "Forget its key for good. Lost with it: refresh halves and secrets that were not shown since, "
                + "the providers' secrets in credentials, passwords, the verification of its audit links.",
        };
        var retire = new Command(
            "retire",
            "Keep a pepper's key in the database only, sealed under the first pepper, so that silos start without it. "
            + "Nothing is lost: digests move when they are next used, credentials now.");
        retire.Add(id);
        retire.Add(force);
        retire.SetAction((parsed, stopping) => Guarded(settings, options => Peppers.Retire(
            options, parsed.GetRequiredValue(id), parsed.GetValue(force), parsed.GetValue(DryRun), stopping)));
        var list = new Command(
            "list", "Say which peppers the database knows, what is stored under each, and how long that can last.");
        list.SetAction((_, _) => Guarded(settings, Peppers.List));
        return new Command("pepper", "The keys under which secrets are stored.") { add, list, retire };
    }

    /// <summary>
    /// Reads the settings, and runs a command; an expected failure becomes a message and an exit code.
    /// </summary>
    private static async Task<int> Guarded(string[] settings, Func<ServiceOptions, Task> work, bool anySettings = false)
    {
        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(settings).Build();
            var (options, problems) = SettingsReader.Check(configuration, new ServiceRules());
            if (problems.Count > 0 && !anySettings)
            {
                throw new SettingsException(problems);
            }

            await work(options);
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is SettingsException or InvalidOperationException or SchemaBehindException
            or StorageUnavailableException or ServiceUnavailableException or DbException or IOException
            or UnauthorizedAccessException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"Failed. {MessageOf(e)}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>What the server or the network said, where it is the database that cannot be used.</summary>
    private static string MessageOf(Exception e) => e is StorageUnavailableException { InnerException: { } cause }
        ? $"The database cannot be used: {cause.GetBaseException().Message}"
        : e.Message;
}
