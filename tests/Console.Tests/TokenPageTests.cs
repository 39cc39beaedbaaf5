using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests;

/// <summary>Making, changing and ending tokens, without a line of script.</summary>
[Collection("console")]
public sealed class TokenPageTests(Demo demo)
{
    /// <summary>What only tokens of some kinds keep, as the last step calls it.</summary>
    private static readonly string[] Special = ["Audience", "Only tools", "Only reads", "Integration", "Only accounts", "Only categories"];

    [Fact]
    public async Task A_token_is_made_in_four_steps_and_its_secret_is_shown_once()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new", ("name", "four-steps"), ("labels", "one, two"));
        await visitor.Submit("/tokens/new", ("permission_set", "viewer"), ("accounts", "acme"));
        await visitor.Submit("/tokens/new", ("life", "2h"));
        Assert.Contains("four-steps", visitor.Text);
        Assert.Contains("Make the token", visitor.Text);
        Assert.Equal(0, await Count("four-steps"));
        await visitor.Submit("/tokens/new");
        var secret = Secret(visitor);
        Assert.StartsWith("ta_org_", secret);
        Assert.True(await demo.IsActive(secret));
        var made = (await demo.Get("/lifecycle/v1/tokens?filter=name[eq]four-steps", demo.Admin)).Json["items"]![0]!;
        Assert.Equal(["one", "two"], made["labels"]!.AsArray().Select(label => (string?)label));
        Assert.Equal("2h", (string?)made["life"]);
        await visitor.Get($"/console/tokens/{made["id"]}");
        Assert.DoesNotContain(secret, visitor.Body);
        Assert.Contains("Only accounts", visitor.Text);
    }

    /// <summary>Nobody who hands a token to a program means that it ends with the session in which they clicked it
    /// together.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData("organization", true)]
    [InlineData("parent", false)]
    public async Task A_token_outlives_the_session_unless_it_is_to_end_with_it(string? belongsTo, bool outlives)
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new");
        await visitor.Submit("/tokens/new", ("permission_set", "viewer"));
        await (belongsTo is null ? visitor.Submit("/tokens/new") : visitor.Submit(
            "/tokens/new", ("belongs_to", belongsTo)));
        await visitor.Submit("/tokens/new");
        var secret = Secret(visitor);

        // The same session proves who it is: whatever was made in it lives.
        await visitor.Get("/console/confirm");
        await visitor.Submit("/confirm", ("password", demo.Password));
        Assert.True(await demo.IsActive(secret));
        await visitor.Submit("/sign-out");
        Assert.Equal(outlives, await demo.IsActive(secret));
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_makes_one_token()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new", ("name", "sent-twice"));
        await visitor.Submit("/tokens/new");
        await visitor.Submit("/tokens/new");
        using var tab = visitor.Tab();
        await Task.WhenAll(tab.Send(visitor.Form("/tokens/new")), visitor.Submit("/tokens/new"));
        Assert.Equal(Secret(visitor), Secret(tab));
        Assert.Equal(1, await Count("sent-twice"));
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new", ("name", "kept"), ("description", "typed with care"));
        await visitor.Submit("/tokens/new");
        await visitor.Submit("/tokens/new", ("life", "two moons"), ("uses", "many"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.NotNull(visitor.ErrorOf("uses"));
        await visitor.Submit("/tokens/new", ("uses", "10"));
        Assert.NotNull(visitor.ErrorOf("life"));
        Assert.Equal("two moons", visitor.ValueOf("life"));
        await visitor.Submit("/tokens/new", ("life", "3h"));
        Assert.Contains("typed with care", visitor.Text);
    }

    /// <summary>Without script a button draws the table anew; nothing goes on, and nothing is made.</summary>
    [Fact]
    public async Task The_table_of_what_a_token_may_do_follows_what_is_typed()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new", ("name", "shown-first"));
        Assert.DoesNotContain("Narrowed to", visitor.Text);
        await visitor.Submit(
            "/tokens/new", ("permission_set", "administrator"), ("accounts", "acme"), ("categories", "ticketing"),
            ("show", "yes"));
        Assert.Equal(("acme", "ticketing"), (visitor.ValueOf("accounts"), visitor.ValueOf("categories")));
        Assert.Equal("administrator", visitor.Page.QuerySelector("details summary strong")?.TextContent);
        Assert.Contains("Narrowed to accounts acme; integrations of category ticketing.", visitor.Text);
        Assert.Contains("only accounts acme", May("accounts"));
        Assert.DoesNotContain("only accounts acme", May("roles"));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await visitor.Submit("/tokens/new");
            Assert.Contains("only accounts acme", May("accounts"));
        }

        Assert.Equal(0, await Count("shown-first"));

        string? May(string kind) => visitor.Page.QuerySelectorAll("details tbody tr")
            .Single(row => row.Children[0].TextContent == kind).Children[1].TextContent;
    }

    [Fact]
    public async Task A_row_of_the_list_has_a_menu_of_what_fits_its_token()
    {
        var token = await demo.Make($"menu{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens?filter=id%5Beq%5D{token.Id}");
        Assert.Equal(
            ((string[])["rotate", "reset", "revoke"]).Select(command => $"/console/tokens/{token.Id}/{command}"),
            visitor.Page.QuerySelectorAll("tbody details.menu a").Select(link => link.GetAttribute("href")));
        await visitor.Get("/console/tokens?kind=session");
        Assert.All(
            visitor.Page.QuerySelectorAll("tbody details.menu"),
            menu => Assert.Equal(["Revoke…"], menu.QuerySelectorAll("a").Select(link => link.TextContent)));
        var viewer = await demo.Make($"looks{Guid.NewGuid():N}", demo.Admin, "x", "viewer");
        using var looks = new Visitor(demo.Address);
        await looks.Get("/console/sign-in");
        await looks.Submit("/sign-in", ("secret", viewer.Access));
        await looks.Get("/console/tokens");
        Assert.NotEmpty(looks.Page.QuerySelectorAll("tbody tr"));
        Assert.Empty(looks.Page.QuerySelectorAll("details.menu"));
    }

    /// <summary>What was typed for another kind stays in the form, for whoever goes back, and is neither shown nor
    /// sent.</summary>
    [Fact]
    public async Task The_last_step_lists_what_a_token_of_its_kind_keeps_and_nothing_else()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new", ("name", "kind-changed"), ("kind", "mcp"));
        await visitor.Submit(
            "/tokens/new", ("resource", "https://mcp.example.com/"), ("tools", "token_search"), ("read_only", "yes"),
            ("accounts", "acme"));
        await visitor.Submit("/tokens/new");
        Assert.Equal(
            ["Audience", "Only accounts", "Only reads", "Only tools"], Named(visitor).Intersect(Special).Order());
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await visitor.Submit("/tokens/new", ("back", "yes"));
        }

        await visitor.Submit("/tokens/new", ("kind", "adhoc"));
        await visitor.Submit("/tokens/new");
        await visitor.Submit("/tokens/new");
        Assert.Equal(["Only accounts"], Named(visitor).Intersect(Special));
        var integration = (await demo.Get($"/v1/integrations/{demo.Account}", demo.Admin)).Json["result"]![0]!["id"]!;
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await visitor.Submit("/tokens/new", ("back", "yes"));
        }

        await visitor.Submit("/tokens/new", ("kind", "integration"));
        await visitor.Submit("/tokens/new", ("integration_id", (string?)integration));
        await visitor.Submit("/tokens/new");
        Assert.Equal(["Integration"], Named(visitor).Intersect(Special));
        Assert.DoesNotContain("May do", Named(visitor));
        await visitor.Submit("/tokens/new");
        Assert.True(await demo.IsActive(Secret(visitor)));
    }

    [Theory]
    [InlineData("12")]
    [InlineData("5/6/2040")]
    [InlineData("2040-01-31")]
    [InlineData("31.01.2040 12:00")]
    [InlineData("tomorrow")]
    public async Task A_time_that_cannot_be_read_for_sure_is_refused_beside_its_field(string until)
    {
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{demo.Parent.Id}/rotate");
        await visitor.Submit("/rotate", ("until", until));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("2030-01-31 12:00", visitor.ErrorOf("until"));
        Assert.Equal(until, visitor.ValueOf("until"));
    }

    /// <summary>A slip in the year would end the former pair at once.</summary>
    [Fact]
    public async Task A_time_that_is_over_is_refused_beside_its_field()
    {
        var token = await demo.Make($"over{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/rotate");
        await visitor.Submit("/rotate", ("until", "2020-01-31 12:00"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("is over", visitor.ErrorOf("until"));
        Assert.Null((await demo.Get($"/lifecycle/v1/tokens/{token.Id}", demo.Admin)).Json["secondary"]);
    }

    [Theory]
    [InlineData("2040-01-31 12:00")]
    [InlineData("2040-01-31T12:00Z")]
    [InlineData("2040-01-31T13:00:00+01:00")]
    public async Task A_time_is_read_as_it_is_written(string until)
    {
        var token = await demo.Make($"until{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/rotate");
        await visitor.Submit("/rotate", ("until", until));
        Assert.NotEqual(token.Access, Secret(visitor));
        var secondary = (await demo.Get($"/lifecycle/v1/tokens/{token.Id}", demo.Admin)).Json["secondary"]!;
        Assert.True(DateTimeOffset.Parse((string)secondary["deadline"]!) <= new DateTimeOffset(
            2040, 1, 31, 12, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_rotation_shows_new_secrets_and_the_former_pair_ends_at_the_deadline()
    {
        var token = await demo.Make("rotated-by-hand", demo.Admin, "x");
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/rotate");
        await visitor.Submit("/rotate", ("deadline", "1h"));
        var secret = Secret(visitor);
        Assert.NotEqual(token.Access, secret);
        Assert.True(await demo.IsActive(secret));
        Assert.True(await demo.IsActive(token.Access));
        var secondary = (await demo.Get($"/lifecycle/v1/tokens/{token.Id}", demo.Admin)).Json["secondary"]!;
        Assert.InRange(
            DateTimeOffset.Parse((string)secondary["deadline"]!) - demo.Clock.GetUtcNow(), TimeSpan.FromMinutes(58),
            TimeSpan.FromHours(1));
        await visitor.Get($"/console/tokens/{token.Id}/remove-secondary");
        await visitor.Submit("/remove-secondary");
        Assert.False(await demo.IsActive(token.Access));
    }

    [Fact]
    public async Task A_rotation_that_is_sent_twice_is_one_also_when_time_has_passed()
    {
        var token = await demo.Make("rotated-twice", demo.Admin, "x");
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/rotate");
        using var tab = visitor.Tab();
        var again = visitor.Form("/rotate", ("deadline", "7d"));
        await visitor.Submit("/rotate", ("deadline", "7d"));
        demo.Clock.Advance(TimeSpan.FromSeconds(3));
        await tab.Send(again);
        Assert.Equal(Secret(visitor), Secret(tab));
        Assert.True(await demo.IsActive(token.Access));
    }

    [Fact]
    public async Task A_reset_needs_the_password_again()
    {
        var token = await demo.Make("reset-by-hand", demo.Admin, "x");
        using var visitor = await SignIn();
        demo.Clock.Advance(TimeSpan.FromMinutes(6));
        await visitor.Get("/console/roles/new");
        var open = visitor.Form("/roles/new", ("name", "open-since-before"));
        await visitor.Get($"/console/tokens/{token.Id}/reset");
        Assert.StartsWith("/console/confirm", visitor.Path);
        await visitor.Submit("/confirm", ("password", "wrong"));
        Assert.NotNull(visitor.ErrorOf("password"));
        Assert.True(await demo.IsActive(token.Access));
        await visitor.Submit("/confirm", ("password", demo.Password));
        Assert.Equal($"/console/tokens/{token.Id}/reset", visitor.Path);
        using var other = visitor.Tab();
        await other.Send(open);
        Assert.Equal("/console/roles", other.Path);
        await visitor.Submit("/reset");
        Assert.False(await demo.IsActive(token.Access));
        Assert.True(await demo.IsActive(Secret(visitor)));
    }

    /// <summary>A session that lies open on a desk ends nothing for good.</summary>
    [Fact]
    public async Task What_nothing_brings_back_needs_the_password_again()
    {
        var token = await demo.Make("ended-by-hand", demo.Admin, "x");
        (await demo.Post($"/lifecycle/v1/tokens/{token.Id}/rotate", demo.Admin, new { })).Is(HttpStatusCode.OK);
        string[] pages =
        [
            $"/console/tokens/{token.Id}/remove-secondary", $"/console/tokens/{token.Id}/revoke",
            $"/console/accounts/{demo.Account}/delete", $"/console/webhooks/{demo.Webhook}/delete",
        ];
        using var visitor = await SignIn();
        List<HttpRequestMessage> forms = [];
        foreach (var page in pages)
        {
            await visitor.Get(page);
            Assert.Equal(page, visitor.Path);
            forms.Add(visitor.Form(page));
        }

        demo.Clock.Advance(TimeSpan.FromMinutes(6));
        foreach (var (page, form) in pages.Zip(forms))
        {
            await visitor.Send(form);
            Assert.Equal($"/console/confirm?return={Uri.EscapeDataString(page)}", visitor.Path);
            await visitor.Get(page);
            Assert.StartsWith("/console/confirm", visitor.Path);
        }

        Assert.True(await demo.IsActive(token.Access));
        await visitor.Submit("/confirm", ("password", demo.Password));
        Assert.Equal(pages[^1], visitor.Path);
        await visitor.Get(pages[0]);
        await visitor.Submit("/remove-secondary");
        Assert.False(await demo.IsActive(token.Access));
    }

    [Fact]
    public async Task A_token_is_disabled_enabled_and_revoked()
    {
        var token = await demo.Make("by-hand", demo.Admin, "x");
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{token.Id}/disable");
        await visitor.Submit("/disable");
        Assert.Contains("Disable: done", visitor.Text);
        Assert.False(await demo.IsActive(token.Access));
        await visitor.Get($"/console/tokens/{token.Id}/enable");
        await visitor.Submit("/enable");
        Assert.True(await demo.IsActive(token.Access));
        await visitor.Get($"/console/tokens/{token.Id}/revoke");
        await visitor.Submit("/revoke");
        Assert.False(await demo.IsActive(token.Access));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get($"/console/tokens/{token.Id}")).Status);
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_shown_and_not_overwritten()
    {
        var token = await demo.Make("edited-twice", demo.Admin, "x");
        using var visitor = await SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/tokens/{token.Id}/edit");
        await other.Get($"/console/tokens/{token.Id}/edit");
        await other.Submit("/edit", ("contact", "ops@example.com"));
        await visitor.Submit("/edit", ("description", "mine"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("Somebody else changed the token", visitor.Text);
        Assert.Equal(("mine", "ops@example.com"), (visitor.ValueOf("description"), visitor.ValueOf("contact")));
        Assert.Contains("it was empty, and is \"ops@example.com\" now", visitor.Beside("contact"));
        await visitor.Submit("/edit");
        var saved = (await demo.Get($"/lifecycle/v1/tokens/{token.Id}", demo.Admin)).Json;
        Assert.Equal(("mine", "ops@example.com"), ((string?)saved["description"], (string?)saved["contact"]));
    }

    [Fact]
    public async Task Many_tokens_are_revoked_after_a_look_and_no_token_that_was_made_since()
    {
        foreach (var name in (string[])["many-1", "many-2", "many-3"])
        {
            await demo.Make(name, demo.Admin, "many");
        }

        using var visitor = await SignIn();
        await visitor.Get("/console/tokens?label=many");
        await visitor.Submit("/tokens/revoke", ("all", "yes"));
        Assert.Contains("Revoke 3 tokens", visitor.Text);
        await demo.Make("many-4", demo.Admin, "many");
        await visitor.Submit("/revoke/start");
        Assert.StartsWith("/console/jobs/", visitor.Path);
        var job = visitor.Path;
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (!visitor.Text.Contains("3 revoked", StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, visitor.Text);
            await visitor.Get(job);
        }

        Assert.Equal(1, await Count("many-4"));
        Assert.Equal(0, await Count("many-1"));
    }

    [Fact]
    public async Task The_tree_shows_what_was_made_with_a_token_and_with_that()
    {
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{demo.Parent.Id}");
        var tree = visitor.Page.QuerySelector("#made-with-it > ul.tree")
            ?? throw new InvalidOperationException(visitor.Text);
        Assert.Equal(3, tree.Children.Length);
        Assert.Contains("deploy-0-a", tree.QuerySelector("ul")?.TextContent);
    }

    [Fact]
    public async Task The_page_of_a_token_says_what_it_may_and_why()
    {
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{demo.Parent.Id}?action=accounts:get&resource=account/acme");
        Assert.Contains("It may.", visitor.Text);
        await visitor.Get($"/console/tokens/{demo.Parent.Id}?action=nonsense:do");
        Assert.NotNull(visitor.Page.QuerySelector("[role=alert]"));
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
    }

    [Fact]
    public async Task A_token_that_is_not_there_is_said_so_by_a_page()
    {
        using var visitor = await SignIn();
        await visitor.Get($"/console/tokens/{Guid.CreateVersion7()}");
        Assert.Equal(HttpStatusCode.NotFound, visitor.Status);
        Assert.Contains("There is no such thing", visitor.Text);
        await visitor.Get("/console/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, visitor.Status);
        Assert.NotNull(visitor.Page.QuerySelector("main"));
    }

    private Task<Visitor> SignIn() => new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);

    private async Task<int> Count(string name) =>
        ((JsonArray)(await demo.Get($"/lifecycle/v1/tokens?filter=name[eq]{name}", demo.Admin)).Json["items"]!).Count;

    private static IEnumerable<string> Named(Visitor visitor) =>
        visitor.Page.QuerySelectorAll("dl.facts dt").Select(name => name.TextContent);

    private static string Secret(Visitor visitor) => (visitor.Page.QuerySelector("#access-secret") as IHtmlInputElement)?.Value
        ?? throw new InvalidOperationException($"no secret on {visitor.Path}: {visitor.Text}");
}
