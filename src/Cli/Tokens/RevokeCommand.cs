using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client;

namespace TokenActors.Cli.Tokens;

/// <summary><c>ta token revoke</c>: some tokens by name, or many by filter.</summary>
internal static class RevokeCommand
{
    private static readonly Argument<string[]> Tokens = new("tokens")
    {
        Description = "ids or names", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Plan = new("--plan")
    {
        Description = "start exactly what a dry run has chosen", HelpName = "id",
    };

    private static readonly Option<bool> Wait = new("--wait")
    {
        Description = "wait until it is done, with progress on stderr",
    };

    public static Command Of(CommandHost host) => host.Verb(
        "revoke", "delete tokens, with what was made with them", Run,
        [Tokens, CommonOptions.Filter, Plan, Wait, .. CommonOptions.ForDangers]);

    private static Task<ExitCode> Run(Invocation invocation)
    {
        var tokens = invocation.Find(Tokens) ?? [];
        var filters = invocation.Get(CommonOptions.Filter) ?? [];
        return (tokens, filters, invocation.Get(Plan)) switch
        {
            ({ Length: > 0 }, [], null) => Each(invocation, tokens),
            ([], { Length: > 0 }, null) => Many(invocation, filters),
            ([], [], { } plan) => Planned(invocation, plan),
            _ => throw CliException.Usage("Say tokens, or --filter, or --plan. See: ta token revoke --help"),
        };
    }

    private static async Task<ExitCode> Each(Invocation invocation, string[] tokens)
    {
        List<ExitCode> failures = [];
        foreach (var name in tokens)
        {
            try
            {
                var id = await TokenNames.IdOf(invocation, name).ConfigureAwait(false);
                await invocation.Change(
                    invocation.Client.Tokens.Delete(id), Views.Preview, $"{name} will be gone.").ConfigureAwait(false);
            }
            catch (Exception e) when (tokens.Length > 1
                && e is (TokenActorsException and not OutcomeUnknownException) or CliException { ExitCode: ExitCode.NotFound })
            {
                var (code, line) = Failures.Of(e);
                failures.Add(code);
                await invocation.Terminal.Error.WriteLineAsync(
                    $"ta: {Failures.OneLine($"{name}: {line}")}").ConfigureAwait(false);
            }
        }

        if (failures.Count == 0)
        {
            return ExitCode.Done;
        }

        // Where none was done, the first says why.
        return failures.Count < tokens.Length ? ExitCode.Partly : failures[0];
    }

    private static async Task<ExitCode> Many(Invocation invocation, string[] filters)
    {
        var plan = await invocation.Client.Tokens.RevokeMany(filters).Preview(invocation.Cancellation).ConfigureAwait(false);
        if (invocation.Get(CommonOptions.DryRun))
        {
            return invocation.Show(plan, Views.Plan);
        }

        invocation.Confirm($"What the filters match will be gone.{Invocation.Describe(plan.Affected)}");
        return await Start(invocation, plan.Id).ConfigureAwait(false);
    }

    /// <summary>What a dry run of before has chosen; a plan that was started already is asked for nothing
    /// more.</summary>
    private static async Task<ExitCode> Planned(Invocation invocation, string plan)
    {
        if (invocation.Get(CommonOptions.DryRun) || !invocation.Get(CommonOptions.Yes))
        {
            var job = await invocation.Client.Jobs.Get(plan, invocation.Cancellation).ConfigureAwait(false);
            if (invocation.Get(CommonOptions.DryRun))
            {
                return invocation.Show(job, Views.Job);
            }

            if (job.State == "planned")
            {
                invocation.Confirm($"What the plan chose will be gone. Tokens that it chose: {job.Total}.");
            }
        }

        return await Start(invocation, plan).ConfigureAwait(false);
    }

    /// <summary>The filters again would choose tokens that were made since, so the plan is what is repeated.</summary>
    private static async Task<ExitCode> Start(Invocation invocation, string plan)
    {
        var job = await invocation.Send(
            invocation.Client.Tokens.Revoke(plan), $"Start what was chosen, it is done once: ta token revoke --plan {plan}").ConfigureAwait(false);
        return invocation.Get(Wait)
            ? await JobCommands.Wait(invocation, job.Id).ConfigureAwait(false)
            : invocation.Show(job, Views.Job);
    }
}
