using CsCheck;
using TokenActors.Domain.Naming;

namespace TokenActors.Domain.Tests.Naming;

public sealed class SlugTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("Demo_1-x")]
    [InlineData("AZ09")]
    [InlineData("-")]
    [InlineData("_-_")]
    [InlineData("~a~1")]
    public void Letters_of_both_cases_digits_and_three_signs_make_a_name(string name) => Assert.True(Slug.Is(name));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("with space")]
    [InlineData("dot.ted")]
    [InlineData("umläut")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("tab\t")]
    [InlineData("nul\0")]
    [InlineData("İ")]
    [InlineData("\u212Aelvin")] // the Kelvin sign, whose lower case is an ASCII k
    [InlineData("٣")]
    public void Other_characters_are_refused(string name) => Assert.False(Slug.Is(name));

    [Fact]
    public void Too_long_a_name_is_refused()
    {
        Assert.True(Slug.Is(new string('a', 128)));
        Assert.False(Slug.Is(new string('a', 129)));
    }

    [Theory]
    [InlineData("Demo Tenant 1", "demo-tenant-1")]
    [InlineData("  a  --  b  ", "a-b")]
    [InlineData("A - B", "a-b")]
    [InlineData("“quoted” – dash", "quoted-dash")]
    [InlineData("Grüße, Welt!", null)]
    [InlineData("Über", null)]
    [InlineData("a/b\\c", "a-b-c")]
    [InlineData("under_score", "under_score")]
    [InlineData("-a-", "a")]
    [InlineData("Ω1Ω", null)]
    [InlineData("𝔘1", null)]
    [InlineData("---", null)]
    [InlineData("!!!", null)]
    [InlineData("日本", null)]
    [InlineData("01A221CC-672A-70C5-AE13-6EBA5EBC7221", null)]
    [InlineData("{01a221cc-672a-70c5-ae13-6eba5ebc7221}", null)]
    [InlineData("01a221cc672a70c5ae136eba5ebc7221", null)]
    [InlineData("01a221cc-672a-70c5-ae13-6eba5ebc7221 copy", "01a221cc-672a-70c5-ae13-6eba5ebc7221-copy")]
    [InlineData("", null)]
    public void Slugs_are_derived_from_display_names(string fullname, string? slug) =>
        Assert.Equal(slug, Slug.Derive(fullname));

    [Fact]
    public void A_derived_slug_is_cut_to_the_longest_name() =>
        Assert.Equal(new string('a', 128), Slug.Derive(new string('A', 500)));

    [Fact]
    public void Whatever_is_derived_is_a_name_as_it_is() => Gen.String.HoldsForAll(3000, fullname =>
    {
        if (Slug.Derive(fullname) is { } slug)
        {
            Assert.True(Slug.Is(slug));
            Assert.Equal(slug.ToLowerInvariant(), slug);
        }
    });
}
