using System.Net;
using CsCheck;
using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

/// <summary>Sets of addresses: how they are written, and the laws of one lying within another.</summary>
public sealed class AddressRangesTests
{
    private const int Cases = 5000;

    private static readonly Gen<AddressRanges[]> Three = AnyGrant.Addresses.Array[3];

    private static AddressRanges Of(params string[] texts) => AddressRanges.Of(texts);

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3/32")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("::ffff:0:0/96", "0.0.0.0/0")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    public void A_range_is_read_and_written_in_one_form(string text, string expected)
    {
        Assert.Null(AddressRanges.ProblemWith(text));
        Assert.Equal([expected], Of(text).Texts);
        Assert.Equal(Of(text), Of(expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.1")]
    [InlineData("167772161")]
    [InlineData("0x0a000001")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::%1/64")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("2001:db8::/129")]
    [InlineData("example.com")]
    [InlineData("*")]
    public void What_is_no_range_is_refused(string text)
    {
        Assert.NotNull(AddressRanges.ProblemWith(text));
        Assert.Throws<FormatException>(() => Of(text));
    }

    [Theory]
    [InlineData("10.1.2.3/8")]
    [InlineData("0.0.0.1/0")]
    [InlineData("2001:db8::1/64")]
    [InlineData("::ffff:10.0.0.0/95")]
    [InlineData("::ffff:10.1.0.0/104")]
    public void Bits_after_the_prefix_are_refused_and_not_cleared(string text) =>
        Assert.Contains("after its prefix", AddressRanges.ProblemWith(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.0/8", "::10.0.0.1", false)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("::/0", "::ffff:10.0.0.1", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("2001:db8::/127", "2001:db8::1", true)]
    [InlineData("2001:db8::/127", "2001:db8::2", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    public void A_range_holds_the_addresses_of_its_own_family(string range, string address, bool expected) =>
        Assert.Equal(expected, Of(range).Contains(IPAddress.Parse(address)));

    [Fact]
    public void Ranges_are_kept_in_their_shortest_form()
    {
        Assert.Equal(["10.0.0.0/8"], Of("10.0.0.0/9", "10.1.0.0/16", "10.128.0.0/9", "10.0.0.0/8").Texts);
        Assert.Equal(["0.0.0.0/0"], Of([.. Enumerable.Range(0, 256).Select(i => $"{i}.0.0.0/8")]).Texts);
        Assert.Equal(
            ["10.0.0.0/31", "10.0.0.2/32", "2001:db8::/32"],
            Of("2001:db8::/32", "10.0.0.2", "10.0.0.1", "10.0.0.0").Texts);
        Assert.Equal(Of("::/1", "8000::/1"), Of("::/0"));
        Assert.Empty(Of().Texts!.Value);
        Assert.True(Of().IsNowhere && !Of().Contains(IPAddress.Loopback));
    }

    [Fact]
    public void Too_many_are_those_that_are_left_in_the_shortest_form()
    {
        var apart = Enumerable.Range(0, AddressRanges.MostRanges + 1).Select(i => $"10.0.{i}.1").ToArray();
        Assert.True(Of(apart).HasTooMany);
        Assert.False(Of(apart[1..]).HasTooMany);
        Assert.False(AddressRanges.Anywhere.HasTooMany);
    }

    [Fact]
    public void Being_within_is_a_partial_order_below_anywhere() => Three.HoldsForAll(Cases, sets =>
    {
        var (a, b, c) = (sets[0], sets[1], sets[2]);
        Assert.True(a.IsWithin(a) && a.IsWithin(AddressRanges.Anywhere) && Of().IsWithin(a));
        Assert.True(!(a.IsWithin(b) && b.IsWithin(c)) || a.IsWithin(c), "transitive");
        Assert.Equal(a.Equals(b), a.IsWithin(b) && b.IsWithin(a));
        Assert.Equal(a, AddressRanges.Of(a.Texts is { } texts ? [.. texts] : (string[]?)null));
    });

    [Fact]
    public void What_both_hold_is_the_most_that_lies_within_both() =>
        Gen.Select(AnyGrant.Addresses, AnyGrant.Addresses, AnyGrant.Address).HoldsForAll(Cases, drawn =>
        {
            var (a, b, address) = drawn;
            var both = a.Intersect(b);
            Assert.Equal(both, b.Intersect(a));
            Assert.True(both.IsWithin(a) && both.IsWithin(b));
            Assert.Equal(a.Contains(address) && b.Contains(address), both.Contains(address));
            Assert.Equal(a.IsWithin(b), a.Equals(both));
        });
}
