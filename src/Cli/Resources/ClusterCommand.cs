using System.CommandLine;
using System.Net;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client;

namespace TokenActors.Cli.Resources;

/// <summary><c>ta cluster</c>.</summary>
internal static class ClusterCommand
{
    public static Command Of(CommandHost host) => host.Verb("cluster", "the gateways and silos of the service", Show);

    private static async Task<ExitCode> Show(Invocation invocation)
    {
        try
        {
            return invocation.Show(
                await invocation.Client.Cluster(invocation.Cancellation).ConfigureAwait(false), Views.Anything);
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw new CliException(
                ExitCode.NotFound, "This service does not tell of its cluster: it is of an older release.");
        }
    }
}
