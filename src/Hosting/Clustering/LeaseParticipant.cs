using TokenActors.Hosting.Leases;

namespace TokenActors.Hosting.Clustering;

/// <summary>
/// Takes the lease before the silo joins, and gives it back once its activations are gone and before it says that it is dead, which
/// would wait for the lease otherwise.
/// </summary>
internal sealed class LeaseParticipant(DatabaseLease lease, ILocalSiloDetails silo) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int AroundMembership = (ServiceLifecycleStage.RuntimeInitialize + ServiceLifecycleStage.RuntimeServices) / 2;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LeaseParticipant), AroundMembership, stopping => lease.Claim(LeaseName(silo.SiloAddress), stopping), _ => lease.Release());

    /// <summary>As the clustering statements put it together.</summary>
    private static string LeaseName(SiloAddress silo) => $"{silo.Endpoint.Address}:{silo.Endpoint.Port}@{silo.Generation}";
}
