using System.Globalization;
using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using k8s.Models;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Agent;

/// <summary>Secrets of one namespace.</summary>
/// <param name="api">of the cluster</param>
/// <param name="space">the namespace</param>
internal sealed class KubernetesSecrets(ICoreV1Operations api, string space)
{
    /// <summary>Null where there is none.</summary>
    public async Task<V1Secret?> Read(string name, CancellationToken cancellation)
    {
        try
        {
            return await api.ReadNamespacedSecretAsync(name, space, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes it, or replaces the version that was read; null where somebody changed it meanwhile.</summary>
    public async Task<V1Secret?> Write(string name, string? version, IDictionary<string, byte[]> data, CancellationToken cancellation)
    {
        var secret = new V1Secret
        {
            ApiVersion = "v1", Kind = "Secret", Type = "Opaque", Data = data,
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = space, ResourceVersion = version },
        };
        try
        {
            return version is null
                ? await api.CreateNamespacedSecretAsync(secret, space, cancellationToken: cancellation).ConfigureAwait(false)
                : await api.ReplaceNamespacedSecretAsync(secret, name, space, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            return null;
        }
    }
}

/// <summary>The agent's state in a Secret of its own. Its resource version lets nobody write past somebody else.</summary>
/// <param name="secrets">of the namespace</param>
/// <param name="name">of the Secret</param>
internal sealed class SecretStore(KubernetesSecrets secrets, string name) : ICredentialStore
{
    private const string Key = "state";

    private string? _version;

    public async Task<StoredCredential?> Load(CancellationToken cancellation)
    {
        var secret = await secrets.Read(name, cancellation).ConfigureAwait(false);
        _version = secret?.Metadata.ResourceVersion;
        return secret?.Data is { } data && data.TryGetValue(Key, out var bytes) ? StoredCredential.Read(bytes) : null;
    }

    public async Task Save(StoredCredential credential, CancellationToken cancellation)
    {
        var data = new Dictionary<string, byte[]> { [Key] = credential.ToBytes() };
        var written = await secrets.Write(name, _version, data, cancellation).ConfigureAwait(false)
            ?? throw new CliException(
                ExitCode.Failed, $"Somebody else changed the Secret {name}; this agent ends rather than write over it.");
        _version = written.Metadata.ResourceVersion;
    }
}

/// <summary>The consumer's Secret: <c>access</c>, <c>previous</c>, <c>expires_at</c>.</summary>
/// <param name="secrets">of the namespace</param>
/// <param name="name">of the Secret</param>
internal sealed class ConsumerSecret(KubernetesSecrets secrets, string name) : IConsumer
{
    public async Task Publish(StoredCredential credential, CancellationToken cancellation)
    {
        Dictionary<string, byte[]> data = new()
        {
            ["access"] = Encoding.UTF8.GetBytes(credential.Access?.Reveal() ?? ""),
            ["previous"] = Encoding.UTF8.GetBytes(credential.Previous?.Reveal() ?? ""),
            ["expires_at"] = Encoding.UTF8.GetBytes(credential.ExpiresAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? ""),
        };
        V1Secret? written = null;
        while (written is null)
        {
            var there = await secrets.Read(name, cancellation).ConfigureAwait(false);
            written = await secrets.Write(name, there?.Metadata.ResourceVersion, data, cancellation).ConfigureAwait(false);
        }
    }
}

/// <summary>A Lease of the cluster. Who cannot renew it in time ends before another one may begin.</summary>
/// <param name="api">of the cluster</param>
/// <param name="space">the namespace</param>
/// <param name="name">of the Lease</param>
internal sealed class LeaseHolder(IKubernetes api, string space, string name) : IAgentLock
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    public async Task Hold(Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var identity = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.CreateVersion7():N}";
        using var elector = new LeaderElector(new LeaderElectionConfig(new LeaseLock(api, space, name, identity))
        {
            LeaseDuration = Duration, RenewDeadline = Duration * 2 / 3, RetryPeriod = Duration / 6,
        });
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        elector.OnStartedLeading += () => started.TrySetResult();
        var leading = elector.RunUntilLeadershipLostAsync(ending.Token);
        await Task.WhenAny(started.Task, leading).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();

        var running = run(ending.Token);
        var first = await Task.WhenAny(running, leading).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        if (first == leading)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new CliException(ExitCode.Failed, $"The Lease {name} was lost; this agent ends.");
        }

        await running.ConfigureAwait(false);
    }
}
