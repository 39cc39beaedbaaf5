using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TokenActors.Gateway.Tests.Cloudflare;

/// <summary>TLS before a port of the loopback, for programs that speak nothing else.</summary>
internal sealed class TlsRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Task _accepting;
    private readonly int _behind;

    public TlsRelay(int behind)
    {
        _behind = behind;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _certificate.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Relay(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Relay(TcpClient client)
    {
        using (client)
        using (var service = new TcpClient())
        {
            try
            {
                await using var outer = new SslStream(client.GetStream());
                await outer.AuthenticateAsServerAsync(_certificate);
                await service.ConnectAsync(IPAddress.Loopback, _behind);
                var inner = service.GetStream();
                await Task.WhenAny(outer.CopyToAsync(inner), inner.CopyToAsync(outer));
            }
            catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }
}
