using System.Text.Json;
using TokenActors.Cli.Foundation;
using TokenActors.Client;
using TokenActors.Client.Session;

namespace TokenActors.Cli.Credentials;

/// <summary>Where a credential is kept.</summary>
internal interface ICredentialStore
{
    /// <summary>Null where there is none.</summary>
    Task<StoredCredential?> Load(CancellationToken cancellation);

    /// <summary>It is durable once this returns.</summary>
    Task Save(StoredCredential credential, CancellationToken cancellation);
}

/// <summary>A file of its own, which is its owner's alone. Rights of others are taken away, and said.</summary>
/// <param name="path">the file</param>
/// <param name="warnings">where it is said that others could read it; null: nowhere</param>
internal sealed class CredentialFile(string path, TextWriter? warnings = null) : ICredentialStore
{
    /// <summary>What to do where the file cannot be read.</summary>
    public string Advice { get; init; } = "Remove it.";

    public Task<StoredCredential?> Load(CancellationToken cancellation) => Task.FromResult(Load());

    /// <exception cref="CliException">it is cut, or no credential: <see cref="ExitCode.NotSignedIn"/></exception>
    public StoredCredential? Load()
    {
        Close();
        return PrivateFile.Read(path) is not { } bytes
            ? null
            : Parse(bytes) is { } credential and not { Access: null, Refresh: null }
                ? credential
                : throw new CliException(
                    ExitCode.NotSignedIn, $"{path} is damaged: it is empty, cut, or no credential. {Advice}");
    }

    /// <summary>Null where it is none. What the parser says of it is not told: it may show a part of a
    /// secret.</summary>
    private static StoredCredential? Parse(byte[] bytes)
    {
        try
        {
            return StoredCredential.Read(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Close()
    {
        try
        {
            if (PrivateFile.Close(path) is not UnixFileMode.None)
            {
                warnings?.WriteLine(
                    $"ta: warning: others could read or write {path}; it is its owner's alone now. "
                    + "If others use this machine, take other secrets.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warnings?.WriteLine(
                $"ta: warning: others may read or write {path}, and that cannot be changed: {e.Message}");
        }
    }

    public Task Save(StoredCredential credential, CancellationToken cancellation)
    {
        PrivateFile.Write(path, credential.ToBytes());
        return Task.CompletedTask;
    }
}

/// <summary>
/// Renews a credential so that no kill loses it: the key is stored before the call, both new secrets are stored before
/// anybody sees them.
/// </summary>
/// <param name="client">calls the service</param>
/// <param name="store">where the credential is kept</param>
/// <param name="time">the clock</param>
internal sealed class Renewal(TokenActorsClient client, ICredentialStore store, TimeProvider time)
{
    private Answer? _answer;

    public async Task<StoredCredential> Renew(StoredCredential credential, CancellationToken cancellation)
    {
        if (credential.Refresh is not { } refresh)
        {
            throw new CliException(ExitCode.NotSignedIn, "The credential has no refresh secret.");
        }

        if (credential.Attempt is not { } attempt)
        {
            attempt = new RenewalAttempt(Guid.CreateVersion7().ToString(), time.GetUtcNow());
            credential = credential with { Attempt = attempt };
            await store.Save(credential, cancellation).ConfigureAwait(false);
        }

        // A store that was away gets the answer that is here: the service repeats it for ten minutes only.
        if (_answer is not { } answer || answer.Key != attempt.Key)
        {
            var token = await client.Session.Refresh(refresh).Send(attempt.Key, cancellation).ConfigureAwait(false);
            _answer = answer = new Answer(attempt.Key, token, time.GetUtcNow());
        }

        // The answer is in hand: from here on it is stored, whoever asks to stop.
        var renewed = credential.RenewedTo(answer.Token, answer.At);
        await store.Save(renewed, CancellationToken.None).ConfigureAwait(false);
        _answer = null;
        return renewed;
    }

    /// <summary>What a refresh answered, until it is stored.</summary>
    private sealed record Answer(string Key, RenewedToken Token, DateTimeOffset At);
}
