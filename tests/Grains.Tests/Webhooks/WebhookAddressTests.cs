using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Webhooks;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>Which addresses endpoints may have, when they are made.</summary>
public sealed class WebhookAddressTests
{
    private const string NoUrl = "must be a URL such as https://example.com/hooks";
    private const string Private = "must not lead to a private address";

    private static Task<string?> Problem(string address, WebhookSettings? settings = null) =>
        new WebhookAddresses(settings ?? new()).Problem(address, CancellationToken.None);

    [Theory]
    [InlineData("https://93.184.215.14/hooks", null)]
    [InlineData("https://93.184.215.14:8443/hooks?a=b", null)]
    [InlineData("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", null)]
    [InlineData("https://no-such-host.invalid/", null)]
    [InlineData("http://93.184.215.14/", "must be an https URL")]
    [InlineData("https://user:password@93.184.215.14/", "must not have a user or password")]
    [InlineData("https://user@93.184.215.14/", "must not have a user or password")]
    [InlineData("", NoUrl)]
    [InlineData("example.com", NoUrl)]
    [InlineData("/hooks", NoUrl)]
    [InlineData("ftp://93.184.215.14/", NoUrl)]
    [InlineData("file:///etc/passwd", NoUrl)]
    [InlineData("javascript:alert(1)", NoUrl)]
    [InlineData("https://", NoUrl)]
    [InlineData("https://127.0.0.1/", Private)]
    [InlineData("https://localhost/", Private)]
    [InlineData("https://10.1.2.3/", Private)]
    [InlineData("https://172.16.0.1/", Private)]
    [InlineData("https://192.168.1.1/", Private)]
    [InlineData("https://169.254.169.254/latest/meta-data", Private)]
    [InlineData("https://100.64.0.1/", Private)]
    [InlineData("https://0.0.0.0/", Private)]
    [InlineData("https://[::1]/", Private)]
    [InlineData("https://[::ffff:10.0.0.1]/", Private)]
    [InlineData("https://[::10.0.0.1]/", Private)]
    [InlineData("https://[fd00::1]/", Private)]
    [InlineData("https://[fe80::1]/", Private)]
    [InlineData("https://2130706433/", Private)]
    [InlineData("https://0x7f000001/", Private)]
    public async Task An_endpoint_is_out_in_the_open_and_has_no_password(string address, string? problem) =>
        Assert.Equal(problem, await Problem(address));

    [Theory]
    [InlineData(2_048, null)]
    [InlineData(2_049, NoUrl)]
    public async Task An_address_has_a_longest_length(int length, string? problem) =>
        Assert.Equal(problem, await Problem("https://93.184.215.14/".PadRight(length, 'x')));

    [Theory]
    [InlineData("https://10.1.2.3/", null)]
    [InlineData("https://[::ffff:10.1.2.3]/", null)]
    [InlineData("https://10.2.0.1/", Private)]
    [InlineData("https://[fd00::1]/", null)]
    [InlineData("https://[fd01::1]/", Private)]
    [InlineData("https://127.0.0.1/", Private)]
    public async Task Networks_that_the_operator_names_are_let_in_and_no_others(string address, string? problem) =>
        Assert.Equal(problem, await Problem(address, new() { AllowedNetworks = ["10.1.0.0/16", "fd00::/16"] }));

    [Fact]
    public async Task Where_the_operator_allows_http_it_is_taken() =>
        Assert.Null(await Problem("http://93.184.215.14/", new() { AllowHttp = true }));
}
