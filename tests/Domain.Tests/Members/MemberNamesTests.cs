using CsCheck;
using TokenActors.Domain.Members;

namespace TokenActors.Domain.Tests.Members;

/// <summary>No two names that look alike are two names (RFC 8264 and 8265).</summary>
public sealed class MemberNamesTests
{
    [Theory]
    [InlineData("ada@example.com", "ada@example.com")]
    [InlineData("Ada@Example.com", "Ada@Example.com")]
    [InlineData("jose\u0301", "jos\u00e9")]
    [InlineData("\u0041\u030a", "\u00c5")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("пётр", "пётр")]
    [InlineData("아리랑", "아리랑")]
    [InlineData("a b", "a b")]
    [InlineData("😀", "😀")]
    public void A_name_is_kept_in_its_composed_form(string given, string plain) =>
        Assert.Equal(plain, MemberNames.Plain(given));

    /// <summary>Each looks like another name, or like nothing.</summary>
    [Theory]
    [InlineData("ad\u200ba")]
    [InlineData("ad\u200da")]
    [InlineData("ada\u00ad")]
    [InlineData("\u202eada")]
    [InlineData("\ufeffada")]
    [InlineData("ada\u0000")]
    [InlineData("ada\n")]
    [InlineData("ada\u007f")]
    [InlineData("\uff41da")]
    [InlineData("\ufb01n")]
    [InlineData("a\u2460")]
    [InlineData("a\u00a0b")]
    [InlineData("a\u034fb")]
    [InlineData("\u115fa")]
    [InlineData("\u1160a")]
    [InlineData("a\ufe0f")]
    [InlineData("a\udb40\udd00")]
    [InlineData("\ue000")]
    [InlineData("a\u0378")]
    public void What_is_not_seen_or_is_another_width_is_refused(string name) => Assert.Null(MemberNames.Plain(name));

    [Fact]
    public void Half_of_a_character_has_no_composed_form()
    {
        Assert.Null(MemberNames.Composed("\ud83d"));
        Assert.Null(MemberNames.Plain("\ud800ada"));
        Assert.Null(MemberNames.Plain("ada\udc00"));
        Assert.Equal("\u00e4", MemberNames.Composed("a\u0308"));
        Assert.Equal("", MemberNames.Composed(""));
    }

    /// <summary>A name that was taken once is taken again as it is, and looks the same however it was typed.</summary>
    [Fact]
    public void A_plain_name_is_plain_for_any_text() => Gen.String[Gen.Char, 0, 12].HoldsForAll(
        20_000,
        text =>
        {
            if (MemberNames.Plain(text) is not { } plain)
            {
                return;
            }

            Assert.Equal(plain, MemberNames.Plain(plain));
            Assert.Equal(plain, MemberNames.Plain(plain.Normalize(System.Text.NormalizationForm.FormD)));
        },
        text => string.Join(' ', text.Select(c => $"{(int)c:x4}")));
}
