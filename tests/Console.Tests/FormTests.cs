using System.Net;
using System.Runtime.CompilerServices;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests;

/// <summary>
/// Every form with something wrong in it: the page says what, what else was typed stays, no secret is shown again, and
/// nothing is made.
/// </summary>
[Collection("console")]
public sealed class FormTests(Demo demo)
{
    private const string Long = "{long}";

    private static readonly ConditionalWeakTable<Demo, Task<Visitor>> SignedIn = [];

    /// <summary>
    /// A form, how its address ends, what is typed (a field=value each), and the field beside which something is said;
    /// null where it is said above the form.
    /// </summary>
    public static TheoryData<string, string, string, string?> Wrong => new()
    {
        { "accounts/new", "/accounts/new", $"name={Long}|fullname=Kept Ltd.|labels=one, two", "name" },
        { "accounts/new", "/accounts/new", "name=acme|fullname=Kept Ltd.|environment=prod", null },
        { "accounts/new", "/accounts/new", $"name=fresh-1|labels={Long}|fullname=Kept", "labels" },
        { "accounts/{account}/edit", "/edit", "name=acme|fullname=Kept Ltd.|labels=one", null },
        { "accounts/{account}/edit", "/edit", $"fullname={Long}|labels=one, two", "fullname" },
        { "accounts/{account}/new-integration", "/new-integration", "name=kept|provider_config=[1, 2]", "provider_config" },
        { "accounts/{account}/new-integration", "/new-integration", "name=kept|provider_config=null", "provider_config" },
        { "accounts/{account}/new-integration", "/new-integration", "name=kept|provider_config=", "provider_config" },
        { "accounts/{account}/new-integration", "/new-integration", "name=kept|provider_config={\"type\":", "provider_config" },
        { "accounts/{account}/new-integration", "/new-integration", "name=kept|provider_config={\"type\":\"no_such\"}", "provider_config" },
        { "accounts/{account}/new-integration", "/new-integration", "name=kept|provider_config={\"type\":\"a\",\"type\":\"b\"}", "provider_config" },
        { "members/new", "/members/new", "name=kept@example.com|fullname=Kept|roles=viewer|secret=", "secret" },
        { "members/new", "/members/new", "name=kept@example.com|fullname=Kept|roles=viewer|secret=short", "secret" },
        { "members/new", "/members/new", "name=|fullname=Kept|roles=viewer|secret=long enough, this one", "name" },
        { "members/new", "/members/new", "name=no address|fullname=Kept|roles=viewer|secret=long enough, this one", "name" },
        { "members/new", "/members/new", "name=kept@example.com|fullname=Kept|type=service|roles=nobody|secret=long enough, this one", "roles" },
        { "members/{member}", "{member}", $"fullname={Long}|roles=viewer", "fullname" },
        { "roles/new", "/roles/new", $"name={Long}|fullname=Kept|permission_set=viewer", "name" },
        { "roles/new", "/roles/new", "name=support|fullname=Kept|description=Words|permission_set=viewer", null },
        { "roles/new", "/roles/new", "name=fresh-2|fullname=Kept|accounts=no-such-account|permission_set=viewer", "accounts" },
        { "roles/new", "/roles/new", "name=fresh-2|fullname=Kept|categories=no-such-category|permission_set=viewer", "categories" },
        { "roles/{role}/edit", "/edit", $"description={Long}{Long}|fullname=Kept", "description" },
        { "roles/{role}/edit", "/edit", "accounts=no-such-account|fullname=Kept", "accounts" },
        { "webhooks/new", "/webhooks/new", "url=|name=kept|types=token.rotated", "url" },
        { "webhooks/new", "/webhooks/new", "url=hooks.example.com|name=kept|types=token.rotated", "url" },
        { "webhooks/new", "/webhooks/new", "url=ftp://hooks.example.com|name=kept|description=Words", "url" },
        { "webhooks/new", "/webhooks/new", "url=https://127.0.0.1/|name=kept|description=Words", "url" },
        { "webhooks/new", "/webhooks/new", "url=https://hooks.example.com/|name=kept|types=no.such", "types" },
        { "webhooks/new", "/webhooks/new", "url=https://hooks.example.com/|name=kept|account_ids=acme", "account_ids" },
        { "webhooks/{webhook}/edit", "/edit", "url=https://10.0.0.1/|name=kept", "url" },
        { "webhooks/{webhook}/edit", "/edit", "account_ids=no-id|description=Words", "account_ids" },
        { "policy", "/policy", "longest_life=long|default_life=1h", "longest_life" },
        { "policy", "/policy", "longest_life=1h|default_life=2h", "default_life" },
        { "policy", "/policy", "longest_life=1s|default_life=", "longest_life" },
        { "policy", "/policy", "notice_days=7, 1.5|default_life=7h", "notice_days" },
        { "policy", "/policy", "notice_days=-1|default_life=7h", "notice_days" },
        { "policy", "/policy", "notice_days=91|default_life=7h", "notice_days" },
        { "tokens/{token}/edit", "/edit", $"description={Long}{Long}{Long}|contact=kept@example.com", "description" },
        { "tokens/{token}/edit", "/edit", "life=often|contact=kept@example.com", "life" },
        { "tokens/{token}/edit", "/edit", "addresses=10.0.0.0/99|contact=kept@example.com", "addresses" },
        { "tokens/{token}/edit", "/edit", "uses=many|contact=kept@example.com", "uses" },
        { "tokens/{token}/edit", "/edit", "uses=-1|contact=kept@example.com", "uses" },
        { "tokens/{token}/edit", "/edit", "uses=99999999999999999999|contact=kept@example.com", "uses" },
        { "tokens/{token}/edit", "/edit", "burst=5|contact=kept@example.com", "burst" },
        { "tokens/{token}/rotate", "/rotate", "until=tomorrow", "until" },
        { "tokens/{token}/rotate", "/rotate", "until=2001-01-01 00:00", "until" },
        { "tokens/{token}/move-deadline", "/move-deadline", "until=31.12.2030", "until" },
        { "change-password", "/change-password", "old_secret=wrong, entirely|new_secret=another, long enough|again=another, long enough", "old_secret" },
        { "change-password", "/change-password", "old_secret=|new_secret=another, long enough|again=another, long enough", "old_secret" },
        { "change-password", "/change-password", "old_secret=wrong, entirely|new_secret=another, long enough|again=a typo", "again" },
        { "change-password", "/change-password", "old_secret=wrong, entirely|new_secret=|again=", "new_secret" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_said_and_what_was_typed_stays(
        string page, string action, string typed, string? field)
    {
        using var visitor = await SignIn();
        var before = await Counts();
        await visitor.Get($"/console/{Filled(page)}");
        var fields = typed.Split('|').Select(one => one.Split('=', 2)).Select(pair => (Name: pair[0], Value: Filled(pair[1]))).ToArray();
        await visitor.Submit(Filled(action), [.. fields.Select(one => (one.Name, (string?)one.Value))]);

        Assert.True(visitor.Status == HttpStatusCode.UnprocessableEntity, $"{visitor.Status}: {visitor.Text}");
        if (field is null)
        {
            Assert.True(visitor.Page.QuerySelector("[role=alert],.notice.bad") is not null, visitor.Text);
        }
        else
        {
            Assert.True(visitor.ErrorOf(field) is { Length: > 0 }, $"nothing is said of {field}: {visitor.Text}");
        }

        foreach (var (name, value) in fields)
        {
            if (name is "secret" or "old_secret" or "new_secret" or "again")
            {
                Assert.True(
                    value.Length == 0 || !visitor.Body.Contains(WebUtility.HtmlEncode(value), StringComparison.Ordinal),
                    $"{name} is shown again");
            }
            else
            {
                Assert.Equal((name, value), (name, Shown(visitor, name)));
            }
        }

        Assert.Equal(before, await Counts());
    }

    /// <summary>What nobody types into a form, a program may send.</summary>
    [Theory]
    [InlineData("webhooks/{webhook}/test", "/redeliver", "delivery", "")]
    [InlineData("webhooks/{webhook}/test", "/redeliver", "delivery", "..")]
    [InlineData("webhooks/{webhook}/test", "/redeliver", "delivery", "msg_nothing")]
    [InlineData("webhooks/{webhook}/test", "/replay", "since", "for ever")]
    [InlineData("webhooks/{webhook}/test", "/no-such-command", "x", "y")]
    public async Task A_button_that_is_sent_with_nonsense_breaks_nothing(
        string page, string command, string name, string value)
    {
        using var visitor = await SignIn();
        await visitor.Get($"/console/webhooks/{demo.Webhook}");
        var request = visitor.Form("/test");
        var sent = new FormUrlEncodedContent(
        [
            .. (await request.Content!.ReadAsStringAsync()).Split('&').Select(pair => pair.Split('='))
                .Select(pair => KeyValuePair.Create(WebUtility.UrlDecode(pair[0]), WebUtility.UrlDecode(pair[1]))),
            new(name, value),
        ]);
        await visitor.Send(new HttpRequestMessage(HttpMethod.Post, $"/console/{Filled(page).Replace("/test", command, StringComparison.Ordinal)}") { Content = sent });
        Assert.InRange((int)visitor.Status, 200, 499);
        Assert.NotEmpty(visitor.Text);
    }

    [Theory]
    [InlineData("root", "administrator", "not the password")]
    [InlineData("root", "nobody@example.com", "not the password")]
    [InlineData("no-such-organization", "administrator", "not the password")]
    [InlineData("", "administrator", "not the password")]
    [InlineData("root", "", "not the password")]
    [InlineData("root", "administrator", "")]
    [InlineData("..", "administrator", "not the password")]
    [InlineData(".", "administrator", "not the password")]
    [InlineData("  ", "administrator", "not the password")]
    [InlineData("root", "  ", "not the password")]
    [InlineData("a/b?c", "ad\u0001min", "not the password")]
    public async Task A_sign_in_that_fails_keeps_the_names_and_not_the_password(
        string organization, string name, string password)
    {
        using var visitor = new Visitor(demo.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit("/sign-in", ("organization", organization), ("name", name), ("password", password));
        Assert.True((int)visitor.Status is 401 or 422, $"{visitor.Status}: {visitor.Text}");
        Assert.Equal(organization, Shown(visitor, "organization"));
        Assert.DoesNotContain("not the password", visitor.Body, StringComparison.Ordinal);
        await visitor.Get("/console/tokens");
        Assert.StartsWith("/console/sign-in", visitor.Path, StringComparison.Ordinal);
    }

    private static string? Shown(Visitor visitor, string name)
    {
        var controls = visitor.Page.QuerySelectorAll($"main [name='{name}'], form [name='{name}']");
        return controls.FirstOrDefault() switch
        {
            IHtmlInputElement input => input.Value,
            IHtmlTextAreaElement text => text.Value,
            IHtmlSelectElement choice => choice.Value,
            _ => null,
        };
    }

    private string Filled(string text) => text
        .Replace("{account}", demo.Account, StringComparison.Ordinal).Replace(
            "{member}", demo.Member, StringComparison.Ordinal)
        .Replace("{role}", demo.Role, StringComparison.Ordinal).Replace(
            "{webhook}", demo.Webhook, StringComparison.Ordinal)
        .Replace("{token}", demo.Parent.Id, StringComparison.Ordinal).Replace(
            Long, new string('x', 1_100), StringComparison.Ordinal);

    /// <summary>How many there are of what the forms make.</summary>
    private async Task<string> Counts()
    {
        List<int> counts = [];
        foreach (var list in (string[])["/v1/accounts", "/v1/members", "/v1/roles", "/lifecycle/v1/webhooks", $"/v1/integrations?filter=account_id[eq]{demo.Account}"])
        {
            var json = (await demo.Get(list + (list.Contains('?', StringComparison.Ordinal) ? "&limit=500" : "?limit=500"), demo.Admin)).Json;
            counts.Add((json["result"] ?? json["items"])?.AsArray().Count ?? -1);
        }

        return string.Join(',', counts);
    }

    /// <summary>Another tab of one session, since signing in takes its time.</summary>
    private async Task<Visitor> SignIn() => (await SignedIn.GetValue(
        demo, one => new Visitor(one.Address).SignIn(one.OrganizationName, one.Name, one.Password))).Tab();
}
