using System.Text.Json;
using k8s.Models;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Agent;

/// <summary>The agent's state in a Secret of its own. Its resource version lets nobody write past somebody
/// else.</summary>
/// <param name="secrets">of the namespace</param>
/// <param name="name">of the Secret</param>
internal sealed class SecretStore(KubernetesSecrets secrets, string name) : ICredentialStore
{
    private const string Key = "state";

    private V1Secret? _there;
    private byte[]? _seen;

    public async Task<StoredCredential?> Load(CancellationToken cancellation)
    {
        See(await secrets.Read(name, cancellation).ConfigureAwait(false));
        try
        {
            return _seen is null ? null : StoredCredential.Read(_seen);
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCode.Failed, $"The state in the Secret {name} cannot be read: {e.Message}");
        }
    }

    /// <summary>Who changes a label meanwhile is no other agent; who changes the state is one.</summary>
    public async Task Save(StoredCredential credential, CancellationToken cancellation)
    {
        var bytes = credential.ToBytes();
        while (true)
        {
            if (await secrets.Write(name, _there, new() { [Key] = bytes }, cancellation).ConfigureAwait(false) is { } written)
            {
                See(written);
                return;
            }

            var seen = _seen;
            See(await secrets.Read(name, cancellation).ConfigureAwait(false));
            if (_seen is not null && !_seen.AsSpan().SequenceEqual(seen))
            {
                throw new CliException(
                    ExitCode.Failed, $"Somebody else changed the state in the Secret {name}; this agent ends rather than write over it.");
            }
        }
    }

    private void See(V1Secret? secret)
    {
        _there = secret;
        _seen = secret?.Data is { } data && data.TryGetValue(Key, out var bytes) ? bytes : null;
    }
}
