using System.Net;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests;

/// <summary>What a page says of what was done just before, and of what goes and stays.</summary>
[Collection("console")]
public sealed class NoticeTests(Demo demo)
{
    private const string Password = "a long enough secret";
    private const string CookieName = "ta-notice-tokenactors";

    [Fact]
    public async Task A_revocation_is_told_once_with_the_name_of_its_token()
    {
        var token = await demo.Make($"told{Guid.NewGuid():N}", demo.Admin, "x");
        var name = (string?)(await demo.Get($"/lifecycle/v1/tokens/{token.Id}", demo.Admin)).Json["name"];
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/revoke");
        await visitor.Submit("/revoke");
        Assert.Equal("/console/tokens", visitor.Path);
        Assert.Equal($"{name} is revoked.", Notice(visitor));
        Assert.Equal("status", visitor.Page.QuerySelector("#notice")?.GetAttribute("role"));
        await visitor.Get("/console/tokens");
        Assert.Null(Notice(visitor));
    }

    [Fact]
    public async Task A_deletion_is_told_with_the_name_of_what_is_gone()
    {
        var name = $"gone-{Guid.NewGuid():N}";
        var role = (string?)(await demo.Post("/v1/roles", demo.Admin, new { name, permission_set = "viewer" }))
            .Is(HttpStatusCode.Created).Result["id"];
        using var visitor = await SignIn();
        await visitor.Get($"/console/roles/{role}/delete");
        await visitor.Submit("/delete");
        Assert.Equal(("/console/roles", $"{name} is deleted."), (visitor.Path, Notice(visitor)));
    }

    [Fact]
    public async Task Nobody_else_puts_words_into_a_notice()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens?done=revoke&notice=Call+this+number");
        Assert.Null(Notice(visitor));
        visitor.Keep(CookieOf("Call-this-number"));
        await visitor.Get("/console/tokens");
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Null(Notice(visitor));
        Assert.DoesNotContain(visitor.Cookies, cookie => cookie.Name == CookieName);
    }

    /// <summary>A part that renews itself shows no notice, and so must not take one away.</summary>
    [Fact]
    public async Task A_page_that_asks_for_itself_again_leaves_the_notice_to_the_next_page()
    {
        var token = await demo.Make($"left{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/revoke");
        using var renewing = visitor.Tab();
        await visitor.Submit("/revoke");
        var written = visitor.SetCookies.First(cookie => cookie.StartsWith(CookieName, StringComparison.Ordinal));
        Assert.Contains("httponly", written, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", written, StringComparison.OrdinalIgnoreCase);
        renewing.Keep(CookieOf(written.Split(';')[0].Split('=', 2)[1]));
        await renewing.Get("/console/tokens", "X-Live", "1");
        Assert.Null(Notice(renewing));
        await renewing.Get("/console/tokens");
        Assert.EndsWith("is revoked.", Notice(renewing));
    }

    [Fact]
    public async Task The_preview_of_a_revocation_says_how_many_tokens_stay_and_why()
    {
        var token = await demo.Make($"staying{Guid.NewGuid():N}", demo.Admin, "x");
        await demo.Make($"ends{Guid.NewGuid():N}", token.Access, "x");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            (await demo.Post(
                "/lifecycle/v1/tokens", token.Access, new { permission_set = "viewer", belongs_to = "member" }))
                .Is(HttpStatusCode.Created);
        }

        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/revoke");
        Assert.Contains("2 tokens hang on it", visitor.Words);
        Assert.Contains("2 more tokens behind it stay: they do not end with it.", visitor.Words);
        Assert.Contains("but for what belongs to a member", visitor.Words);
        await visitor.Get($"/console/tokens?filter=id%5Beq%5D{token.Id}");
        await visitor.Submit("/tokens/revoke", ("id", token.Id));
        Assert.Contains("2 more tokens behind it stay:", visitor.Words);
        Assert.Contains("but for what belongs to a member", visitor.Words);
    }

    [Fact]
    public async Task Signing_out_says_how_many_tokens_end_and_how_many_stay()
    {
        using var visitor = await SignIn();
        await Make(visitor, "parent");
        await Make(visitor, "member");
        await Make(visitor, "member");
        await visitor.Submit("/sign-out");
        Assert.Equal("/console/sign-in", visitor.Path);
        Assert.Contains("end with it: 1.", Notice(visitor));
        Assert.Contains("Tokens behind it that stay: 2.", Notice(visitor));
    }

    /// <summary>Its rights are known for a minute more, and the service refuses to say what would end.</summary>
    [Fact]
    public async Task A_session_whose_token_was_revoked_is_signed_out_like_any_other()
    {
        using var visitor = await SignIn();
        var newest = (await demo.Get(
            "/lifecycle/v1/tokens?filter=kind[eq]session&order=created_at[desc]&limit=1", demo.Admin))
            .Is(HttpStatusCode.OK).Json["items"]![0]!["id"];
        (await demo.Delete($"/lifecycle/v1/tokens/{newest}", demo.Admin)).Is(HttpStatusCode.NoContent);
        await visitor.Submit("/sign-out");
        Assert.Equal("/console/sign-in", visitor.Path);
        Assert.Equal("You are signed out.", Notice(visitor)?.Trim());
    }

    /// <summary>Who may not end tokens may not ask what would end.</summary>
    [Fact]
    public async Task Signing_out_says_in_general_what_stays_to_who_may_not_count()
    {
        var name = $"leaves{Guid.NewGuid():N}@example.com";
        (await demo.Post("/v1/members", demo.Admin, new { name, secret = Password, role_binding = new[] { "viewer" } }))
            .Is(HttpStatusCode.Created);
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, name, Password);
        await visitor.Submit("/sign-out");
        Assert.Contains("what belongs to you or to the organization stays", Notice(visitor));
    }

    [Fact]
    public async Task Signing_out_of_a_pasted_secret_ends_nothing_and_says_so()
    {
        var token = await demo.Make($"pasted{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = new Visitor(demo.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit("/sign-in", ("secret", token.Access));
        await visitor.Submit("/sign-out");
        Assert.Contains("The token that you signed in with stays", Notice(visitor));
        Assert.True(await demo.IsActive(token.Access));
    }

    [Fact]
    public async Task Every_page_can_say_that_it_is_renewed_no_more()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens?state=active");
        var said = visitor.Page.QuerySelectorAll("#stale[role=status] > [data-stale]");
        Assert.Equal(["over", "away"], said.Select(part => part.GetAttribute("data-stale")));
        Assert.All(said, part =>
        {
            Assert.True(part.HasAttribute("hidden"));
            Assert.Equal("/console/tokens?state=active", part.QuerySelector("a")?.GetAttribute("href"));
        });
    }

    /// <summary>A token of the session, by the four steps.</summary>
    private static async Task Make(Visitor visitor, string belongsTo)
    {
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new");
        await visitor.Submit("/tokens/new", ("permission_set", "viewer"));
        await visitor.Submit("/tokens/new", ("belongs_to", belongsTo));
        await visitor.Submit("/tokens/new");
        Assert.NotNull(visitor.Page.QuerySelector("#access-secret") as IHtmlInputElement);
    }

    private Cookie CookieOf(string text) => new(CookieName, text, "/console", demo.Address.Host);

    private static string? Notice(Visitor visitor) => visitor.Page.QuerySelector("#notice")?.TextContent.Trim();

    private Task<Visitor> SignIn() => new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
}
