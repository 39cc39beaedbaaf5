using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Clustering;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Leases;
using TokenActors.Hosting.Services;
using TokenActors.Storage;
using TokenActors.Storage.Secrets;

namespace TokenActors.Hosting;

/// <summary>Adds a silo, its store and its lease to another program's host.</summary>
public static class EmbeddedSilo
{
    /// <summary>Begins the lease names of these silos: no client can connect to them.</summary>
    internal const string LeasePrefix = "embedded:";

    /// <summary>
    /// Opens the store, takes its lease, checks the pepper, and adds silo and bootstrap to the host. Every failure is
    /// thrown here, before the host is built.
    /// </summary>
    public static async Task AddEmbeddedSilo(
        this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time)
    {
        await builder.AddLoneSilo(options, time);
        builder.Services.AddHostedService<BootstrapAtStart>();
    }

    /// <summary>As <see cref="AddEmbeddedSilo"/>, without the bootstrap.</summary>
    internal static async Task AddLoneSilo(
        this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time)
    {
        if (options.Storage.Provider == DatabaseProvider.Sqlite || options.Secrets.Peppers.Count == 0)
        {
            Directory.CreateDirectory(options.DataDirectory);
        }

        var loggers = LoggerFactory.Create(logging =>
            logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var fileLease = FileLeaseOf(options.Storage);
        RecordStore? store = null;
        SiloLease? lease = fileLease;
        try
        {
            store = await StoreFactory.Open(options.Storage, options.Cluster.ServiceId, time, loggers);
            lease ??= await ClaimLease(options, store, builder.Services, time, loggers);
            builder.AddSiloServices(options, store, await Peppers(options, store), lease, time);
            builder.AddSingleSilo(options);
        }
        catch
        {
            fileLease?.Dispose();
            if (lease is IAsyncDisposable held)
            {
                await held.DisposeAsync();
            }

            if (store is not null)
            {
                await store.DisposeAsync();
            }

            throw;
        }
    }

    private static FileLease? FileLeaseOf(StorageOptions storage) => storage.Provider == DatabaseProvider.Sqlite
        ? new FileLease(StoreFactory.FileOf(storage))
        : null;

    /// <summary>Claims the service for a cluster of this one silo, and stops the host when the lease is lost.</summary>
    private static async Task<DatabaseLease> ClaimLease(
        ServiceOptions options, RecordStore store, IServiceCollection services, TimeProvider time,
        ILoggerFactory loggers)
    {
        var id = $"{LeasePrefix}{Guid.CreateVersion7(time.GetUtcNow()):N}";
        var table = store.Leases($"{options.Cluster.ServiceId}/{id}");
        var lease = new DatabaseLease(table, loggers.CreateLogger<DatabaseLease>());
        await lease.Claim(id, CancellationToken.None);
        services.AddHostedService(provider =>
            new StopWhenLost(lease, provider.GetRequiredService<IHostApplicationLifetime>()));
        return lease;
    }

    internal static async Task<PepperRing> Peppers(ServiceOptions options, RecordStore store)
    {
        var ring = new PepperRing(options.Secrets.Peppers.Count > 0
            ? [.. options.Secrets.Peppers.Select(pepper => pepper.ToPepper())]
            : [PepperFile.ReadOrCreate(options.DataDirectory, mayCreate: !await store.HoldsPeppers())]);
        await ring.Check(store);
        return ring;
    }

    private sealed class StopWhenLost(DatabaseLease lease, IHostApplicationLifetime life) : IHostedService
    {
        private CancellationTokenRegistration _registration;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _registration = lease.Lost.Register(life.StopApplication);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _registration.Dispose();
            return Task.CompletedTask;
        }
    }
}
