using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

public sealed class SelectionTests
{
    private static Selection Of(string names) => Selection.Of(names.Split(',', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("a", "a")]
    [InlineData("b,a,b", "a,b")]
    [InlineData("a,A", "A,a")]
    [InlineData("a,*", "*")]
    [InlineData("*", "*")]
    [InlineData("**,a", "**,a")]
    [InlineData("", "")]
    public void Names_are_sorted_and_unique_and_a_star_is_everything(string names, string shown) =>
        Assert.Equal(shown, Of(names).ToString());

    [Theory]
    [InlineData("*", "a", true)]
    [InlineData("*", "", true)]
    [InlineData("a,b,c", "b", true)]
    [InlineData("a,b,c", "B", false)]
    [InlineData("a,b,c", "d", false)]
    [InlineData("a,b,c", "ab", false)]
    [InlineData("a,b,c", "*", false)]
    [InlineData("", "a", false)]
    [InlineData("", "", false)]
    public void Names_are_compared_bytewise_and_are_no_patterns(string names, string asked, bool covered) =>
        Assert.Equal(covered, Of(names).Covers(asked));

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "x", true)]
    [InlineData("red,blue", "blue", true)]
    [InlineData("red,blue", "green,red", true)]
    [InlineData("red,blue", "green", false)]
    [InlineData("red,blue", "", false)]
    [InlineData("", "red", false)]
    public void One_label_is_enough(string names, string labels, bool covered) =>
        Assert.Equal(covered, Of(names).CoversAny(labels.Split(',', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("*", "*", true, "*")]
    [InlineData("a", "*", true, "a")]
    [InlineData("*", "a", false, "a")]
    [InlineData("a", "a,b", true, "a")]
    [InlineData("a,b", "a", false, "a")]
    [InlineData("a,b", "b,c", false, "b")]
    [InlineData("a", "b", false, "")]
    [InlineData("", "a", true, "")]
    [InlineData("a", "", false, "")]
    [InlineData("", "*", true, "")]
    [InlineData("", "", true, "")]
    public void One_lies_within_another_and_both_meet(string one, string other, bool within, string both)
    {
        Assert.Equal(within, Of(one).IsWithin(Of(other)));
        Assert.Equal(both, Of(one).Intersect(Of(other)).ToString());
        Assert.Equal(Of(one).Intersect(Of(other)), Of(other).Intersect(Of(one)));
    }

    [Fact]
    public void Everything_and_nothing_are_told_apart()
    {
        Assert.True(Selection.All is { IsAll: true, IsEmpty: false, Names: null });
        Assert.True(Selection.Of() is { IsAll: false, IsEmpty: true });
        Assert.NotEqual(Selection.All, Selection.Of());
        Assert.False(Selection.All.Equals(null));
    }

    [Fact]
    public void Equal_selections_hash_alike()
    {
        Assert.Equal(Of("a,b"), Of("b,a,a"));
        Assert.Equal(Of("a,b").GetHashCode(), Of("b,a").GetHashCode());
        Assert.NotEqual(Of("a,b"), Of("a"));
    }
}
