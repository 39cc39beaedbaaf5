using System.Diagnostics;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client;

namespace TokenActors.Cli.Profiles;

/// <summary>
/// Finds where the service is and who asks: the command line before the environment before the profile. A secret comes
/// from <c>TOKENACTORS_TOKEN</c>, the profile's own file, or its credential helper; never from an argument.
/// </summary>
internal sealed class Connection
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Where it is led elsewhere, a change would become a read of a page, and be told as done.</summary>
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly ConfigurationFolder _folder;
    private readonly Profile _profile;
    private readonly string _name;
    private readonly string? _url;
    private string? _secret;

    private Connection(Invocation invocation, string? url = null)
    {
        (_terminal, _time) = (invocation.Terminal, invocation.Time);
        _folder = new(_terminal);
        var asked = invocation.Get(CommonOptions.Profile);
        _name = _folder.NameOf(asked);
        _profile = _folder.Get(_name, asked is not null && url is null && !invocation.Has(CommonOptions.Url));
        _url = url ?? invocation.Get(CommonOptions.Url) ?? _terminal.Variable("TOKENACTORS_URL") ?? _profile.Url;
    }

    /// <summary>The service's address; ends the command where nothing says it.</summary>
    private Uri Service => Uri.TryCreate(
        _url ?? throw CliException.Usage(
            "Where is the service? Say --url, set TOKENACTORS_URL, or: ta auth login --url …"),
        UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? Plain(url)
        : throw CliException.Usage($"{_url} is no http or https URL.");

    /// <summary>Paths are put behind it, where a query or a fragment would swallow them.</summary>
    private static Uri Plain(Uri url) => url is { Query: "", Fragment: "", UserInfo: "" }
        ? url
        : throw CliException.Usage("The URL of the service has no query, no fragment and no password.");

    /// <summary>A client that signs in as the command line, the environment and the profile say.</summary>
    public static TokenActorsClient Open(Invocation invocation)
    {
        var connection = new Connection(invocation);
        return connection.ClientOf(async cancellation => await connection.Bearer(cancellation).ConfigureAwait(false));
    }

    /// <summary>A client of a service that the profile does not know yet.</summary>
    /// <param name="invocation">the command</param>
    /// <param name="url">of the service; null: as the command line and the environment say</param>
    /// <param name="bearer">who asks; null: nobody</param>
    public static TokenActorsClient OpenAt(Invocation invocation, string? url, Secret? bearer) =>
        new Connection(invocation, url).ClientOf(bearer is null ? null : _ => new(bearer.Reveal()));

    /// <summary>A client that signs in by the secrets that the profile keeps, whoever the environment says.</summary>
    /// <param name="invocation">the command</param>
    /// <param name="kept">what the profile keeps; it is renewed where it is due</param>
    public static TokenActorsClient OpenKept(Invocation invocation, StoredCredential kept)
    {
        var connection = new Connection(invocation);
        return connection.ClientOf(
            async cancellation => await connection.Fresh(kept, cancellation).ConfigureAwait(false));
    }

    /// <summary>An access secret that lives for a while.</summary>
    public static async Task<(Uri Service, Secret Access)> Credential(Invocation invocation)
    {
        var connection = new Connection(invocation);
        return (connection.Service, new Secret(await connection.Bearer(invocation.Cancellation).ConfigureAwait(false)));
    }

    /// <summary>Whether the secret of a command is that of a session which <c>ta auth login</c> began.</summary>
    public static bool IsSession(Invocation invocation)
    {
        var connection = new Connection(invocation);
        return connection._terminal.Variable("TOKENACTORS_TOKEN") is null
            && connection._profile.Member is not null
                && connection._folder.CredentialOf(connection._name).Load() is not null;
    }

    private TokenActorsClient ClientOf(Func<CancellationToken, ValueTask<string?>>? bearer) =>
        new(Http, new TokenActorsClientOptions { Service = Service, Bearer = bearer, Time = _time });

    private async Task<string> Bearer(CancellationToken cancellation)
    {
        if (_terminal.Variable("TOKENACTORS_TOKEN") is { } given)
        {
            return SecretIn(given);
        }

        if (_folder.CredentialOf(_name).Load() is { } kept)
        {
            return await Fresh(kept, cancellation).ConfigureAwait(false);
        }

        return _secret ??= _profile.CredentialHelper is { } helper
            ? await Ask(helper, cancellation).ConfigureAwait(false)
            : throw new CliException(
                ExitCode.NotSignedIn, $"Nobody is signed in as {_name}. Sign in with: ta auth login");
    }

    /// <summary>Without the line end that files and the variables of build systems bring.</summary>
    private static string SecretIn(string variable) => variable.Trim() is { Length: > 0 } secret && secret.All(c => c is > ' ' and <= '~')
        ? secret
        : throw CliException.Usage(
            "TOKENACTORS_TOKEN is no secret: it has blanks, line ends or letters that no secret has.");

    private async Task<string> Fresh(StoredCredential kept, CancellationToken cancellation) =>
        IsFresh(kept) ? Text(kept) : await Renew(cancellation).ConfigureAwait(false);

    private static string Text(StoredCredential credential) => credential.Access?.Reveal()
        ?? throw new CliException(
            ExitCode.NotSignedIn, "The kept credential has no access secret. Sign in with: ta auth login");

    /// <summary>A pair that was pasted says nothing of its end, so its first use renews it.</summary>
    private bool IsFresh(StoredCredential credential) =>
        credential is { Attempt: null, Access: not null }
        && (credential.Refresh is null || (credential.LeftAt(_time.GetUtcNow()) is { } left && left > Margin));

    /// <summary>One process renews, others wait and read what it stored.</summary>
    private async Task<string> Renew(CancellationToken cancellation)
    {
        var held = await PrivateFile.Lock(_folder.LockOf(_name), _time, cancellation).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var file = _folder.CredentialOf(_name);
            var kept = file.Load()
                ?? throw new CliException(
                    ExitCode.NotSignedIn, "Nobody is signed in any more. Sign in with: ta auth login");
            return Text(IsFresh(kept)
                ? kept
                : await new Renewal(ClientOf(null), file, _time).Renew(kept, cancellation).ConfigureAwait(false));
        }
    }

    private static async Task<string> Ask(string helper, CancellationToken cancellation)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", helper])
            : new ProcessStartInfo("/bin/sh", ["-c", helper]);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start) ?? throw new CliException(ExitCode.Failed, "The credential helper does not start.");

        var secret = await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false);

        // The rest is read too: with a full pipe the helper would never end. What it leaves behind may hold the pipe
        // for longer, and nobody waits for that.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellation);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return process.ExitCode == 0 && secret?.Trim() is { Length: > 0 } text
            ? text
            : throw new CliException(
                ExitCode.NotSignedIn, $"The credential helper gave no secret (it ended with {process.ExitCode}).");
    }
}
