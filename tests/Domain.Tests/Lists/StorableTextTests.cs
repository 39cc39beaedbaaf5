using TokenActors.Domain.Lists;

namespace TokenActors.Domain.Tests.Lists;

public sealed class StorableTextTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab\U0001F600", 3, "ab")]
    [InlineData("ab\U0001F600c", 4, "ab\U0001F600")]
    public void A_text_is_cut_between_characters(string text, int longest, string cut)
    {
        Assert.Equal(cut, StorableText.Cut(text, longest));
        Assert.True(StorableText.Is(StorableText.Cut(text, longest)));
    }
}
