using System.Reflection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Services;
using Orleans.Services;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Cluster;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using TokenActors.Storage.Writing;

namespace TokenActors.Grains.Cluster;

/// <summary>What every silo runs to say how it is.</summary>
[Alias("TokenActors.ISiloReports")]
internal interface ISiloReports : IGrainService
{
    /// <summary>How this silo is.</summary>
    [Alias("Report")]
    Task<SiloDetails> Report();
}

/// <summary>Asks a silo how it is.</summary>
internal interface ISiloReportsClient : IGrainServiceClient<ISiloReports>
{
    Task<SiloDetails> Report(SiloAddress silo);
}

internal sealed class SiloReportsClient(IServiceProvider services)
    : GrainServiceClient<ISiloReports>(services), ISiloReportsClient
{
    public Task<SiloDetails> Report(SiloAddress silo) => GetGrainService(silo).Report();
}

/// <summary>One on each silo: it is asked by the silo's address, which no grain can be.</summary>
[Reentrant]
internal sealed class SiloReports(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, SiloLease lease, PepperRing peppers,
    ISchemaFloor floor,
    TimeProvider time)
    : GrainService(id, silo, loggers), ISiloReports
{
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(5);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public Task<SiloDetails> Report()
    {
        var since = TimeProvider.System.GetUtcNow() - Recently;
        return Task.FromResult(new SiloDetails
        {
            Version = typeof(SiloReports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Schema = floor.ProgramSchema,
            StartedAt = _startedAt.CutToMicroseconds(),
            LeaseAge = lease.Age,
            HoldsLease = lease.IsHeld,
            Commits = DurationsView.From(CommitTimes.Recent.Since(since)),
            ReminderLag = DurationsView.From(GrainTelemetry.RecentTicks.Since(since)),
            Peppers = peppers.Ids,
        });
    }
}
