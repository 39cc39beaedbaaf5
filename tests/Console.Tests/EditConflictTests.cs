using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.WebConsole.Tests;

/// <summary>
/// Two people at one thing, and one person twice: what somebody else changed stands beside what was typed, and what was
/// saved already is no change of somebody else.
/// </summary>
[Collection("console")]
public sealed class EditConflictTests(Demo demo)
{
    /// <summary>A role that was narrowed must not become wide again because its page was open.</summary>
    [Fact]
    public async Task What_a_role_was_narrowed_to_meanwhile_is_shown_and_stays()
    {
        var id = await Role("narrowed-meanwhile");
        var acme = await Acme();
        using var visitor = await Open($"/console/roles/{id}/edit");
        await Patch($"/v1/roles/{id}", ("/resources", new JsonObject
        {
            ["accounts"] = new JsonObject { ["ids"] = new JsonArray(acme), ["environments"] = new JsonArray("test") },
            ["integrations"] = new JsonObject { ["categories"] = new JsonArray("ticketing") },
        }));
        await visitor.Submit("/edit", ("description", "mine"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("Somebody else changed the role", visitor.Text);
        Assert.Contains($"it was empty, and is \"{acme}\" now", visitor.Beside("accounts"));
        Assert.Contains("is \"ticketing\" now", visitor.Beside("categories"));
        Assert.Contains("environment test", visitor.Beside("besides"));
        Assert.Null(visitor.Beside("description"));
        Assert.Equal(
            ("mine", acme, "ticketing"),
            (visitor.ValueOf("description"), visitor.ValueOf("accounts"), visitor.ValueOf("categories")));
        Assert.Null((string?)(await Now())["description"]);

        await visitor.Submit("/edit");
        Assert.Contains("The changes are saved", visitor.Text);
        var saved = await Now();
        Assert.Equal(
            ("mine", acme, "test", "ticketing"),
            ((string?)saved["description"], (string?)saved["resources"]!["accounts"]!["ids"]![0],
                (string?)saved["resources"]!["accounts"]!["environments"]![0], (string?)saved["resources"]!["integrations"]!["categories"]![0]));

        async Task<JsonNode> Now() => (await demo.Get($"/v1/roles/{id}", demo.Admin)).Result;
    }

    [Fact]
    public async Task A_field_that_both_changed_keeps_what_was_typed_and_says_what_it_is_now()
    {
        var id = await Webhook("both");
        using var visitor = await Open($"/console/webhooks/{id}/edit");
        using var other = await Open($"/console/webhooks/{id}/edit");
        await other.Submit("/edit", ("url", "https://hooks.example.com/theirs"), ("account_labels", "emea"));
        await visitor.Submit("/edit", ("url", "https://hooks.example.com/mine"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("https://hooks.example.com/theirs", visitor.Beside("url"));
        Assert.Contains("emea", visitor.Beside("account_labels"));
        Assert.Contains("f-url-meanwhile", visitor.Page.QuerySelector("#f-url")!.GetAttribute("aria-describedby"));
        Assert.Equal(
            ("https://hooks.example.com/mine", "emea"), (visitor.ValueOf("url"), visitor.ValueOf("account_labels")));
        await visitor.Submit("/edit");
        var saved = (await demo.Get($"/lifecycle/v1/webhooks/{id}", demo.Admin)).Json;
        Assert.Equal(
            ("https://hooks.example.com/mine", "emea"), ((string?)saved["url"], (string?)saved["account_labels"]![0]));
    }

    [Fact]
    public async Task Roles_of_a_member_and_kinds_of_a_policy_that_somebody_else_chose_are_shown()
    {
        using var member = await Open($"/console/members/{demo.Member}");
        await Patch($"/v1/members/{demo.Member}", ("/role_binding", new JsonArray("viewer", "administrator")));
        await member.Submit(demo.Member, ("fullname", "Countess"));
        Assert.Contains("administrator", member.Beside("roles"));
        Assert.Equal(("Countess", "viewer, administrator"), (member.ValueOf("fullname"), member.ValueOf("roles")));
        await Patch($"/v1/members/{demo.Member}", ("/role_binding", new JsonArray("viewer")));

        using var policy = await Open("/console/policy");
        using var other = await Open("/console/policy");
        await other.Submit("/policy", ("allowed_kinds", "adhoc"));
        await policy.Submit("/policy", ("notice_days", "30"));
        Assert.Contains("it was empty, and is \"adhoc\" now", policy.Beside("allowed_kinds"));
        Assert.Equal("30", policy.ValueOf("notice_days"));
        Assert.NotNull(policy.Page.QuerySelector("#f-allowed_kinds-adhoc")?.GetAttribute("checked"));
        await policy.Submit("/policy", ("allowed_kinds", null), ("notice_days", "14, 7, 1"));
        Assert.Contains("The policy is saved", policy.Text);
    }

    /// <summary>
    /// Sent again by a double click, or after an answer that was lost, long after the service has forgotten the key;
    /// with texts that the service writes in another way.
    /// </summary>
    [Fact]
    public async Task A_save_that_is_sent_again_is_done()
    {
        await SavedTwice(
            $"/console/accounts/{await Account("twice")}/edit", "/edit", ("labels", "b,a"), ("fullname", " "));
        await SavedTwice(
            $"/console/roles/{await Role("twice")}/edit", "/edit", ("accounts", "acme"),
            ("categories", "ticketing,siem"));
        await SavedTwice(
            $"/console/webhooks/{await Webhook("saved-twice")}/edit", "/edit", ("types", "token.rotated,token.leaked"));
        var token = await demo.Make("saved-twice", demo.Admin, "x");
        await SavedTwice(
            $"/console/tokens/{token.Id}/edit", "/edit", ("life", "2h"), ("labels", "b,a"),
            ("addresses", "::ffff:10.0.0.0/104"));
        await SavedTwice(
            $"/console/members/{demo.Member}", demo.Member, ("roles", "viewer"), ("fullname", "Lady Lovelace"));
        await SavedTwice("/console/policy", "/policy", ("notice_days", "1,7"));
        using var policy = await Open("/console/policy");
        await policy.Submit("/policy", ("notice_days", "14, 7, 1"));
    }

    [Fact]
    public async Task Of_two_clicks_at_one_moment_neither_is_somebody_elses()
    {
        var id = await Account("clicked");
        using var visitor = await Open($"/console/accounts/{id}/edit");
        Visitor[] tabs = [.. Enumerable.Range(0, 4).Select(_ => visitor.Tab())];
        await Task.WhenAll(tabs.Select(tab => tab.Send(visitor.Form("/edit", ("labels", "one,two")))));
        Assert.All(tabs, tab => Assert.Equal($"/console/accounts/{id}?done=saved", tab.Path));
        Array.ForEach(tabs, tab => tab.Dispose());
    }

    /// <summary>The same again after somebody else took it back is a change that is to be looked at.</summary>
    [Fact]
    public async Task A_save_that_somebody_took_back_is_not_done()
    {
        var id = await Account("taken-back");
        using var visitor = await Open($"/console/accounts/{id}/edit");
        var again = visitor.Form("/edit", ("labels", "mine"));
        using var tab = visitor.Tab();
        await visitor.Submit("/edit", ("labels", "mine"));
        await Patch($"/v1/accounts/{id}", ("/labels", new JsonArray("theirs")));
        await tab.Send(again);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, tab.Status);
        Assert.Contains("theirs", tab.Beside("labels"));
    }

    /// <summary>A second rotation would end the pair before the first, which somebody may use.</summary>
    [Fact]
    public async Task A_rotation_from_a_page_of_before_another_is_shown_and_not_done()
    {
        var token = await demo.Make("rotated-meanwhile", demo.Admin, "x");
        using var visitor = await Open($"/console/tokens/{token.Id}/rotate");
        using var other = await Open($"/console/tokens/{token.Id}/rotate");
        using var again = other.Tab();
        var second = other.Form("/rotate", ("deadline", "7d"));
        await other.Submit("/rotate", ("deadline", "7d"));
        Assert.Contains("Rotate: done", other.Text);
        await again.Send(second);
        Assert.Contains("Rotate: done", again.Text);
        await visitor.Submit("/rotate", ("deadline", "1h"));
        Assert.Contains("changed meanwhile", visitor.Text);
        Assert.Contains("It ends the former pair at once", visitor.Text);
        Assert.NotNull((await demo.Get($"/lifecycle/v1/tokens/{token.Id}", demo.Admin)).Json["secondary"]);
        await visitor.Submit("/rotate", ("deadline", "1h"));
        Assert.Contains("Rotate: done", visitor.Text);
    }

    private async Task SavedTwice(string path, string action, params (string Name, string? Value)[] typed)
    {
        using var visitor = await Open(path);
        using var again = visitor.Tab();
        var second = visitor.Form(action, [.. typed, ("call_key", Guid.NewGuid().ToString("N"))]);
        await visitor.Submit(action, typed);
        Assert.Contains("done=", visitor.Path);
        await again.Send(second);
        Assert.True(again.Path.Contains("done=", StringComparison.Ordinal), $"{path}: {again.Text}");
    }

    private async Task<Visitor> Open(string path)
    {
        var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        return await visitor.Get(path);
    }

    private async Task<string> Acme() => (string)(await demo.Get("/v1/accounts/acme", demo.Admin)).Result["id"]!;

    private async Task<string> Account(string name) =>
        (string)(await demo.Post("/v1/accounts", demo.Admin, new { name = $"{name}-{Guid.NewGuid():N}" })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;

    private async Task<string> Role(string name) => (string)(await demo.Post(
        "/v1/roles", demo.Admin, new { name = $"{name}-{Guid.NewGuid():N}", permission_set = "viewer" })).Is(HttpStatusCode.Created).Result["id"]!;

    private async Task<string> Webhook(string name) => (string)(await demo.Post(
        "/lifecycle/v1/webhooks", demo.Admin, new { name, url = $"https://hooks.example.com/{name}", types = new[] { "token.deleted" } }))
        .Is(HttpStatusCode.Created).Json["id"]!;

    private async Task Patch(string path, params (string Field, JsonNode Value)[] fields)
    {
        JsonArray patch = [.. fields.Select(
            field => new JsonObject { ["op"] = "add", ["path"] = field.Field, ["value"] = field.Value })];
        (await demo.Send(HttpMethod.Patch, path, demo.Admin, patch)).Is(HttpStatusCode.OK);
    }
}
