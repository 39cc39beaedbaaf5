using System.CommandLine;
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
        host.Verb(
            "stop", "stop it; what was done stays done", i => i.Change(i.Client.Jobs.Stop(i.Get(Id)), Views.Job), Id,
            CommonOptions.Key));

    /// <summary>Follows a job to its end, and says what came of it. Ctrl-C ends the waiting, not the job.</summary>
    public static async Task<ExitCode> Wait(Invocation invocation, string id)
    {
        var job = await Follow(invocation, id).ConfigureAwait(false);
        invocation.Show(job, Views.Job);
        return job is { State: "done", Refused: 0 } ? ExitCode.Done : ExitCode.Partly;
    }

    private static async Task<ExitCode> Show(Invocation invocation) =>
        invocation.Show(
            await invocation.Client.Jobs.Get(invocation.Get(Id), invocation.Cancellation).ConfigureAwait(false),
            Views.Job);

    private static Task<Job> Follow(Invocation invocation, string id) =>
        new Follower<Job>(
            invocation, "job", "The job", "revoking", job => (job.Done + job.Gone + job.Refused, job.Total))
            .ToEnd(id, invocation.Client.Jobs.Follow(id, Follower<Job>.Every, invocation.Cancellation));
}
