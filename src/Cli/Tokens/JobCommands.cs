using System.CommandLine;
using Spectre.Console;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Jobs;

namespace TokenActors.Cli.Tokens;

/// <summary><c>ta job</c>: changes of many things.</summary>
internal static class JobCommands
{
    private static readonly Argument<string> Id = new("job") { Description = "its id" };

    public static Command Of(CommandHost host) => CommandHost.Group(
        "job", "changes of many things, which go on by themselves",
        host.Verb("show", "how far it is", Show, Id),
        host.Verb("wait", "wait until it is over, with progress on stderr", i => Wait(i, i.Get(Id)), Id),
        host.Verb("stop", "stop it; what was done stays done", i => i.Change(i.Client.Jobs.Stop(i.Get(Id)), Views.Job), Id, CommonOptions.Key));

    /// <summary>Follows a job to its end, and says what came of it. Ctrl-C ends the waiting, not the job.</summary>
    public static async Task<ExitCode> Wait(Invocation invocation, string id)
    {
        var job = await Follow(invocation, id).ConfigureAwait(false);
        invocation.Show(job, Views.Job);
        return job is { State: "done", Refused: 0 } ? ExitCode.Done : ExitCode.Partly;
    }

    private static async Task<ExitCode> Show(Invocation invocation) =>
        invocation.Show(await invocation.Client.Jobs.Get(invocation.Get(Id), invocation.Cancellation).ConfigureAwait(false), Views.Job);

    private static async Task<Job> Follow(Invocation invocation, string id)
    {
        try
        {
            return invocation.IsQuiet || !invocation.Terminal.IsInteractive
                ? await FollowInLines(invocation, id).ConfigureAwait(false)
                : await invocation.Terminal.Status.Progress()
                    .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                    .StartAsync(progress => FollowInBar(invocation, id, progress.AddTask("revoking"))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await invocation.Terminal.Error.WriteLineAsync(
                $"ta: The job goes on. Look with: ta job wait {id}; stop it with: ta job stop {id}").ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Job> FollowInBar(Invocation invocation, string id, ProgressTask bar)
    {
        Job? last = null;
        await foreach (var job in Jobs(invocation, id).ConfigureAwait(false))
        {
            (bar.MaxValue, bar.Value) = (Math.Max(1, job.Total), Over(job));
            bar.Description = $"{Over(job)} of {job.Total}";
            last = job;
        }

        return last ?? throw new InvalidOperationException("a job is seen once at least");
    }

    /// <summary>For a log: a line where there is news.</summary>
    private static async Task<Job> FollowInLines(Invocation invocation, string id)
    {
        Job? last = null;
        await foreach (var job in Jobs(invocation, id).ConfigureAwait(false))
        {
            if (last is null || Over(last) != Over(job))
            {
                invocation.Note($"{Over(job)} of {job.Total}");
            }

            last = job;
        }

        return last ?? throw new InvalidOperationException("a job is seen once at least");
    }

    private static IAsyncEnumerable<Job> Jobs(Invocation invocation, string id) =>
        invocation.Client.Jobs.Follow(id, TimeSpan.FromMilliseconds(250), invocation.Cancellation);

    private static int Over(Job job) => job.Done + job.Gone + job.Refused;
}
