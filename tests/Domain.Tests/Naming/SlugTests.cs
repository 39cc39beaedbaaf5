using TokenActors.Domain.Members;
using TokenActors.Domain.Naming;

namespace TokenActors.Domain.Tests.Naming;

public sealed class SlugTests
{
    [Theory]
    [InlineData("demo", "demo")]
    [InlineData("Demo_1-x", "demo_1-x")]
    public void Names_are_lower_cased(string name, string slug)
    {
        Assert.True(Slug.TryNormalize(name, out var actual));
        Assert.Equal(slug, actual);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("dot.ted")]
    [InlineData("umläut")]
    [InlineData("a/b")]
    public void Other_characters_are_refused(string name) => Assert.False(Slug.TryNormalize(name, out _));

    [Fact]
    public void Too_long_a_name_is_refused()
    {
        Assert.True(Slug.TryNormalize(new string('a', 128), out _));
        Assert.False(Slug.TryNormalize(new string('a', 129), out _));
    }

    [Theory]
    [InlineData("Demo Tenant 1", "demo-tenant-1")]
    [InlineData("  a  --  b  ", "a---b")]
    [InlineData("Grüße, Welt!", "gr-e-welt")]
    [InlineData("!!!", null)]
    [InlineData("", null)]
    public void Slugs_are_derived_from_display_names(string fullname, string? slug)
    {
        Assert.Equal(slug, Slug.Derive(fullname));
    }

    [Theory]
    [InlineData("short12", "8 to 71")]
    [InlineData("password1", "common")]
    [InlineData("PassWord123", "common")]
    [InlineData("someone@example.com", "name")]
    [InlineData("correct horse battery", null)]
    public void Weak_passwords_are_refused(string password, string? problem)
    {
        var actual = PasswordRules.ProblemWith(password, "Someone@example.com");
        Assert.Equal(problem is null, actual is null);
        Assert.Contains(problem ?? "", actual ?? "");
    }

    [Fact]
    public void A_password_has_fewer_than_72_characters()
    {
        Assert.Null(PasswordRules.ProblemWith(new string('x', 71), ""));
        Assert.NotNull(PasswordRules.ProblemWith(new string('x', 72), ""));
    }
}
