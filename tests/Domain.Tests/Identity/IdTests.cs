using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Tests.Identity;

public sealed class IdTests
{
    private const string Canonical = "01900000-0000-7000-8000-0000000000ff";

    /// <summary>One spelling, or two ids would name one row: it is the key of a grain.</summary>
    [Theory]
    [InlineData(Canonical, true)]
    [InlineData("01900000-0000-7000-8000-0000000000FF", true)]
    [InlineData("00000000-0000-0000-0000-000000000000", true)]
    [InlineData("01900000 0000 7000 8000 0000000000ff", false)]
    [InlineData("019000000000700080000000000000ff", false)]
    [InlineData("{01900000-0000-7000-8000-0000000000ff}", false)]
    [InlineData("(01900000-0000-7000-8000-0000000000ff)", false)]
    [InlineData("01900000-0000-7000-8000-0000000000f", false)]
    [InlineData("01900000-0000-7000-8000-0000000000fg", false)]
    [InlineData("01900000-0000-7000-8000-0000000000ff0", false)]
    [InlineData("a name", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Ids_are_uuids_of_36_characters(string? text, bool good)
    {
        Assert.Equal(good, TokenId.TryParse(text, out var token));
        Assert.Equal(good, OrganizationId.TryParse(text, out var organization));
        Assert.Equal(good ? text?.ToLowerInvariant() : Guid.Empty.ToString(), token.ToString());
        Assert.Equal(token.ToString(), organization.ToString());
    }

    [Fact]
    public void Ids_print_in_lower_case_and_read_back()
    {
        Assert.Equal(Canonical, TokenId.Parse(Canonical.ToUpperInvariant()).ToString());
        Assert.Equal(Canonical, OrganizationId.Parse(Canonical).ToString());
        Assert.Equal(Canonical, MemberId.Parse(Canonical).ToString());
        Assert.Throws<FormatException>(() => MemberId.Parse("someone"));
    }
}
