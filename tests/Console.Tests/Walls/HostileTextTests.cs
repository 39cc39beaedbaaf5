using System.Net;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>Texts that people choose are shown as they are on every page, and do nothing there.</summary>
[Collection("walls")]
public sealed class HostileTextTests(HostileService service)
{
    [Fact]
    public async Task Nothing_that_somebody_wrote_becomes_an_element_or_a_script_of_any_page()
    {
        using var visitor = await service.SignIn();
        List<string> wrong = [];
        var shown = 0;
        foreach (var path in service.Addresses("GET"))
        {
            await visitor.Get(path);
            wrong.AddRange(PageRules.Strange(visitor.Page).Select(what => $"{path}: {what}"));
            shown += visitor.Text.Contains("<script>alert(1)</script>", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Empty(wrong);
        Assert.True(shown >= 10, $"it is shown as text on {shown} pages");
    }

    [Theory]
    [InlineData("/console/accounts", "q")]
    [InlineData("/console/members", "q")]
    [InlineData("/console/roles", "q")]
    [InlineData("/console/tokens", "q")]
    [InlineData("/console/tokens", "label")]
    [InlineData("/console/tokens", "member")]
    [InlineData("/console/tokens", "state")]
    [InlineData("/console/tokens", "kind")]
    [InlineData("/console/tokens", "order")]
    [InlineData("/console/tokens", "filter")]
    [InlineData("/console/tokens", "cursor")]
    [InlineData("/console/tokens", "chosen")]
    [InlineData("/console/audit", "event")]
    [InlineData("/console/audit", "outcome")]
    [InlineData("/console/audit", "subject")]
    [InlineData("/console/audit", "address")]
    [InlineData("/console/audit", "cursor")]
    [InlineData("/console/organizations", "q")]
    [InlineData("/console/confirm", "return")]
    [InlineData("/console/tokens/new", "name")]
    [InlineData("/console/tokens/new", "description")]
    [InlineData("/console/tokens/new", "kind")]
    public async Task What_an_address_says_becomes_nothing_of_the_page(string path, string field)
    {
        using var visitor = await service.SignIn();
        foreach (var text in (string[])[HostileService.Text, "javascript:alert(1)", "%", "[]", "a,b", ",", "]", "\0",
            "\uFEFF", new string('x', 3_000)])
        {
            await visitor.Get($"{path}?{field}={Uri.EscapeDataString(text)}");
            Assert.True((int)visitor.Status < 500, $"{visitor.Status} {text}: {visitor.Text}");
            Assert.Empty(PageRules.Strange(visitor.Page));
            Assert.NotEmpty(visitor.Page.QuerySelectorAll("main"));
        }
    }

    /// <summary>Whoever signs in comes back to a page of the console, and of nothing else.</summary>
    [Theory]
    [InlineData("https://evil.example.com/")]
    [InlineData("//evil.example.com/console")]
    [InlineData("/\\evil.example.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/console/../../evil")]
    [InlineData("/console@evil.example.com")]
    [InlineData("/consolation")]
    [InlineData("/v1/tokens")]
    [InlineData("\thttps://evil.example.com")]
    [InlineData("/\t/evil.example.com")]
    public async Task Nobody_is_led_away_by_a_page_to_come_back_to(string place)
    {
        using var visitor = new Visitor(service.Address);
        await visitor.Get($"/console/sign-in?return={Uri.EscapeDataString(place)}");
        await service.SignInBySecret(visitor);
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Equal("/console", visitor.Path);
        await visitor.Get($"/console/sign-in?return={Uri.EscapeDataString(place)}");
        Assert.Equal("/console", visitor.Path);
        await visitor.Get("/console/me");
        await visitor.Submit("/theme", ("return", place));
        Assert.Equal("/console", visitor.Path);
    }

    /// <summary>A page that there is not is a page too.</summary>
    [Theory]
    [InlineData("/console/no-such-page")]
    [InlineData("/console/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/console/tokens/not-an-id")]
    [InlineData("/console/tokens/00000000-0000-0000-0000-000000000000")]
    [InlineData("/console/accounts/00000000-0000-0000-0000-000000000000/edit")]
    [InlineData("/console/accounts/%2e%2e%2f%2e%2e")]
    [InlineData("/console/webhooks/00000000-0000-0000-0000-000000000000/edit")]
    [InlineData("/console/jobs/00000000-0000-0000-0000-000000000000")]
    [InlineData("/console/collect/00000000-0000-0000-0000-000000000000")]
    [InlineData("/console/roles/00000000-0000-0000-0000-000000000000/delete")]
    public async Task What_there_is_not_is_told_on_a_page_of_the_console(string path)
    {
        using var visitor = await service.SignIn();
        await visitor.Get(path);
        Assert.Equal(HttpStatusCode.NotFound, visitor.Status);
        Assert.NotNull(visitor.Page.QuerySelector("main h1, main p"));
        Assert.Empty(PageRules.Strange(visitor.Page));
        Assert.Contains("default-src 'none'", visitor.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("no-store", visitor.Headers["Cache-Control"], StringComparison.Ordinal);
    }
}
