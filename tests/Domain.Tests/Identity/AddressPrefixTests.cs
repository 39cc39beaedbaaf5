using System.Net;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Tests.Identity;

/// <summary>The networks that uses are noted by.</summary>
public sealed class AddressPrefixTests
{
    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("255.255.255.255", "255.255.255.0/24")]
    [InlineData("0.0.0.0", "0.0.0.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData("ffff:ffff:ffff:ffff::1", "ffff:ffff:ffff::/48")]
    [InlineData("fe80::1%3", "fe80::/48")]
    [InlineData("::1", "::/48")]
    public void An_address_lies_in_its_network(string address, string network) =>
        Assert.Equal(network, AddressPrefix.Of(IPAddress.Parse(address)).ToString());

    [Fact]
    public void Networks_are_one_where_their_bits_are_and_they_are_of_one_kind()
    {
        Assert.Equal(
            AddressPrefix.Of(IPAddress.Parse("10.1.2.3")), AddressPrefix.Of(IPAddress.Parse("::ffff:10.1.2.9")));
        Assert.NotEqual(AddressPrefix.Of(IPAddress.Parse("10.1.2.3")), AddressPrefix.Of(IPAddress.Parse("10.1.3.3")));
        Assert.NotEqual(AddressPrefix.Of(IPAddress.Parse("0.0.0.0")), AddressPrefix.Of(IPAddress.Parse("::")));
    }

    [Theory]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0", "Mozilla")]
    [InlineData("python-requests/2.32", "python-requests")]
    [InlineData("Go-http-client", "Go-http-client")]
    [InlineData("a b", "a")]
    [InlineData("<script>", null)]
    [InlineData("", null)]
    [InlineData("(comment)", null)]
    [InlineData("x\u0000y", "x")]
    public void A_client_is_called_by_its_first_product(string header, string? family) =>
        Assert.Equal(family, ClientFamily.Of(header));

    [Fact]
    public void A_client_with_a_long_name_is_called_by_its_beginning() =>
        Assert.Equal(new string('a', 40), ClientFamily.Of(new string('a', 9_000)));
}
