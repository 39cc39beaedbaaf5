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
        await builder.AddSilo(options, time, Announced);
        builder.Services.AddSingleton<StartSteps>();
        builder.Services.AddHostedService<BootstrapAtStart>();
    }

    /// <summary>
    /// For a command: as <see cref="AddEmbeddedSilo"/>, without the bootstrap, and with a ring that the database knows.
    /// </summary>
    internal static Task AddLoneSilo(
        this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time) =>
        builder.AddSilo(options, time, Known);

    private static async Task AddSilo(
        this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time,
        Func<ServiceOptions, RecordStore, Task<PepperRing>> peppers)
    {
        if (options.Storage.Provider == DatabaseProvider.Sqlite || options.Secrets.Peppers.Count == 0)
        {
            DataFolder.Prepare(options);
        }
        else
        {
            DataFolder.Demand(options);
        }

        var loggers = LoggerFactory.Create(logging =>
            logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var fileLease = FileLeaseOf(options.Storage);
        RecordStore? store = null;
        SiloLease? lease = fileLease;
        try
        {
            var steps = new StartSteps(loggers.CreateLogger<StartSteps>());
            store = await steps.Wait(
                "the database, or for another process that migrates it",
                StoreFactory.Open(options.Storage, options.Cluster.ServiceId, time, loggers));
            var opened = store;
            lease ??= await steps.Repeat(
                "the lease on the service",
                () => ClaimLease(options, opened, builder.Services, time, loggers),
                CancellationToken.None,
                opened.IsOutage);
            var ring = await steps.Repeat(
                "the check of the peppers",
                () => peppers(options, opened),
                CancellationToken.None,
                opened.IsOutage);
            builder.AddSiloServices(options, store, ring, lease, time);
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
        await table.Adopt();
        await lease.Claim(id, CancellationToken.None);
        services.AddHostedService(provider =>
            new StopWhenLost(lease, provider.GetRequiredService<IHostApplicationLifetime>()));
        return lease;
    }

    /// <summary>The ring of the settings, or of the file in the data directory.</summary>
    /// <exception cref="InvalidOperationException">there is neither</exception>
    internal static PepperRing Peppers(ServiceOptions options, bool mayCreate) => new(options.Secrets.Peppers.Count > 0
        ? [.. options.Secrets.Peppers.Select(pepper => pepper.ToPepper())]
        : [PepperFile.ReadOrCreate(options.DataDirectory, mayCreate)]);

    private static async Task<PepperRing> Announced(ServiceOptions options, RecordStore store)
    {
        var ring = Peppers(options, mayCreate: !await store.Peppers.HoldsAny());
        await ring.Announce(store.Peppers);
        return ring;
    }

    /// <summary>
    /// The ring of a command that changes something. It announces nothing, or a silo that runs without a pepper of the
    /// command's ring could not start again; but it makes the first secrets of a service that has none.
    /// </summary>
    private static async Task<PepperRing> Known(ServiceOptions options, RecordStore store)
    {
        if (!await store.Peppers.HoldsAny())
        {
            return await Announced(options, store);
        }

        var ring = Peppers(options, mayCreate: false);
        return (await ring.Check(store.Peppers)).Contains(ring.Current.Id)
            ? throw new InvalidOperationException(
                $"The ring's first pepper '{ring.Current.Id}' is not known to the database. "
                + "Start a silo with this ring first, or put a known pepper first.")
            : ring;
    }

    private sealed class StopWhenLost(DatabaseLease lease, IHostApplicationLifetime life) : IHostedService
    {
        private CancellationTokenRegistration _registration;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _registration = lease.Lost.Register(life.StopApplication);
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken) => await _registration.DisposeAsync();
    }
}
