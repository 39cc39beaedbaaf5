using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Connections.Security;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Tls;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A silo and whoever calls it, over pipes: who is believed, and what both say of who is not.</summary>
public sealed class PeerConnectionsTests : IDisposable
{
    private const string From = "from 127.0.0.1:2 was not accepted: the peer ";
    private const string To = "to 127.0.0.1:1 could not be made: the peer ";
    private const string NoAnswer = To + "did not answer the greeting, as one does that ";
    private const string Foreign = "shows a certificate that was not issued by the authority: ";

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-tls-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly TestAuthority _ours;
    private readonly TestAuthority _theirs;
    private readonly Peer _silo;

    public PeerConnectionsTests()
    {
        (_ours, _theirs) = (new TestAuthority(_folder, "ours"), new TestAuthority(_folder, "theirs"));
        _silo = Shows(_ours.IssueFiles("silo"), _ours);
    }

    public void Dispose()
    {
        _silo.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Peers_of_one_authority_meet_whatever_they_are_called()
    {
        using var caller = Shows(_ours.IssueFiles("somebody"), _ours);
        Assert.True(await Meet(caller));
        Assert.Empty(_silo.Said);
        Assert.Empty(caller.Said);
    }

    [Fact]
    public async Task Intermediates_are_sent_along()
    {
        using var between = new TestAuthority(_folder, "between", _ours);
        using var certificate = between.Issue("below");
        using var caller = Shows(between.Write(certificate, "below", between), _ours);
        Assert.True(await Meet(caller));
    }

    [Fact]
    public async Task A_caller_without_tls_is_refused_and_both_say_so()
    {
        using var caller = Plain();
        Assert.False(await Meet(caller));
        Assert.Contains(From + "does not speak TLS as this side does", Assert.Single(_silo.Said));
        Assert.Contains(NoAnswer + "demands TLS, which is not set here", Assert.Single(caller.Said));
    }

    [Fact]
    public async Task A_caller_with_tls_does_not_take_a_peer_without()
    {
        using var plain = Plain();
        Assert.False(await Meet(_silo, plain));
        Assert.Contains(To + "ended the TLS handshake, as one does that has no TLS", Assert.Single(_silo.Said));
    }

    [Fact]
    public async Task A_caller_that_shows_no_certificate_is_refused()
    {
        using var caller = Plain();
        var careless = new TlsOptions();
        careless.AllowAnyRemoteCertificate();
        Assert.False(await Meet(caller, over: connection => connection.UseClientTls(careless)));
        Assert.Contains(From + "shows no certificate", Assert.Single(_silo.Said));
    }

    [Fact]
    public async Task A_caller_of_another_authority_is_refused_by_both()
    {
        using var stranger = Shows(_theirs.IssueFiles("stranger"), _theirs);
        Assert.False(await Meet(stranger));
        Assert.Contains($"{From}{Foreign}CN=stranger, issued by CN=theirs", Assert.Single(_silo.Said));
        Assert.Contains($"{To}{Foreign}CN=silo, issued by CN=ours", Assert.Single(stranger.Said));
    }

    [Fact]
    public async Task A_caller_that_believes_the_silo_learns_that_it_is_not_believed_itself()
    {
        // Its own authority is believed on the other side of a renewal that the silo has not seen.
        var both = Path.Combine(_folder, "both.pem");
        File.WriteAllText(both, File.ReadAllText(_theirs.File) + "\n" + File.ReadAllText(_ours.File));
        using var caller = Shows(_theirs.IssueFiles("early"), both);
        Assert.False(await Meet(caller));
        Assert.Contains($"{From}{Foreign}CN=early", Assert.Single(_silo.Said));
        Assert.Contains(NoAnswer + "refuses this side's certificate", Assert.Single(caller.Said));
    }

    [Fact]
    public async Task A_certificate_that_ran_out_while_its_process_ran_is_refused()
    {
        using var certificate = _ours.Issue("short", null, _time.GetUtcNow().AddHours(1));
        using var caller = Shows(_ours.Write(certificate, "short"), _ours);
        Assert.True(await Meet(caller));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.False(await Meet(caller));
        Assert.Contains(
            From + "shows a certificate that is not valid now: CN=short is valid from", Assert.Single(_silo.Said));
    }

    [Fact]
    public async Task A_certificate_for_clients_alone_does_not_make_a_silo()
    {
        using var certificate = _ours.Issue("client", null, null, TestAuthority.ClientUse);
        using var client = Shows(_ours.Write(certificate, "client"), _ours.File, TlsUse.Client);
        Assert.True(await Meet(client));
        Assert.False(await Meet(_silo, client));
        Assert.Contains(
            To + "shows a certificate that is not meant for this use: CN=client", Assert.Single(_silo.Said));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_on_new_connections()
    {
        using var caller = Shows(_ours.IssueFiles("caller"), _ours);
        using var narrow = Shows(_theirs.IssueFiles("other"), _theirs);
        Assert.True(await Meet(caller));
        var next = _theirs.IssueFiles("renewed");
        File.Copy(next.Certificate, caller.Files.Certificate, overwrite: true);
        File.Copy(next.Key, caller.Files.Key, overwrite: true);
        File.Copy(_theirs.File, caller.AuthorityFile, overwrite: true);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await Meet(caller, narrow));
        Assert.False(await Meet(caller));
    }

    [Fact]
    public async Task A_reason_is_said_once_a_minute_and_with_how_often_it_was_not_said()
    {
        using var plain = Plain();
        for (var i = 0; i < 4; i++)
        {
            Assert.False(await Meet(plain));
        }

        Assert.Single(_silo.Said);
        using var stranger = Shows(_theirs.IssueFiles("stranger"), _theirs);
        Assert.False(await Meet(stranger));
        Assert.Equal(2, _silo.Said.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await Meet(plain));
        Assert.Equal(3, _silo.Said.Count);
        Assert.EndsWith(" (3 more since this was last said)", _silo.Said[2]);
    }

    [Fact]
    public async Task A_name_in_a_strangers_certificate_cannot_write_lines_of_the_log()
    {
        using var certificate = _theirs.Issue("\"a\nWarning: all is well" + new string('x', 500) + "\"");
        using var stranger = Shows(_theirs.Write(certificate, "stranger"), _theirs);
        Assert.False(await Meet(stranger));
        Assert.DoesNotContain('\n', Assert.Single(_silo.Said));
        Assert.True(_silo.Said[0].Length < 500);
    }

    private Peer Plain() => new(null, new LogBook<RefusalLog>(), _time);

    private Peer Shows(CertificateFiles files, TestAuthority authority) => Shows(files, authority.File);

    private Peer Shows(CertificateFiles files, string authority, TlsUse use = TlsUse.Silo)
    {
        // A copy, so that a test may replace one peer's authority.
        var own = files.Certificate + ".authority";
        File.Copy(authority, own);
        var settings = new TlsSettings { Certificate = files.Certificate, Key = files.Key, Authority = own };
        var first = TlsIdentity.Load(settings, use, _time.GetUtcNow());
        var source = new CertificateSource(settings, use, first, _time, NullLogger<CertificateSource>.Instance);
        return new Peer(source, new LogBook<RefusalLog>(), _time) { Files = files, AuthorityFile = own };
    }

    /// <summary>Whether the greeting of the one that is called arrives.</summary>
    private async Task<bool> Meet(Peer caller, Peer? called = null, Action<IConnectionBuilder>? over = null)
    {
        var (there, back) = (new Pipe(), new Pipe());
        var (callers, calleds) = (new Duplex(back.Reader, there.Writer), new Duplex(there.Reader, back.Writer));
        await using var incoming = new DefaultConnectionContext("in", calleds, callers) { RemoteEndPoint = Port(2) };
        await using var outgoing = new DefaultConnectionContext("out", callers, calleds) { RemoteEndPoint = Port(1) };
        var greeted = false;
        await Task.WhenAll(
            Run(incoming, (called ?? _silo).Connections.Accept, Greet),
            Run(outgoing, over ?? caller.Connections.Connect, async connection => greeted = await IsGreeted(connection)));
        return greeted;
    }

    private static IPEndPoint Port(int port) => new(IPAddress.Loopback, port);

    private static async Task Run(
        ConnectionContext context, Action<IConnectionBuilder> configure, ConnectionDelegate talk)
    {
        var transport = context.Transport;
        using var services = new ServiceCollection().BuildServiceProvider();
        var builder = new ConnectionBuilder(services);
        configure(builder);
        builder.Run(talk.Invoke);
        try
        {
            await builder.Build()(context);
        }
        catch (InvalidOperationException)
        {
        }
        finally
        {
            // As Orleans closes the socket.
            await transport.Output.CompleteAsync();
            await transport.Input.CompleteAsync();
        }
    }

    /// <summary>The caller speaks first, as Orleans' protocol has it, and is answered where it is understood.</summary>
    private static async Task Greet(ConnectionContext connection)
    {
        var read = await connection.Transport.Input.ReadAsync();
        var isUnderstood = read.Buffer is { Length: > 0, FirstSpan: [(byte)'h', ..] };
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        if (isUnderstood)
        {
            await connection.Transport.Output.WriteAsync("hello"u8.ToArray());
        }
    }

    private static async Task<bool> IsGreeted(ConnectionContext connection)
    {
        await connection.Transport.Output.WriteAsync("hello silo"u8.ToArray());
        var read = await connection.Transport.Input.ReadAsync();
        return read.Buffer.Length > 0 ? true : throw new InvalidOperationException("Connection terminated prematurely");
    }

    private sealed class Peer(CertificateSource? source, LogBook<RefusalLog> log, TimeProvider time) : IDisposable
    {
        public CertificateFiles Files { get; init; } = new("", "");

        public string AuthorityFile { get; init; } = "";

        public PeerConnections Connections { get; } = new(source, new RefusalLog(time, log), time);

        public IReadOnlyList<string> Said => log.Lines;

        public void Dispose() => source?.Dispose();
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
