using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Agent;

/// <summary>Whoever uses the credential.</summary>
internal interface IConsumer
{
    /// <summary>Whether it has what <see cref="Publish"/> would give it.</summary>
    Task<bool> Has(StoredCredential credential, CancellationToken cancellation);

    /// <summary>Gives it the access secret; giving it twice changes nothing.</summary>
    Task Publish(StoredCredential credential, CancellationToken cancellation);
}

/// <summary>How a consumer's file looks.</summary>
internal enum ConsumerFormat
{
    /// <summary>The access secret and a line end.</summary>
    Text,

    /// <summary><c>TA_TOKEN=…</c>, for shells and systemd.</summary>
    Env,

    /// <summary>An object with <c>access</c>, <c>previous</c> and <c>expires_at</c>.</summary>
    Json,
}

/// <summary>A file that only its owner may read, replaced by rename: a reader sees the old one or the new
/// one.</summary>
/// <param name="path">the file</param>
/// <param name="format">how it looks</param>
internal sealed class ConsumerFile(string path, ConsumerFormat format) : IConsumer
{
    public Task<bool> Has(StoredCredential credential, CancellationToken cancellation) =>
        Task.FromResult(Holds(ContentOf(credential)));

    public Task Publish(StoredCredential credential, CancellationToken cancellation)
    {
        var content = ContentOf(credential);
        if (!Holds(content))
        {
            PrivateFile.Write(path, content);
        }

        return Task.CompletedTask;
    }

    private bool Holds(byte[] content) => PrivateFile.Read(path) is { } there && there.AsSpan().SequenceEqual(content);

    private byte[] ContentOf(StoredCredential credential) => Encoding.UTF8.GetBytes(TextOf(credential));

    private string TextOf(StoredCredential credential)
    {
        var access = credential.Access?.Reveal() ?? "";
        return format switch
        {
            ConsumerFormat.Env => $"TA_TOKEN={access}\n",
            ConsumerFormat.Json => new JsonObject
            {
                ["access"] = access,
                ["previous"] = credential.Previous?.Reveal(),
                ["expires_at"] = credential.ExpiresAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            }.ToJsonString() + "\n",
            _ => $"{access}\n",
        };
    }
}
