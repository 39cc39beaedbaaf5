using System.Net;
using AngleSharp.Dom;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>Lists of more than a page, with what narrows them: each thing is on one page, and the address keeps the
/// rest.</summary>
[Collection("walls")]
public sealed class ListPageTests(HostileService service)
{
    private const int Made = 53;

    [Theory]
    [InlineData("accounts", "/v1/accounts")]
    [InlineData("roles", "/v1/roles")]
    public async Task Every_thing_of_a_search_is_on_one_page_of_it(string place, string path)
    {
        var word = $"p{Guid.NewGuid():N}"[..9];
        for (var i = 0; i < Made; i++)
        {
            object thing = place == "roles"
                ? new { name = $"{word}-{i:00}", permission_set = "viewer" }
                : new { name = $"{word}-{i:00}" };
            (await service.Post(path, service.Admin, thing)).Is(HttpStatusCode.Created);
        }

        using var visitor = await service.SignIn();
        var (names, pages) = await Walk(visitor, $"/console/{place}?q={word}-", word);
        Assert.Equal(Enumerable.Range(0, Made).Select(i => $"{word}-{i:00}"), names);
        Assert.Equal(2, pages.Count);
        Assert.All(pages, page => Assert.Contains($"q={word}-", page, StringComparison.Ordinal));

        await visitor.Get($"/console/{place}?q={word}-52");
        Assert.Single(Rows(visitor), row => row.Contains(word, StringComparison.Ordinal));
        Assert.Null(visitor.Page.QuerySelector("a[rel=next]"));
        await visitor.Get($"/console/{place}?q={word}-99");
        Assert.DoesNotContain(Rows(visitor), row => row.Contains(word, StringComparison.Ordinal));
        Assert.Equal($"{word}-99", visitor.Page.QuerySelector("#q")?.GetAttribute("value"));
    }

    /// <summary>
    /// Of these tokens one ends within a week, as its refresh secret does, and one does not within a month.
    /// </summary>
    [Fact]
    public async Task Filters_of_tokens_stay_over_their_pages()
    {
        var label = $"l{Guid.NewGuid():N}"[..9];
        for (var i = 0; i < Made; i++)
        {
            var life = i switch { 0 => "2h", 1 => "1000h", _ => "480h" };
            (await service.Post("/lifecycle/v1/tokens", service.Admin, new
            {
                name = $"{label}-{i:00}",
                permission_set = "viewer", labels = new[] { label }, life
            })).Is(HttpStatusCode.Created);
        }

        using var visitor = await service.SignIn();
        var (names, pages) = await Walk(
            visitor, $"/console/tokens?label={label}&state=active&order=name%5Basc%5D&kind=adhoc", label);
        Assert.Equal(Enumerable.Range(0, Made).Select(i => $"{label}-{i:00}"), names);
        Assert.All(pages, page => Assert.All((string[])["label=", "state=active", "kind=adhoc", "order="],
            part => Assert.Contains(part, page, StringComparison.Ordinal)));
        Assert.Equal(
            label, (visitor.Page.QuerySelector("[name=label]") as AngleSharp.Html.Dom.IHtmlInputElement)?.Value);
        foreach (var (filter, count) in new[] { ("state=disabled", 0), ("kind=mcp", 0), ("q=-07", 1), ("unused=7", 0),
            ("ends=1", 0), ("ends=7", 1), ("ends=30", Made - 1), ("member=" + Guid.Empty, 0) })
        {
            var found = (await Walk(visitor, $"/console/tokens?label={label}&{filter}", label)).Names;
            Assert.True(count == found.Count && found.Distinct().Count() == count, $"{filter}: {found.Count}");
        }
    }

    [Fact]
    public async Task The_trail_goes_on_with_older_rows_of_the_same_filter()
    {
        for (var i = 0; i < Made; i++)
        {
            (await service.Post("/v1/accounts", service.Admin, new { name = $"t{Guid.NewGuid():N}" })).Is(
                HttpStatusCode.Created);
        }

        using var visitor = await service.SignIn();
        await visitor.Get("/console/audit?event=account.created&outcome=done");
        var first = Rows(visitor);
        Assert.Equal(50, first.Count);
        var older = visitor.Page.QuerySelector("a[rel=next]")!.GetAttribute("href")!;
        Assert.Contains("event=account.created&outcome=done&cursor=", older, StringComparison.Ordinal);
        await visitor.Get(older);
        Assert.NotEmpty(Rows(visitor));
        Assert.Empty(Rows(visitor).Intersect(first));
        Assert.All(visitor.Page.QuerySelectorAll("tbody tr"),
            row => Assert.Contains("account", row.TextContent, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("tokens?filter=nonsense")]
    [InlineData("tokens?filter=name[near]x")]
    [InlineData("tokens?filter=colour[eq]red")]
    [InlineData("tokens?order=sideways")]
    [InlineData("tokens?order=colour[asc]")]
    [InlineData("tokens?state=gone")]
    [InlineData("tokens?kind=quantum")]
    [InlineData("tokens?member=nobody")]
    [InlineData("tokens?cursor=nonsense")]
    [InlineData("audit?subject=nothing")]
    [InlineData("audit?member=nobody")]
    [InlineData("audit?token=none")]
    [InlineData("audit?address=nowhere")]
    [InlineData("audit?cursor=nonsense")]
    [InlineData("accounts?cursor=nonsense")]
    [InlineData("roles?cursor=nonsense")]
    [InlineData("members?cursor=nonsense")]
    [InlineData("organizations?cursor=nonsense")]
    [InlineData("tokens?ends=soon")]
    [InlineData("tokens?ends=-1")]
    [InlineData("tokens?unused=99999999999")]
    public async Task A_filter_that_is_none_is_told_or_finds_nothing_and_breaks_no_page(string address)
    {
        using var visitor = await service.SignIn();
        await visitor.Get($"/console/{address}");
        Assert.True(visitor.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound,
            $"{visitor.Status}: {visitor.Text}");
        Assert.NotNull(visitor.Page.QuerySelector("main h1"));
        if (visitor.Status != HttpStatusCode.OK)
        {
            Assert.False(string.IsNullOrWhiteSpace(visitor.Page.QuerySelector("[role=alert] p")?.TextContent));
        }
    }

    private static List<string> Rows(Visitor visitor) =>
        [.. visitor.Page.QuerySelectorAll("tbody tr").Select(row => row.TextContent)];

    /// <summary>The names that begin with a word, over all pages, and the addresses of the pages.</summary>
    private static async Task<(List<string> Names, List<string> Pages)> Walk(
        Visitor visitor, string address, string word)
    {
        List<string> names = [];
        List<string> pages = [];
        for (string? next = address; next is not null
            && pages.Count < 5; next = visitor.Page.QuerySelector("a[rel=next]")?.GetAttribute("href"))
        {
            await visitor.Get(next);
            Assert.Equal(HttpStatusCode.OK, visitor.Status);
            pages.Add(next);
            names.AddRange(visitor.Page.QuerySelectorAll("tbody tr").Select(row => Name(row, word)).OfType<string>());
        }

        return (names, pages);
    }

    private static string? Name(IElement row, string word)
    {
        var text = row.TextContent;
        var at = text.IndexOf($"{word}-", StringComparison.Ordinal);
        return at < 0 ? null : text[at..(at + word.Length + 3)];
    }
}
