using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.GrainDirectory;
using Orleans.Metadata;
using Orleans.Runtime.GrainDirectory;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Services;
using TokenActors.Storage;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tests.Clustering;

/// <summary>
/// Two silos in this process over one SQLite file, each with a store, a lease and local reads of its own.
/// </summary>
public class TwoSilos : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-silos-").FullName;
    private readonly ConcurrentDictionary<string, SwitchedLease> _leases = [];
    private InProcessTestCluster? _cluster;

    /// <summary>A lease that a test can end.</summary>
    public sealed class SwitchedLease : SiloLease
    {
        private volatile bool _isHeld = true;

        public override bool IsHeld => _isHeld;

        public void Switch(bool held) => _isHeld = held;
    }

    /// <summary>
    /// Each silo has a directory of its own, so that a grain may be active on both, as after a failure.
    /// </summary>
    protected virtual bool IsSplit => false;

    private InProcessTestCluster Cluster =>
        _cluster ?? throw new InvalidOperationException("the silos are not started");

    public async Task InitializeAsync()
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["TokenActors:DataDirectory"] = _folder }).Build();
        var options = SettingsReader.Read(settings, new ServiceRules());
        var ring = new PepperRing([new Pepper("p", [.. Enumerable.Range(0, 32).Select(i => (byte)i)])]);
        List<RecordStore> stores = [];
        for (var i = 0; i < 2; i++)
        {
            stores.Add(await StoreFactory.Open(
                options.Storage, options.Cluster.ServiceId, TimeProvider.System, NullLoggerFactory.Instance));
        }

        await ring.Announce(stores[0].Peppers);
        var next = 0;
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSiloHost((silo, host) =>
        {
            host.Logging.SetMinimumLevel(LogLevel.Warning);
            var lease = _leases.GetOrAdd(silo.SiloName, _ => new SwitchedLease());
            host.AddSiloServices(options, stores[next++], ring, lease, TimeProvider.System);
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddReminders();
            silo.AddIncomingGrainCallFilter<StorageFaultFilter>();
            if (IsSplit)
            {
                silo.Services.AddSingleton<IGrainDirectoryResolver>(new OwnDirectory());
            }
            else
            {
#pragma warning disable ORLEANSEXP003 // As the service's silos have it (decision 15).
                silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
            }
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    public string NameOf(int silo) => Cluster.Silos[silo].Name;

    public SwitchedLease LeaseOf(int silo) => _leases[NameOf(silo)];

    public IServiceProvider ServicesOf(int silo) => ((InProcessSiloHandle)Cluster.Silos[silo]).ServiceProvider;

    public LocalTokens LocalTokensOf(int silo) => ServicesOf(silo).GetRequiredService<LocalTokens>();

    /// <summary>Calls from one silo; grains that are not active yet are placed on another, or the same.</summary>
    public T Grain<T>(string key, int from, int on)
        where T : IGrainWithStringKey
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Cluster.Silos[on].SiloAddress);
        return ServicesOf(from).GetRequiredService<IGrainFactory>().GetGrain<T>(key);
    }

    /// <summary>Where grains of a silo are, which no other silo is told.</summary>
    private sealed class OwnDirectory : IGrainDirectoryResolver, IGrainDirectory
    {
        private readonly ConcurrentDictionary<GrainId, GrainAddress> _addresses = [];

        public bool TryResolveGrainDirectory(
            GrainType grainType, GrainProperties? properties, [NotNullWhen(true)] out IGrainDirectory? grainDirectory)
        {
            grainDirectory = this;
            return true;
        }

        public Task<GrainAddress?> Register(GrainAddress address) =>
            Task.FromResult<GrainAddress?>(_addresses.GetOrAdd(address.GrainId, address));

        public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
        {
            if (previousAddress is not null)
            {
                _addresses.TryRemove(new(address.GrainId, previousAddress));
            }

            return Register(address);
        }

        public Task Unregister(GrainAddress address)
        {
            _addresses.TryRemove(new(address.GrainId, address));
            return Task.CompletedTask;
        }

        public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult(_addresses.GetValueOrDefault(grainId));

        public Task UnregisterSilos(List<SiloAddress> siloAddresses)
        {
            foreach (var (id, address) in _addresses)
            {
                if (address.SiloAddress is { } silo && siloAddresses.Contains(silo))
                {
                    _addresses.TryRemove(id, out _);
                }
            }

            return Task.CompletedTask;
        }
    }
}
