using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Hosting.Clustering;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Leases;
using TokenActors.Hosting.Services;
using TokenActors.Storage;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Leases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Silo;

/// <summary>
/// Runs the silo in an inner host, so that the outer one answers probes meanwhile. Orleans stops its host where the
/// membership table cannot be read at the start. The runner therefore waits for the database and its schema first, and
/// repeats a start that failed for lack of them.
/// </summary>
internal sealed partial class SiloRunner(
    ServiceOptions options, SiloStatus status, IConfiguration configuration, IHostApplicationLifetime life,
    ILoggerFactory loggers, ILogger<SiloRunner> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(25);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = FirstWait;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnce(stoppingToken);
                break;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (IsWorthWaiting(e))
            {
                status.Phase = SiloPhase.Waiting;
                LogWaiting(e.GetBaseException().Message, wait);
                await Task.Delay(wait, TimeProvider.System, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
            catch (Exception e)
            {
                status.Phase = SiloPhase.Failed;
                LogFailed(e.Message, e is InvalidOperationException or SettingsException ? null : e);
                break;
            }
        }

        life.StopApplication();
    }

    private async Task RunOnce(CancellationToken stopping)
    {
        var store = await StoreFactory.OpenMigrated(
            options.Storage, options.Cluster.ServiceId, TimeProvider.System, loggers);
        var ring = new PepperRing([.. options.Secrets.Peppers.Select(pepper => pepper.ToPepper())]);
        var leases = store.Leases(options.Cluster.DeploymentId);
        var lease = new DatabaseLease(leases, loggers.CreateLogger<DatabaseLease>());
        IHost? silo = null;
        try
        {
            if (await leases.Adopt() == DatabaseOrigin.Copy)
            {
                LogCopy();
            }

            await ring.Announce(store.Peppers);
            status.Phase = SiloPhase.Starting;
            silo = Build(store, ring, lease);
            await silo.StartAsync(stopping);
        }
        catch
        {
            await Discard(silo, lease, store);
            throw;
        }

        await WaitForAnswers(silo, lease.Lost, stopping);
        status.MayAnswer = () => lease.IsHeld && store.IsWritable;
        status.Phase = SiloPhase.Running;
        LogRunning(options.Cluster.DeploymentId);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            stopping, lease.Lost, silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ending.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        status.Phase = stopping.IsCancellationRequested ? SiloPhase.Draining : SiloPhase.Failed;

        // A silo that was declared dead does not drain: its grains may be active elsewhere already.
        var timeout = lease.Lost.IsCancellationRequested ? TimeSpan.Zero : DrainTimeout;
        using var draining = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            await silo.StopAsync(draining.Token);
        }
        finally
        {
            await Discard(silo, lease, store);
        }

        LogEnded();
    }

    /// <summary>
    /// Waits until calls are answered, by this silo and by the one that has the first organization: a silo whose
    /// neighbours cannot be reached is not ready.
    /// </summary>
    private async Task WaitForAnswers(IHost silo, CancellationToken lost, CancellationToken stopping)
    {
        var grains = silo.Services.GetRequiredService<IGrainFactory>();
        var isSaid = false;
        while (!stopping.IsCancellationRequested && !lost.IsCancellationRequested)
        {
            try
            {
                if (await grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, OrganizationType.Root) is { } root)
                {
                    await grains.GetGrain<IOrganizationGrain>(root.Id.ToString()).Get();
                }

                return;
            }
            catch (Exception e) when (IsWorthWaiting(e) || e is OrleansException)
            {
                if (!isSaid)
                {
                    LogUnanswered(e.GetBaseException().Message);
                }

                isSaid = true;
                await Task.Delay(FirstWait, TimeProvider.System, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private IHost Build(RecordStore store, PepperRing ring, DatabaseLease lease)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddConfiguration(configuration);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddLogging();
        builder.AddSiloServices(options, store, ring, lease, TimeProvider.System);
        builder.Services.AddSingleton(lease);
        builder.Services.AddSingleton<IHostLifetime, OuterLifetime>();
        builder.AddClusterSilo(options, TimeProvider.System);
        return builder.Build();
    }

    /// <summary>
    /// Disposes of everything. The host has disposed only of services that were resolved; a second time does no harm.
    /// </summary>
    private static async Task Discard(IHost? silo, DatabaseLease lease, RecordStore store)
    {
        if (silo is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        await lease.DisposeAsync();
        await store.DisposeAsync();
    }

    /// <summary>
    /// Whether waiting may help: the database may come back or be migrated. All else is for the operator to mend.
    /// </summary>
    private static bool IsWorthWaiting(Exception e) =>
        e is StorageUnavailableException or SchemaBehindException or DbException or TimeoutException
            or ServiceUnavailableException
        || (e.InnerException is { } inner && IsWorthWaiting(inner));

    /// <summary>Ignores signals: the outer host receives them, and stops this one.</summary>
    private sealed class OuterLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(3301, LogLevel.Warning, "The silo waits: {Reason} It tries again in {Wait}")]
    private partial void LogWaiting(string reason, TimeSpan wait);

    [LoggerMessage(3302, LogLevel.Information, "The silo of cluster {Cluster} takes calls")]
    private partial void LogRunning(string cluster);

    [LoggerMessage(3303, LogLevel.Critical, "The silo cannot run. {Reason}")]
    private partial void LogFailed(string reason, Exception? exception);

    [LoggerMessage(
        3305, LogLevel.Warning,
        "The database is a copy of another: the members and leases in it were of silos that serve the original, and are cleared")]
    private partial void LogCopy();

    [LoggerMessage(3306, LogLevel.Warning, "The silo is not ready: calls are not answered. {Reason}")]
    private partial void LogUnanswered(string reason);

    [LoggerMessage(3304, LogLevel.Information, "The silo ended; what was acknowledged is stored")]
    private partial void LogEnded();
}
