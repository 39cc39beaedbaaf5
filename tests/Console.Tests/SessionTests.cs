using System.Net;

namespace TokenActors.WebConsole.Tests;

/// <summary>Signing in and out, and how long a session lives.</summary>
[Collection("console")]
public sealed class SessionTests(Demo demo)
{
    [Fact]
    public async Task Whoever_is_not_signed_in_signs_in_and_comes_back_to_the_same_page()
    {
        using var visitor = new Visitor(demo.Address);
        var wanted = $"/console/tokens?q=job-1&kind=adhoc";
        await visitor.Get(wanted);
        Assert.StartsWith("/console/sign-in?return=", visitor.Path);
        await visitor.Submit(
            "/sign-in", ("organization", demo.OrganizationName), ("name", demo.Name), ("password", demo.Password));
        Assert.Equal(wanted, visitor.Path);
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains("job-11", visitor.Text);
        Assert.DoesNotContain("job-20", visitor.Text);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example/console")]
    [InlineData("/v1/tokens")]
    [InlineData("/console/../v1/tokens")]
    [InlineData("/console\\evil")]
    public async Task Nobody_is_sent_elsewhere_after_signing_in(string place)
    {
        using var visitor = new Visitor(demo.Address);
        await visitor.Get($"/console/sign-in?return={Uri.EscapeDataString(place)}");
        await visitor.Submit(
            "/sign-in", ("organization", demo.OrganizationName), ("name", demo.Name), ("password", demo.Password));
        Assert.StartsWith("/console", visitor.Path);
    }

    [Fact]
    public async Task A_wrong_password_is_said_beside_its_field_and_what_was_typed_is_kept()
    {
        using var visitor = new Visitor(demo.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit(
            "/sign-in", ("organization", demo.OrganizationName), ("name", demo.Name), ("password", "not the password"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("do not belong together", visitor.ErrorOf("password"));
        Assert.Equal(demo.Name, visitor.ValueOf("name"));
        Assert.DoesNotContain("not the password", visitor.Body);
    }

    [Fact]
    public async Task A_secret_that_is_pasted_opens_what_its_token_may()
    {
        var viewer = await demo.Make("pasted", demo.Admin, "x", "viewer");
        using var visitor = new Visitor(demo.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit("/sign-in", ("secret", "ta_adh_nonsense"));
        Assert.Contains("not accepted", visitor.ErrorOf("secret"));
        await visitor.Submit("/sign-in", ("secret", viewer.Access));
        await visitor.Get("/console/tokens");
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.DoesNotContain(viewer.Access, visitor.Body);
        await visitor.Get("/console/accounts/new");
        await visitor.Submit("/accounts/new", ("name", "mine"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Equal("mine", visitor.ValueOf("name"));
    }

    [Fact]
    public async Task Signing_out_ends_the_token_of_the_session()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        using var other = visitor.Tab();
        await visitor.Get("/console/tokens");
        await visitor.Submit("/sign-out");
        Assert.Equal("/console/sign-in", visitor.Path);
        await other.Get("/console/tokens");
        Assert.StartsWith("/console/sign-in", other.Path);
    }

    [Fact]
    public async Task A_form_of_another_site_changes_nothing()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        await visitor.Get("/console/roles/new");
        await visitor.Submit("/roles/new", ("name", "forged"), ("form_key", null));
        Assert.Equal(HttpStatusCode.BadRequest, visitor.Status);
        await visitor.Get("/console/roles");
        Assert.DoesNotContain("forged", visitor.Text);
    }

    [Fact]
    public async Task A_form_that_a_browser_says_is_of_another_site_changes_nothing()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        await visitor.Get("/console/roles/new");
        var forged = visitor.Form("/roles/new", ("name", "from-a-sibling"));
        forged.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-site");
        await visitor.Send(forged);
        Assert.Equal(HttpStatusCode.BadRequest, visitor.Status);
        await visitor.Get("/console/roles");
        Assert.DoesNotContain("from-a-sibling", visitor.Text);
    }

    [Fact]
    public async Task A_link_on_another_site_leads_to_its_page_once_more_and_sets_no_cookie()
    {
        using var visitor = new Visitor(demo.Address);
        await visitor.Get("/console/tokens?q=%22%3E%3Cb%3E", "Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Equal(
            "0;url=/console/tokens?q=%22%3E%3Cb%3E",
            visitor.Page.QuerySelector("meta[http-equiv=refresh]")?.GetAttribute("content"));
        Assert.Empty(visitor.Cookies);
    }

    [Theory]
    [InlineData("text/plain", "name=x")]
    [InlineData("multipart/form-data; boundary=x", "nonsense")]
    public async Task What_is_no_form_is_answered_by_a_page(string type, string body)
    {
        using var visitor = new Visitor(demo.Address);
        await visitor.Send(new HttpRequestMessage(HttpMethod.Post, "/console/sign-in")
        {
            Content = new StringContent(body) { Headers = { ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type) } },
        });
        Assert.Equal(HttpStatusCode.BadRequest, visitor.Status);
        Assert.NotNull(visitor.Page.QuerySelector("main"));
    }

    [Fact]
    public async Task Pages_are_kept_by_no_cache_and_framed_by_nobody_and_files_are_kept_for_good()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        await visitor.Get("/console/tokens");
        Assert.Contains("no-store", visitor.Headers["Cache-Control"]);
        Assert.StartsWith(
            "default-src 'none'; script-src 'self'; style-src 'self';", visitor.Headers["Content-Security-Policy"]);
        Assert.Contains("frame-ancestors 'none'", visitor.Headers["Content-Security-Policy"]);
        Assert.All(visitor.Page.QuerySelectorAll("script"), script => Assert.Equal("", script.TextContent));
        Assert.Empty(visitor.Page.QuerySelectorAll("style, [style], [onclick]"));
        var style = visitor.Page.QuerySelector("link[rel=stylesheet]")?.GetAttribute("href") ?? "";
        await visitor.Get(style);
        Assert.Contains("immutable", visitor.Headers["Cache-Control"]);
        Assert.Contains("color-scheme", visitor.Body);
    }

    [Fact]
    public async Task The_cookie_says_nothing_and_scripts_cannot_read_it()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        var cookie = visitor.Cookies.Single(cookie => cookie.Name == "ta-console-tokenactors");
        Assert.True(cookie.HttpOnly);
        Assert.DoesNotContain("ta_", cookie.Value);
    }

    [Fact]
    public async Task The_theme_is_chosen_and_remembered()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        await visitor.Get("/console/roles");
        Assert.Null(visitor.Page.DocumentElement.GetAttribute("data-theme"));
        await visitor.Submit("/theme", ("theme", "dark"));
        Assert.Equal("/console/roles", visitor.Path);
        Assert.Equal("dark", visitor.Page.DocumentElement.GetAttribute("data-theme"));
    }

    [Fact]
    public async Task The_audit_trail_names_the_persons_address_and_browser()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        await visitor.Get("/console/roles/new");
        await visitor.Submit("/roles/new", ("name", "seen-by-the-trail"));
        await visitor.Get("/console/audit?event=role.created");
        var row = visitor.Page.QuerySelectorAll("tbody tr").First();
        Assert.Contains("127.0.0.1", row.TextContent);
        Assert.Contains("Visitor/1.0", row.TextContent);
    }
}
