using System.Net;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests;

/// <summary>Accounts, integrations, members, roles, webhooks, policy, and one's own password.</summary>
[Collection("console")]
public sealed class ResourcePageTests(Demo demo)
{
    [Fact]
    public async Task An_account_gets_an_integration_whose_secret_is_shown_once_and_both_are_deleted()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/accounts/new");
        await visitor.Submit("/accounts/new", ("name", "by-hand"), ("labels", "emea, gold"));
        var account = visitor.Path;
        await visitor.Get(account + "/new-integration");
        await visitor.Submit("/new-integration", ("name", "desk"), ("provider_config", "{ not json"));
        Assert.Contains("no JSON", visitor.ErrorOf("provider_config"));
        await visitor.Submit("/new-integration", ("provider_config", """{"type":"ticketing_jira","url":"https://jira.example.com","credential":{"type":"token","secret":"hunter2"}}"""));
        var secret = (visitor.Page.QuerySelector("#access-secret") as IHtmlInputElement)?.Value
            ?? throw new InvalidOperationException(visitor.Text);
        Assert.True(await demo.IsActive(secret));
        await visitor.Get(account);
        Assert.Contains("desk", visitor.Text);
        await visitor.Get(account + "/delete");
        Assert.Contains("hangs on it", visitor.Text);
        await visitor.Submit("/delete");
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get(account)).Status);
        Assert.False(await demo.IsActive(secret));
    }

    [Fact]
    public async Task A_member_is_made_changes_the_first_password_and_gets_another_role()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/members/new");
        await visitor.Submit(
            "/members/new", ("name", "grace@example.com"), ("roles", "viewer"), ("secret", "short"),
            ("change_first", "yes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        await visitor.Submit("/members/new", ("secret", "a first password, long enough"));
        var member = visitor.Path;
        Assert.StartsWith("/console/members/", member);

        using var grace = new Visitor(demo.Address);
        await grace.SignIn(demo.OrganizationName, "grace@example.com", "a first password, long enough");
        Assert.Equal("/console/change-password", grace.Path);
        await grace.Get("/console/tokens");
        Assert.Equal("/console/change-password", grace.Path);
        await grace.Submit(
            "/change-password", ("old_secret", "a first password, long enough"),
            ("new_secret", "another, quite as long"), ("again", "a typo"));
        Assert.NotNull(grace.ErrorOf("again"));
        await grace.Submit(
            "/change-password", ("old_secret", "a first password, long enough"),
            ("new_secret", "another, quite as long"), ("again", "another, quite as long"));
        await grace.Get("/console/me");
        Assert.Equal(HttpStatusCode.OK, grace.Status);
        Assert.Contains("viewer", grace.Text);

        using var other = visitor.Tab();
        await visitor.Get(member);
        await other.Get(member);
        await other.Submit(member, ("fullname", "Grace Hopper"));
        await visitor.Submit(member, ("roles", "administrator"));
        Assert.Contains("Somebody else changed the member", visitor.Text);
        await visitor.Submit(member, ("fullname", "Grace Hopper"));
        Assert.Contains("The changes are saved", visitor.Text);
        await grace.Get("/console/me");
        Assert.Contains("administrator", grace.Text);

        await visitor.Get(member + "/delete");
        await visitor.Submit("/delete");
        Assert.StartsWith("/console/sign-in", (await grace.Get("/console/me")).Path);
    }

    [Fact]
    public async Task A_role_is_made_and_deleted()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/roles/new");
        await visitor.Submit(
            "/roles/new", ("name", "acme-support"), ("permission_set", "viewer"), ("accounts", "acme"));
        await visitor.Get("/console/roles?q=acme-support");
        Assert.Contains("Only accounts", visitor.Text);
        var deletion = visitor.Page.QuerySelector("a[href$='/delete']")?.GetAttribute("href")
            ?? throw new InvalidOperationException(visitor.Text);
        await visitor.Get(deletion);
        await visitor.Submit("/delete");
        await visitor.Get("/console/roles?q=acme-support");
        Assert.DoesNotContain("acme-support", visitor.Page.QuerySelector("tbody")?.TextContent ?? "");
    }

    [Fact]
    public async Task A_webhook_is_made_tested_disabled_and_its_secret_rotated()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/webhooks/new");
        await visitor.Submit("/webhooks/new", ("url", "no address"));
        Assert.NotNull(visitor.ErrorOf("url"));
        await visitor.Submit(
            "/webhooks/new", ("url", "https://hooks.example.com/mine"), ("name", "mine"), ("types", "token.rotated"));
        Assert.StartsWith("whsec_", (visitor.Page.QuerySelector("#signing-secret") as IHtmlInputElement)?.Value);
        var webhook = visitor.Page.QuerySelector(".actions a")?.GetAttribute("href") ?? "";
        await visitor.Get(webhook);
        await visitor.Submit("/test");
        Assert.Contains("on its way", visitor.Text);
        Assert.Contains("webhook.test", visitor.Text);
        await visitor.Submit("/rotate-secret");
        Assert.StartsWith("whsec_", (visitor.Page.QuerySelector("#signing-secret") as IHtmlInputElement)?.Value);
        await visitor.Get(webhook);
        await visitor.Submit("/disable");
        Assert.Contains("It has been sent nothing", visitor.Text);
        await visitor.Get(webhook + "/delete");
        await visitor.Submit("/delete");
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get(webhook)).Status);
    }

    [Fact]
    public async Task A_policy_that_somebody_else_changed_is_shown_and_not_overwritten()
    {
        using var visitor = await SignIn();
        using var other = visitor.Tab();
        await visitor.Get("/console/policy");
        await other.Get("/console/policy");
        await other.Submit("/policy", ("longest_life", "9000h"));
        Assert.Contains("The policy is saved", other.Text);
        await visitor.Submit("/policy", ("default_life", "20h"));
        Assert.Contains("Somebody else changed the policy", visitor.Text);
        Assert.Contains("9000h", visitor.Text);
        Assert.Equal("20h", visitor.ValueOf("default_life"));
        await visitor.Submit("/policy", ("longest_life", "9000h"), ("notice_days", "7, x"));
        Assert.NotNull(visitor.ErrorOf("notice_days"));
        await visitor.Submit("/policy", ("notice_days", "7, 1"), ("longest_life", ""), ("default_life", ""));
        Assert.Contains("The policy is saved", visitor.Text);
    }

    private Task<Visitor> SignIn() => new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
}
