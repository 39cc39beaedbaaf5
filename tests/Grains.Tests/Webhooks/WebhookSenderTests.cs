using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TokenActors.Grains.Webhooks;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Webhooks;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>What goes out to endpoints, and where it does not go.</summary>
public sealed class WebhookSenderTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public WebhookSenderTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private static WebhookAddresses Addresses(params string[] allowed) =>
        new(new WebhookSettings { AllowHttp = true, AllowedNetworks = allowed });

    private static Task<AttemptResult> Send(WebhookSender sender, string address) =>
        sender.Send(new WebhookRequest(address, [("webhook-id", "msg_1")], "{}"u8.ToArray()), CancellationToken.None);

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("\u2460\u2461\u2466.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    [InlineData("[::1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fc00::1]")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("192.168.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task Nothing_is_sent_into_a_private_network_however_it_is_written(string host)
    {
        var (addresses, address) = (Addresses(), $"http://{host}:{Port}/");
        using var sender = new WebhookSender(addresses, TimeSpan.FromSeconds(5));
        var result = await Send(sender, address);
        Assert.Null(result.Status);
        Assert.NotNull(result.Error);
        Assert.DoesNotContain("route", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.False(_listener.Pending());
        Assert.NotNull(await addresses.Problem(address, CancellationToken.None));
    }

    [Theory]
    [InlineData("[::1]", "::1/128")]
    [InlineData("127.0.0.1", "127.0.0.0/8")]
    public async Task What_the_operator_excepts_is_let_through(string host, string network)
    {
        Assert.Null(await Addresses(network).Problem($"http://{host}:{Port}/", CancellationToken.None));
        using var sender = new WebhookSender(Addresses(network), TimeSpan.FromSeconds(5));
        var result = await Send(sender, $"http://{host}:1/");
        Assert.NotEqual("leads to an address that endpoints must not have", result.Error);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("nonsense")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://127.0.0.1:99999/")]
    [InlineData("http://[::g]/")]
    public async Task An_address_that_is_none_is_an_attempt_that_failed(string address)
    {
        using var sender = new WebhookSender(Addresses("127.0.0.0/8"), TimeSpan.FromSeconds(5));
        var result = await Send(sender, address);
        Assert.Null(result.Status);
        Assert.NotNull(result.Error);
    }

    [Fact]
    public async Task Endpoints_are_not_told_how_the_service_traces_itself_and_errors_do_not_hold_the_address()
    {
        using var activity = new Activity("refresh").SetBaggage("tenant", "other").Start();
        using var sender = new WebhookSender(Addresses("127.0.0.0/8"), TimeSpan.FromSeconds(10));
        var received = ReadRequest();
        var result = await Send(sender, $"http://127.0.0.1:{Port}/hooks?key=hunter2");
        var request = await received;
        Assert.StartsWith("POST /hooks?key=hunter2 HTTP/1.1", request);
        Assert.DoesNotContain("trace", request, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("baggage", request, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("correlation", request, StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(result.Error);
        Assert.DoesNotContain("hunter2", result.Error);
        Assert.Same(activity, Activity.Current);
    }

    /// <summary>The head of the next request, whose connection is then dropped.</summary>
    private async Task<string> ReadRequest()
    {
        using var connection = await _listener.AcceptTcpClientAsync();
        var bytes = new byte[8 * 1024];
        var length = 0;
        while (!Encoding.ASCII.GetString(bytes, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await connection.GetStream().ReadAsync(bytes.AsMemory(length));
            Assert.True(read > 0, "the head of the request is whole");
            length += read;
        }

        return Encoding.ASCII.GetString(bytes, 0, length);
    }
}
