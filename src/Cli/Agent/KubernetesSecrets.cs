using k8s;
using k8s.Models;

namespace TokenActors.Cli.Agent;

/// <summary>Secrets of one namespace.</summary>
/// <param name="api">of the cluster</param>
/// <param name="space">the namespace</param>
internal sealed class KubernetesSecrets(ICoreV1Operations api, string space)
{
    /// <summary>Null where there is none.</summary>
    public Task<V1Secret?> Read(string name, CancellationToken cancellation) => KubernetesCalls.Read(
        $"the Secret {name}", () => api.ReadNamespacedSecretAsync(name, space, cancellationToken: cancellation), cancellation);

    /// <summary>
    /// Makes it, or replaces the version that was read; null where somebody changed it meanwhile. What it has beside
    /// these keys stays: other keys, its type, labels and annotations.
    /// </summary>
    /// <param name="name">of the Secret</param>
    /// <param name="there">as it was read; null: there was none</param>
    /// <param name="keys">to be in it</param>
    /// <param name="cancellation">of the caller</param>
    public Task<V1Secret?> Write(
        string name, V1Secret? there, Dictionary<string, byte[]> keys, CancellationToken cancellation)
    {
        var secret = there
            ?? new V1Secret { Type = "Opaque", Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = space } };
        (secret.ApiVersion, secret.Kind) = ("v1", "Secret");
        secret.Data ??= new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in keys)
        {
            secret.Data[key] = value;
        }

        return KubernetesCalls.Write(
            $"the Secret {name}",
            there is null ? () => api.CreateNamespacedSecretAsync(secret, space, cancellationToken: cancellation) : null,
            () => api.ReplaceNamespacedSecretAsync(secret, name, space, cancellationToken: cancellation),
            cancellation);
    }
}
