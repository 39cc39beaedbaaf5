using static TokenActors.Grains.Tests.Hosting.CheckedSettings;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>Values that a reader of the platform takes, and that mean another thing than they seem to.</summary>
public sealed class AmbiguousSettingsTests
{
    private const string Network = "it must be a network such as 10.1.0.0/16";
    private const string Origin = "it must be an origin such as https://app.example.com";
    private const string WholeNumber = "it must be a whole number of at least 0";

    /// <summary>10.1 is read as 10.0.0.1, and 010.0.0.1 as 8.0.0.1: a proxy that nobody meant would be
    /// believed.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("10.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.010")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("167772161")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.256")]
    [InlineData("[::1]:80")]
    [InlineData("[::1]:0x50")]
    [InlineData("::1/64")]
    public void An_address_is_four_decimal_numbers_or_ipv6(string text)
    {
        foreach (var key in new[] { "ForwardedHeaders:KnownProxies:0", "Cluster:AdvertisedAddress" })
        {
            Assert.Equal([$"TokenActors:{key} is '{text}'; it must be an IP address"], Problems((key, text)));
        }
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("2001:DB8::1")]
    [InlineData("2001:0db8:0:0:0:0:0:1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fe80::1%1")]
    public void Every_usual_form_of_an_address_is_taken(string text) =>
        Assert.Empty(Problems(("ForwardedHeaders:KnownProxies:0", text), ("Cluster:AdvertisedAddress", text)));

    /// <summary>10.1.2.3/8 may mean one address or sixteen million.</summary>
    [Theory]
    [InlineData("10.1/16")]
    [InlineData("10/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("10.1.2.3/8")]
    [InlineData("2001:db8::1/32")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData(" 10.0.0.0/8")]
    [InlineData("2001:db8::/129")]
    [InlineData("")]
    public void A_network_is_its_first_address_and_a_prefix(string text)
    {
        foreach (var key in new[] { "ForwardedHeaders:KnownNetworks:0", "Webhooks:AllowedNetworks:0" })
        {
            Assert.Equal([$"TokenActors:{key} is '{text}'; {Network}"], Problems((key, text)));
        }
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.1/32")]
    [InlineData("2001:DB8::/32")]
    [InlineData("::/0")]
    public void Every_usual_form_of_a_network_is_taken(string text) =>
        Assert.Empty(Problems(("ForwardedHeaders:KnownNetworks:0", text), ("Webhooks:AllowedNetworks:0", text)));

    /// <summary>Clients compare an issuer letter by letter, so that nothing of it is dropped.</summary>
    [Theory]
    [InlineData(" https://tokens.example.com")]
    [InlineData("https://tokens.example.com ")]
    [InlineData("https://tokens.example.com\n")]
    [InlineData("https://tokens.example.com?")]
    [InlineData("https://tokens.example.com#")]
    [InlineData("https:\\\\tokens.example.com")]
    [InlineData("https://tokens.example.com/a b")]
    [InlineData("https://:secret@tokens.example.com")]
    [InlineData("https://")]
    public void An_issuer_has_nothing_that_the_platform_forgives(string text) =>
        Assert.StartsWith(
            $"TokenActors:Issuer is '{text}'; it must be a URL", Assert.Single(Problems(("Issuer", text))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("https://app.example.com/index.html")]
    [InlineData("https://app.example.com?")]
    [InlineData(" https://app.example.com")]
    [InlineData("")]
    public void An_origin_is_what_a_browser_sends(string text) =>
        Assert.Equal([$"TokenActors:Cors:Origins:0 is '{text}'; {Origin}"], Problems(("Cors:Origins:0", text)));

    [Theory]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("٣")]
    [InlineData("2147483648")]
    [InlineData("--1")]
    public void A_number_is_written_in_one_way(string text) => Assert.Equal(
        [$"TokenActors:RateLimits:PerToken is '{text}'; {WholeNumber}"], Problems(("RateLimits:PerToken", text)));

    [Theory]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("____________________________________________")]
    public void A_pepper_of_another_length_or_alphabet_is_refused_and_not_shown(string text) => Assert.Equal(
        ["TokenActors:Secrets:Peppers:0:Key (not shown) must be 32 bytes in base64"],
        Problems(("Secrets:Peppers:0:Id", "p"), ("Secrets:Peppers:0:Key", text)));

    [Fact]
    public void A_list_with_a_wrong_item_names_the_item_and_takes_the_others()
    {
        var (options, problems) = Check(
            ("ForwardedHeaders:KnownProxies:0", "10.0.0.1"), ("ForwardedHeaders:KnownProxies:1", "10.1"),
            ("ForwardedHeaders:KnownProxies:2", "10.0.0.3"));
        Assert.Equal(["TokenActors:ForwardedHeaders:KnownProxies:1 is '10.1'; it must be an IP address"], problems);
        Assert.Contains("10.0.0.3", options.ForwardedHeaders.KnownProxies);
    }
}
