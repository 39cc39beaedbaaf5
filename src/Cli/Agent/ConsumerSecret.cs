using System.Globalization;
using System.Text;
using TokenActors.Cli.Credentials;

namespace TokenActors.Cli.Agent;

/// <summary>The consumer's Secret: <c>access</c>, <c>previous</c>, <c>expires_at</c>.</summary>
/// <param name="secrets">of the namespace</param>
/// <param name="name">of the Secret</param>
internal sealed class ConsumerSecret(KubernetesSecrets secrets, string name) : IConsumer
{
    public async Task<bool> Has(StoredCredential credential, CancellationToken cancellation) =>
        Holds((await secrets.Read(name, cancellation).ConfigureAwait(false))?.Data, KeysOf(credential));

    /// <summary>A version that somebody else replaced is read again: they change other keys or labels, and only the
    /// agent these.</summary>
    public async Task Publish(StoredCredential credential, CancellationToken cancellation)
    {
        var keys = KeysOf(credential);
        while (true)
        {
            var there = await secrets.Read(name, cancellation).ConfigureAwait(false);
            if (Holds(there?.Data, keys)
                || await secrets.Write(name, there, keys, cancellation).ConfigureAwait(false) is not null)
            {
                return;
            }
        }
    }

    private static Dictionary<string, byte[]> KeysOf(StoredCredential credential) => new()
    {
        ["access"] = Encoding.UTF8.GetBytes(credential.Access?.Reveal() ?? ""),
        ["previous"] = Encoding.UTF8.GetBytes(credential.Previous?.Reveal() ?? ""),
        ["expires_at"] = Encoding.UTF8.GetBytes(credential.ExpiresAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? ""),
    };

    private static bool Holds(IDictionary<string, byte[]>? data, Dictionary<string, byte[]> keys) =>
        data is not null
            && keys.All(key => data.TryGetValue(key.Key, out var value) && value.AsSpan().SequenceEqual(key.Value));
}
