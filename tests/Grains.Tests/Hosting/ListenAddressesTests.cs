using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>What a program is told of <c>--urls</c> before it writes anything.</summary>
public sealed class ListenAddressesTests
{
    private static string? ProblemWith(string urls, string? certificate = "tls.crt")
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
            certificate is null ? [] : [new("Kestrel:Certificates:Default:Path", certificate)]).Build();
        try
        {
            ListenAddresses.Demand(urls, settings);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("https://some.host.example:8443")]
    [InlineData("http://127.0.0.1:0;http://[::1]:0")]
    [InlineData(" http://127.0.0.1:0 ; ")]
    public void An_address_of_this_machine_can_be_listened_on(string urls) => Assert.Null(ProblemWith(urls));

    /// <summary>Kestrel would say so after everything was founded, in sixty lines.</summary>
    [Fact]
    public void Https_needs_a_certificate()
    {
        Assert.Equal(
            "--urls 'https://127.0.0.1:0' needs a certificate: set Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:KeyPath, "
                + "or let a proxy end TLS.",
            ProblemWith("http://127.0.0.1:0;https://127.0.0.1:0", certificate: null));
        Assert.Null(ProblemWith("https://127.0.0.1:0"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("localhost:8080")]
    [InlineData("8080")]
    [InlineData(":99999")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://127.0.0.1:8080/base")]
    [InlineData("ftp://127.0.0.1:8080")]
    [InlineData("unix:/tmp/x")]
    public void Anything_else_is_told_with_the_flag_and_an_example(string urls)
    {
        var problem = Assert.IsType<string>(ProblemWith(urls));
        Assert.StartsWith("--urls '", problem, StringComparison.Ordinal);
        Assert.Contains("such as http://127.0.0.1:8080", problem, StringComparison.Ordinal);
        Assert.Single(problem.Split('\n'));
    }

    /// <summary>Of documentation (RFC 5737), so of no machine.</summary>
    [Theory]
    [InlineData("http://192.0.2.7:8080")]
    [InlineData("http://[2001:db8::7]:8080")]
    public void An_address_of_another_machine_cannot(string url) =>
        Assert.StartsWith($"--urls '{url}' cannot be listened on: ", ProblemWith(url), StringComparison.Ordinal);

    [Fact]
    public void One_that_is_taken_says_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        foreach (var url in new[] { $"http://127.0.0.1:{port}", $"http://localhost:{port}", $"http://*:{port}", $"http://0.0.0.0:{port}" })
        {
            Assert.Equal(
                $"{url} is in use. Stop the program that listens there, or listen elsewhere with --urls, such as http://127.0.0.1:8081.",
                ProblemWith(url));
        }

        // Asked and let go: whoever was asked about can be listened on.
        taken.Stop();
        Assert.Null(ProblemWith($"http://127.0.0.1:{port}"));
        using var free = new TcpListener(IPAddress.Loopback, port);
        free.Start();
    }

    [Theory]
    [InlineData("http://0.0.0.0:{0};http://[::1]:{0}")]
    [InlineData("http://[::1]:{0};http://0.0.0.0:{0}")]
    [InlineData("http://127.0.0.1:{0};http://[::1]:{0}")]
    public void Addresses_of_two_families_are_two(string urls)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var problem = ProblemWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, urls, port));
        Assert.DoesNotContain("twice", problem ?? "", StringComparison.Ordinal);
    }

    /// <summary>Two of them would be one socket: the second could not be opened after the database was.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:{0};http://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0};HTTP://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0};https://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0};http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0};http://127.0.0.1:{0}")]
    [InlineData("http://*:{0};http://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0};http://0.0.0.0:{0}")]
    [InlineData("http://[::]:{0};http://[::1]:{0}")]
    public void No_address_is_named_twice_in_whatever_words(string urls)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var problem = Assert.IsType<string>(
            ProblemWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, urls, port)));
        Assert.Contains("--urls", problem, StringComparison.Ordinal);
        Assert.EndsWith("twice.", problem, StringComparison.Ordinal);
    }
}
