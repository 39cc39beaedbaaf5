using k8s;
using k8s.Models;

namespace TokenActors.Cli.Agent;

/// <summary>Leases of one namespace.</summary>
/// <param name="api">of the cluster</param>
/// <param name="space">the namespace</param>
internal sealed class KubernetesLeases(ICoordinationV1Operations api, string space)
{
    /// <summary>Null where there is none.</summary>
    public Task<V1Lease?> Read(string name, CancellationToken cancellation) => KubernetesCalls.Read(
        $"the Lease {name}", () => api.ReadNamespacedLeaseAsync(name, space, cancellationToken: cancellation), cancellation);

    /// <summary>Makes it, or replaces the version that was read; null where somebody changed it meanwhile.</summary>
    /// <param name="name">of the Lease</param>
    /// <param name="there">as it was read; null: there was none</param>
    /// <param name="spec">to be its own</param>
    /// <param name="cancellation">of the caller</param>
    public Task<V1Lease?> Write(string name, V1Lease? there, V1LeaseSpec spec, CancellationToken cancellation)
    {
        var lease = new V1Lease
        {
            ApiVersion = "coordination.k8s.io/v1", Kind = "Lease", Spec = spec,
            Metadata = there?.Metadata ?? new V1ObjectMeta { Name = name, NamespaceProperty = space },
        };
        return KubernetesCalls.Write(
            $"the Lease {name}",
            there is null ? () => api.CreateNamespacedLeaseAsync(lease, space, cancellationToken: cancellation) : null,
            () => api.ReplaceNamespacedLeaseAsync(lease, name, space, cancellationToken: cancellation),
            cancellation);
    }
}
