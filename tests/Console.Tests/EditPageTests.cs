using System.Net;

namespace TokenActors.WebConsole.Tests;

/// <summary>Changing accounts, roles, members and webhooks; what somebody else changed meanwhile is shown and not
/// overwritten.</summary>
[Collection("console")]
public sealed class EditPageTests(Demo demo)
{
    [Fact]
    public async Task An_account_is_renamed_and_labelled()
    {
        var id = await Account("to-edit");
        using var visitor = await SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/accounts/{id}/edit");
        using var again = visitor.Tab();
        var sent = visitor.Form("/edit", ("name", "edited"), ("labels", "gold, emea"), ("environment", "test"));
        await other.Get($"/console/accounts/{id}/edit");
        await visitor.Submit("/edit", ("name", "edited"), ("labels", "gold, emea"), ("environment", "test"));
        Assert.Equal($"/console/accounts/{id}?done=saved", visitor.Path);
        Assert.Contains("gold", visitor.Text);
        var saved = (await demo.Get($"/v1/accounts/{id}", demo.Admin)).Result;
        Assert.Equal(("edited", "test"), ((string?)saved["name"], (string?)saved["environment"]));
        Assert.Equal(["gold", "emea"], saved["labels"]!.AsArray().Select(label => (string?)label));

        // The same form once more, by a double click say.
        await again.Send(sent);
        Assert.Equal($"/console/accounts/{id}?done=saved", again.Path);

        await other.Submit("/edit", ("fullname", "Mine"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("Somebody else changed the account", other.Text);
        Assert.Equal(("edited", "Mine"), (other.ValueOf("name"), other.ValueOf("fullname")));
        await other.Submit("/edit");
        saved = (await demo.Get($"/v1/accounts/{id}", demo.Admin)).Result;
        Assert.Equal(("edited", "Mine"), ((string?)saved["name"], (string?)saved["fullname"]));
        Assert.Equal(["gold", "emea"], saved["labels"]!.AsArray().Select(label => (string?)label));
    }

    [Fact]
    public async Task What_is_wrong_with_an_account_stands_beside_its_field()
    {
        var id = await Account("wrongly-edited");
        using var visitor = await SignIn();
        await visitor.Get($"/console/accounts/{id}/edit");
        await visitor.Submit("/edit", ("name", new string('x', 300)), ("fullname", "kept"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.NotNull(visitor.ErrorOf("name"));
        Assert.Equal("kept", visitor.ValueOf("fullname"));
        Assert.Equal("wrongly-edited", (string?)(await demo.Get($"/v1/accounts/{id}", demo.Admin)).Result["name"]);
    }

    /// <summary>Its environments have no field, and stay.</summary>
    [Fact]
    public async Task A_role_allows_something_else_and_keeps_what_the_form_does_not_show()
    {
        using var visitor = await SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/roles/{demo.Role}/edit");
        await other.Get($"/console/roles/{demo.Role}/edit");
        Assert.Contains("environment prod", visitor.Text);
        await visitor.Submit("/edit", ("accounts", "nobody-has-this-name"));
        Assert.NotNull(visitor.ErrorOf("accounts"));
        await visitor.Submit(
            "/edit", ("accounts", "acme"), ("categories", "ticketing"), ("description", "Acme's desk"));
        Assert.Contains("The changes are saved", visitor.Text);
        var saved = (await demo.Get($"/v1/roles/{demo.Role}", demo.Admin)).Result;
        var acme = (string?)(await demo.Get("/v1/accounts/acme", demo.Admin)).Result["id"];
        Assert.Equal("Acme's desk", (string?)saved["description"]);
        Assert.Equal(
            (acme, "prod", "ticketing"),
            ((string?)saved["resources"]!["accounts"]!["ids"]![0], (string?)saved["resources"]!["accounts"]!["environments"]![0],
                (string?)saved["resources"]!["integrations"]!["categories"]![0]));
        await other.Submit("/edit", ("permission_set", "administrator"));
        Assert.Contains("Somebody else changed the role", other.Text);
        Assert.Contains("Acme's desk", other.Beside("description"));
        Assert.Equal(
            "viewer", (string?)(await demo.Get($"/v1/roles/{demo.Role}", demo.Admin)).Result["permission_set"]);

        await visitor.Get($"/console/roles/{demo.Role}/edit");
        await visitor.Submit(
            "/edit", ("accounts", ""), ("categories", ""), ("description", "Looks, and changes nothing"));
        saved = (await demo.Get($"/v1/roles/{demo.Role}", demo.Admin)).Result;
        Assert.Equal(["*"], saved["resources"]!["accounts"]!["ids"]!.AsArray().Select(id => (string?)id));
        Assert.Equal("prod", (string?)saved["resources"]!["accounts"]!["environments"]![0]);
    }

    [Fact]
    public async Task Roles_that_do_not_exist_are_refused_beside_their_field()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/members/new");
        await visitor.Submit(
            "/members/new", ("name", "lin@example.com"), ("roles", "no-such-role"),
            ("secret", "long enough a password"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.NotNull(visitor.ErrorOf("roles"));
        await visitor.Get($"/console/members/{demo.Member}");
        await visitor.Submit(demo.Member, ("roles", "viewer, no-such-role"));
        Assert.NotNull(visitor.ErrorOf("roles"));
        Assert.Equal("viewer, no-such-role", visitor.ValueOf("roles"));
    }

    [Fact]
    public async Task A_webhook_is_sent_elsewhere_and_other_events()
    {
        var id = await Webhook("elsewhere");
        using var visitor = await SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/webhooks/{id}/edit");
        await other.Get($"/console/webhooks/{id}/edit");
        await visitor.Submit("/edit", ("url", "nowhere"));
        Assert.NotNull(visitor.ErrorOf("url"));
        await visitor.Submit(
            "/edit", ("url", "https://hooks.example.com/other"), ("types", "token.rotated, no.such.type"));
        Assert.NotNull(visitor.ErrorOf("types"));
        await visitor.Submit(
            "/edit", ("types", "token.rotated, token.leaked"), ("account_labels", "emea"),
            ("description", "for the desk"));
        Assert.Contains("The changes are saved", visitor.Text);
        var saved = (await demo.Get($"/lifecycle/v1/webhooks/{id}", demo.Admin)).Json;
        Assert.Equal(
            ("https://hooks.example.com/other", "for the desk", "emea"),
            ((string?)saved["url"], (string?)saved["description"], (string?)saved["account_labels"]![0]));
        Assert.Equal(["token.rotated", "token.leaked"], saved["types"]!.AsArray().Select(type => (string?)type));
        await other.Submit("/edit", ("name", "mine"));
        Assert.Contains("Somebody else changed the webhook", other.Text);
        Assert.Contains("hooks.example.com/other", other.Beside("url"));
        Assert.Equal("mine", other.ValueOf("name"));
        await other.Submit("/edit", ("description", ""));
        Assert.Null((await demo.Get($"/lifecycle/v1/webhooks/{id}", demo.Admin)).Json["description"]);
    }

    [Fact]
    public async Task Deliveries_are_sent_again_one_by_one_or_all_since_a_time()
    {
        var id = await Webhook("again", "token.disabled");
        using var visitor = await SignIn();
        await visitor.Get($"/console/webhooks/{id}");
        var replay = visitor.Form("/replay", ("since", "7d"));
        await Told("disable");
        await Told("disable");
        await visitor.Submit("/test");
        Assert.Contains("on its way", visitor.Text);
        await visitor.Submit("/disable");
        Assert.Empty(visitor.Page.QuerySelectorAll("form[action$='/replay']"));
        await visitor.Send(replay);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("enable it first", visitor.Text);
        await visitor.Submit("/enable");
        Assert.Contains("given_up", visitor.Text);
        await visitor.Submit("/redeliver");
        Assert.Contains("It is sent again", visitor.Text);
        Assert.Equal(2, await Deliveries(id, "token.disabled", "given_up"));
        await visitor.Submit("/replay", ("since", "7d"));
        Assert.Equal("2 events are sent again.", visitor.Page.QuerySelector(".notice.good")?.TextContent);
        Assert.Equal(2, await Deliveries(id, "token.disabled", "waiting"));
    }

    /// <summary>Each button carries the key of its call, and a span counts from when the page was made.</summary>
    [Fact]
    public async Task A_button_that_is_pressed_twice_sends_once()
    {
        var id = await Webhook("twice", "token.enabled");
        using var visitor = await SignIn();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await Told("disable", "enable");
        }

        await visitor.Get($"/console/webhooks/{id}");
        await Twice(visitor, "/test", "on its way");
        Assert.Equal(1, await Deliveries(id, "webhook.test", "waiting"));
        await visitor.Submit("/disable");
        await visitor.Submit("/enable");
        Assert.Equal(3, await Deliveries(id, "token.enabled", "given_up"));
        await Twice(visitor, "/redeliver", "It is sent again");
        Assert.Equal(1, await Deliveries(id, "webhook.test", "waiting"));
        await Twice(visitor, "/replay", "3 events are sent again.", ("since", "7d"));
        await visitor.Submit("/replay", ("since", "7d"));
        Assert.Contains("0 events are sent again.", visitor.Text);
    }

    /// <summary>Something happens that a webhook may be told of.</summary>
    private async Task Told(params string[] commands)
    {
        var token = await demo.Make($"told-{Guid.NewGuid():N}", demo.Admin, "x");
        foreach (var command in commands)
        {
            (await demo.Post($"/lifecycle/v1/tokens/{token.Id}/{command}", demo.Admin, null)).Is(HttpStatusCode.OK);
        }
    }

    private static async Task Twice(
        Visitor visitor, string action, string said, params (string Name, string? Value)[] fields)
    {
        using var again = visitor.Tab();
        var (first, second) = (visitor.Form(action, fields), visitor.Form(action, fields));
        await visitor.Send(first);
        Assert.Contains(said, visitor.Text);
        await again.Send(second);
        Assert.Contains(said, again.Text);
    }

    private async Task<int> Deliveries(string webhook, string type, string status) =>
        (await demo.Get($"/lifecycle/v1/webhooks/{webhook}/deliveries?status={status}&limit=100", demo.Admin)).Is(HttpStatusCode.OK)
            .Json["items"]!.AsArray().Count(delivery => (string?)delivery!["type"] == type);

    private async Task<string> Account(string name) =>
        (string)(await demo.Post("/v1/accounts", demo.Admin, new { name })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;

    private async Task<string> Webhook(string name, params string[] types) => (string)(await demo.Post(
        "/lifecycle/v1/webhooks", demo.Admin, new { name, url = $"https://hooks.example.com/{name}", types = types.Length > 0 ? types : ["token.deleted"] }))
        .Is(HttpStatusCode.Created).Json["id"]!;

    private Task<Visitor> SignIn() => new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
}
