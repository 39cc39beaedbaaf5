using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace TokenActors.Hosting.Clustering;

/// <summary>
/// Tries to connect again for as long as the host runs, and says once where that is of no use: the silos are of another
/// cluster.
/// </summary>
internal sealed partial class ConnectionRetry(
    ClusterConnection connection, IOptions<ClusterOptions> options, ILogger<ConnectionRetry> logger) : IClientConnectionRetryFilter
{
    /// <summary>How Orleans begins the message of the exception.</summary>
    private const string OtherCluster = "Unexpected cluster id";

    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;

    public Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        var reason = exception.GetBaseException().Message;
        if (reason.StartsWith(OtherCluster, StringComparison.Ordinal) && connection.Problem is null
            && reason.Split('"') is [_, var silos, ..])
        {
            connection.Problem =
                $"the silos are of cluster '{silos}' and this gateway of '{options.Value.ClusterId}': "
                + "TokenActors:Cluster:ServiceId and ClusterId must be the same";
            LogOther(connection.Problem);
        }

        return Pause(cancellationToken);
    }

    public static async Task<bool> Pause(CancellationToken stopping)
    {
        await Task.Delay(ConnectAgainAfter, TimeProvider.System, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }

    [LoggerMessage(3202, LogLevel.Error, "The cluster cannot be reached: {Problem}")]
    private partial void LogOther(string problem);
}
