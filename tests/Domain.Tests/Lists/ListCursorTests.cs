using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Lists;

public sealed class ListCursorTests
{
    private static readonly string Id = Guid.NewGuid().ToString();

    private static ListQuery Query(params string[] orders) =>
        ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], orders, [], [])!;

    [Theory]
    [InlineData("ünï \" , 🙂")]
    [InlineData("")]
    public void A_place_comes_back_as_it_was_written(string name)
    {
        var query = Query("name[desc]", "created_at", "primary_access_expires_at");
        ImmutableArray<object> values = [name, -5_000_000_000L, 1_767_225_600_000_000L];
        var place = ListCursor.Read(query, ListCursor.Write(query, new ListPlace(values, Id)));
        Assert.Equal<object>(values, place!.Values);
        Assert.Equal(Id, place.Id);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("created_at[desc]")]
    [InlineData("created_at", "name")]
    [InlineData("updated_at")]
    public void A_place_of_another_order_is_none(params string[] other)
    {
        var query = Query("created_at");
        var cursor = ListCursor.Write(query, new ListPlace([1L], Id));
        Assert.NotNull(ListCursor.Read(query, cursor));
        Assert.Null(ListCursor.Read(Query(other), cursor));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("e30")]
    [InlineData("W10")]
    [InlineData("start")]
    public void What_no_list_gave_is_no_place(string cursor) =>
        Assert.Null(ListCursor.Read(Query("created_at"), cursor));

    [Theory]
    [InlineData("[\"x\",\"{0}\",1]")]
    [InlineData("[\"{1}\",\"no-id\",1]")]
    [InlineData("[\"{1}\",\"{0}\",\"1\"]")]
    [InlineData("[\"{1}\",\"{0}\",1.5]")]
    [InlineData("[\"{1}\",\"{0}\",null]")]
    [InlineData("[\"{1}\",\"{0}\"]")]
    [InlineData("[\"{1}\",\"{0}\",1,2]")]
    [InlineData("[\"{1}\",\"{0}\",[]]")]
    public void A_place_that_somebody_changed_is_none(string parts)
    {
        var query = Query("created_at");
        var real = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(ListCursor.Write(query, new ListPlace([1L], Id))));
        var order = real.Split('"')[1];
        var text = parts.Replace("{0}", Id, StringComparison.Ordinal).Replace("{1}", order, StringComparison.Ordinal);
        Assert.Null(ListCursor.Read(query, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Half_of_a_character_is_no_text()
    {
        var query = Query("name");
        var real = Encoding.UTF8.GetString(
            Base64Url.DecodeFromChars(ListCursor.Write(query, new ListPlace(["x"], Id))));
        var cursor = Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(real.Replace("\"x\"", "\"\\ud800\"", StringComparison.Ordinal)));
        Assert.Null(ListCursor.Read(query, cursor));
    }

    /// <summary>What stands where a text is expected is a text: anything else would fail the read and not the
    /// request.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    public void A_value_of_another_type_is_no_text(string value)
    {
        var query = Query("name");
        var real = Encoding.UTF8.GetString(
            Base64Url.DecodeFromChars(ListCursor.Write(query, new ListPlace(["x"], Id))));
        foreach (var changed in new[] { real.Replace("\"x\"", value, StringComparison.Ordinal), real.Replace($"\"{Id}\"", value, StringComparison.Ordinal) })
        {
            Assert.NotEqual(real, changed);
            Assert.Null(ListCursor.Read(query, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(changed))));
        }
    }

    [Theory]
    [InlineData("state[eq]active", true)]
    [InlineData("state[not in]active,expired", true)]
    [InlineData("state[like]act*", false)]
    [InlineData("state[gt]active", false)]
    public void A_phase_is_one_of_three_words(string filter, bool taken)
    {
        List<ListProblem> problems = [];
        ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], [], [filter], problems);
        Assert.Equal(taken, problems.Count == 0);
    }

    [Fact]
    public void A_kind_is_found_by_the_words_of_its_profiles() => Assert.All(TokenProfile.All, profile =>
    {
        var renames = LifecycleTokenList.Schema.Find("kind")!.Renames;
        var wire = renames.Where(word => word.Stored == profile.Name).Select(word => word.Wire).SingleOrDefault();
        Assert.Equal(TokenKinds.Of(profile), wire ?? profile.Name);
    });
}
