using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Hosting;
using TokenActors.Hosting.Clustering;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Tls;
using TokenActors.Storage;
using TokenActors.Storage.Databases;

namespace TokenActors.Silo.Operations;

/// <summary>
/// Gives one command access to the grains. Where a cluster is live the command is its client, since silos answer from
/// memory and would not see changes in the database. Where none is, the command starts a silo, which holds the
/// service's lease meanwhile.
/// </summary>
internal sealed class OperatorSession : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SaidAfter = TimeSpan.FromSeconds(3);

    private readonly IHost _host;

    private OperatorSession(IHost host, bool isOfCluster) => (_host, IsOfCluster) = (host, isOfCluster);

    /// <summary>Whether the command runs on the silos of a live cluster, and not on a silo of its own.</summary>
    public bool IsOfCluster { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<OperatorSession> Open(ServiceOptions options, CancellationToken cancellationToken)
    {
        if (await LivingSilos(options) is not [])
        {
            using var connecting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            connecting.CancelAfter(ConnectTimeout);
            try
            {
                var session = Start(options, isOfCluster: true, connecting.Token);
                if (await Task.WhenAny(session, Task.Delay(SaidAfter, TimeProvider.System, cancellationToken)) != session)
                {
                    await Console.Error.WriteLineAsync("Waits for the silos to answer, or for their leases to end.");
                }

                return await session;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A silo that was killed leaves its lease behind for a few seconds.
                if (await LivingSilos(options) is { Count: > 0 } living)
                {
                    throw new InvalidOperationException(
                        $"The cluster lives, and its silos cannot be reached from here. {CauseOf(e)} "
                        + $"Its silos: {string.Join(", ", living)}.",
                        e);
                }
            }

            await Console.Error.WriteLineAsync("The last silo is gone; its lease was waited for.");
        }

        return await Start(options, isOfCluster: false, cancellationToken);
    }

    private static async Task<OperatorSession> Start(
        ServiceOptions options, bool isOfCluster, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Error)
            .AddFilter(typeof(RefusalLog).FullName, LogLevel.Warning);
        if (isOfCluster)
        {
            // Silos that do not answer are told in the command's own words: neither Orleans nor the host says it again.
            builder.Logging.AddFilter("Orleans", LogLevel.None).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
            builder.AddOperatorClient(options, TimeProvider.System);
        }
        else
        {
            await builder.AddLoneSilo(options, TimeProvider.System);
        }

        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new OperatorSession(host, isOfCluster);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static string CauseOf(Exception e) => e is OperationCanceledException
        ? $"None answered within {ConnectTimeout.TotalSeconds:F0} s."
        : $"{e.GetBaseException().Message.TrimEnd('.')}.";

    /// <summary>The silos whose leases go on; none where the database has no cluster.</summary>
    /// <exception cref="SchemaBehindException">the database was never migrated: there is nothing to work on</exception>
    private static async Task<List<string>> LivingSilos(ServiceOptions options)
    {
        await using var store = await OperatorStore.Open(options);
        if (options.Storage.Provider == DatabaseProvider.Sqlite)
        {
            return [];
        }

        using var leases = store.Leases(options.Cluster.DeploymentId);
        return [
            .. (await leases.Live()).Where(
                silo => !silo.StartsWith(EmbeddedSilo.LeasePrefix, StringComparison.Ordinal)),
        ];
    }
}
