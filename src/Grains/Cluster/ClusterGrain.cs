using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Cluster;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Cluster;

/// <summary>
/// Asks every silo how it is, and remembers the gateways that say they run. A silo that does not answer in time is
/// listed without details: this is asked most where something is wrong.
/// </summary>
[GrainType("cluster")]
internal sealed class ClusterGrain(ISchemaFloor floor, ISiloReportsClient silos, TimeProvider time) : Grain, IClusterGrain
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan GatewaysKept = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, GatewayReport> _gateways = new(StringComparer.Ordinal);

    public async Task<ClusterReport> Report(CancellationToken cancellationToken)
    {
        var management = GrainFactory.GetGrain<IManagementGrain>(0);
        var hosts = await management.GetHosts(onlyActive: false, cancellationToken);
        var living = hosts.Where(host => host.Value != SiloStatus.Dead).OrderBy(
            host => host.Key.ToString(), StringComparer.Ordinal);
        var reports = await Task.WhenAll(living.Select(host => Ask(management, host.Key, host.Value)));
        var schema = await floor.Read();
        Forget();
        return new ClusterReport
        {
            Silos = [.. reports],
            Gateways = [.. _gateways.Values.OrderBy(gateway => gateway.Note.Name, StringComparer.Ordinal)],
            Schema = schema.Newest,
            OldestProgram = schema.OldestProgram,
        };
    }

    public Task Announce(GatewayNote gateway)
    {
        Forget();
        _gateways[gateway.Name] = new() { Note = gateway, SeenAt = time.GetUtcNow().CutToMicroseconds() };
        return Task.CompletedTask;
    }

    private async Task<SiloReport> Ask(IManagementGrain management, SiloAddress silo, SiloStatus status)
    {
        SiloReport report = new() { Address = silo.ToString(), Status = Word(status) };
        if (status != SiloStatus.Active)
        {
            return report;
        }

        var details = InTime(silos.Report(silo));
        var activations = InTime(management.GetSimpleGrainStatistics([silo]));
        return report with
        {
            Details = await details,
            Activations = (await activations)?.Sum(grains => grains.ActivationCount),
        };
    }

    /// <summary>The answer; null where there is none in time, and from a silo of a release that knows no such
    /// question.</summary>
    private static async Task<T?> InTime<T>(Task<T> answer)
        where T : class
    {
        try
        {
            return await answer.WaitAsync(LongestAnswer, TimeProvider.System);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return null;
        }
    }

    private static string Word(SiloStatus status) => status switch
    {
        SiloStatus.Active => "active",
        SiloStatus.Created or SiloStatus.Joining => "joining",
        SiloStatus.ShuttingDown or SiloStatus.Stopping => "stopping",
        _ => "unknown",
    };

    private void Forget()
    {
        var since = time.GetUtcNow() - GatewaysKept;
        foreach (var gone in _gateways.Values.Where(gateway => gateway.SeenAt < since).ToList())
        {
            _gateways.Remove(gone.Note.Name);
        }
    }
}
