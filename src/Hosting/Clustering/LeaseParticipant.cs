using TokenActors.Hosting.Leases;

namespace TokenActors.Hosting.Clustering;

/// <summary>
/// Claims the lease before the silo joins the cluster. Releases it after its activations are gone and before it
/// declares itself dead: the statement that does so waits for the lease to expire.
/// </summary>
internal sealed class LeaseParticipant(DatabaseLease lease, ILocalSiloDetails silo)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private const int AroundMembership =
        (ServiceLifecycleStage.RuntimeInitialize + ServiceLifecycleStage.RuntimeServices) / 2;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LeaseParticipant),
        AroundMembership,
        stopping => lease.Claim(LeaseName(silo.SiloAddress), stopping),
        _ => lease.Release());

    /// <summary>The name that the clustering statements (0002_cluster.sql) compose of a silo's columns.</summary>
    private static string LeaseName(SiloAddress silo) =>
        $"{silo.Endpoint.Address}:{silo.Endpoint.Port}@{silo.Generation}";
}
