using System.Net;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests;

/// <summary>A form that is sent after its session has ended: nothing is done, and what was typed comes back.</summary>
public sealed class LostSessionTests : IAsyncLifetime
{
    private const string Password = "a first password, long enough";
    private readonly Service _service = new();

    private Uri Address => _service.Http.BaseAddress!;

    private string Secret => (string?)_service.Bootstrap["member_secret"] ?? "";

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task What_was_typed_comes_back_after_signing_in_and_nothing_is_done_before()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/members/new");
        _service.Clock.Advance(TimeSpan.FromMinutes(31));
        await visitor.Submit(
            "/members/new", ("name", "ada@example.com"), ("fullname", "Ada \"the\" <first>"), ("roles", "viewer"),
            ("secret", Password), ("change_first", "yes"));

        Assert.Equal(HttpStatusCode.Unauthorized, visitor.Status);
        Assert.Contains("session was over", visitor.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing was saved", visitor.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, visitor.Body, StringComparison.Ordinal);
        Assert.Equal(0, await Count("/v1/members?filter=name[eq]ada@example.com"));

        await Prove(visitor);
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains("Nothing was saved", visitor.Page.QuerySelector("[role=alert]")?.TextContent);
        Assert.Equal("ada@example.com", visitor.ValueOf("name"));
        Assert.Equal("Ada \"the\" <first>", visitor.ValueOf("fullname"));
        Assert.True((visitor.Page.QuerySelector("[name=change_first]") as IHtmlInputElement)?.IsChecked);
        Assert.Equal("", visitor.ValueOf("secret") ?? "");
        Assert.DoesNotContain(Password, visitor.Body, StringComparison.Ordinal);
        Assert.Equal(0, await Count("/v1/members?filter=name[eq]ada@example.com"));

        await visitor.Submit("/members/new", ("secret", Password));
        Assert.Equal(1, await Count("/v1/members?filter=name[eq]ada@example.com"));
    }

    [Fact]
    public async Task A_slip_of_the_password_loses_nothing()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/accounts/new");
        _service.Clock.Advance(TimeSpan.FromMinutes(31));
        await visitor.Submit("/accounts/new", ("name", "kept"), ("labels", "one, two"));
        await visitor.Submit(
            "/sign-in", ("organization", "root"), ("name", "administrator"), ("password", "not the password"));
        Assert.Contains("do not belong together", visitor.ErrorOf("password"));
        await Prove(visitor);
        Assert.Equal("kept", visitor.ValueOf("name"));
        Assert.Equal("one, two", visitor.ValueOf("labels"));
        await visitor.Submit("/accounts/new");
        Assert.Equal(1, await Count("/v1/accounts?filter=name[eq]kept"));
    }

    [Fact]
    public async Task An_edit_comes_back_as_an_edit_of_what_the_thing_is_now()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/accounts/new");
        await visitor.Submit("/accounts/new", ("name", "edited"), ("fullname", "Before"));
        var edit = visitor.Path + "/edit";
        await visitor.Get(edit);
        _service.Clock.Advance(TimeSpan.FromMinutes(31));
        await visitor.Submit("/edit", ("fullname", "After"));
        await Prove(visitor);
        Assert.Equal("After", visitor.ValueOf("fullname"));
        await visitor.Get(edit);
        Assert.Equal("Before", visitor.ValueOf("fullname"));
    }

    [Fact]
    public async Task The_step_of_a_new_token_comes_back()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens/new");
        await visitor.Submit("/tokens/new", ("name", "stepped"));
        await visitor.Submit("/tokens/new", ("permission_set", "viewer"));
        _service.Clock.Advance(TimeSpan.FromMinutes(31));
        await visitor.Submit("/tokens/new", ("life", "2h"));
        await Prove(visitor);
        Assert.Equal("2h", visitor.ValueOf("life"));
        Assert.Contains("Nothing was saved", visitor.Text, StringComparison.Ordinal);
        await visitor.Submit("/tokens/new");
        Assert.Contains("stepped", visitor.Text);
        Assert.Contains("Make the token", visitor.Text);
    }

    [Fact]
    public async Task A_session_that_was_ended_elsewhere_loses_nothing_either()
    {
        using var visitor = await SignIn();
        using var other = visitor.Tab();
        await visitor.Get("/console/roles/new");
        await other.Get("/console/me");
        await other.Submit("/sign-out");
        await visitor.Submit("/roles/new", ("name", "kept"), ("description", "typed with care"));
        Assert.Contains("Nothing was saved", visitor.Text, StringComparison.Ordinal);
        await Prove(visitor);
        Assert.Equal("typed with care", visitor.ValueOf("description"));
    }

    /// <summary>A form that was open while the person signed out and in again in another tab.</summary>
    [Fact]
    public async Task A_form_of_the_session_before_comes_back_too()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/roles/new");
        var form = visitor.Form("/roles/new", ("name", "before"), ("description", "typed with care"));
        await visitor.Submit("/sign-out");
        await visitor.SignIn("root", "administrator", Secret);
        await visitor.Send(form);
        Assert.Contains("Nothing was saved", visitor.Text, StringComparison.Ordinal);
        Assert.Equal("typed with care", visitor.ValueOf("description"));
        await visitor.Submit("/roles/new");
        Assert.Equal("/console/roles", visitor.Path);
        Assert.Contains("before", visitor.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", true)]
    [InlineData("fullname", true)]
    [InlineData("fullname_before", true)]
    [InlineData("secret", false)]
    [InlineData("old_secret", false)]
    [InlineData("new_secret", false)]
    [InlineData("again", false)]
    [InlineData("password", false)]
    [InlineData("provider_config", false)]
    [InlineData("form_key", false)]
    [InlineData("call_key", false)]
    public void Secrets_and_keys_are_not_kept(string field, bool isKept) =>
        Assert.Equal(isKept, Http.KeptForm.Keeps(field));

    /// <summary>What another site posts is not carried into a form of the console.</summary>
    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task What_another_site_sends_is_not_carried_along(string site)
    {
        using var visitor = new Visitor(Address);
        await visitor.Get("/console/sign-in");
        var forged = new HttpRequestMessage(HttpMethod.Post, "/console/roles/new")
        {
            Content = new FormUrlEncodedContent([new("form_key", "x"), new("name", "forged")]),
        };
        forged.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
        await visitor.Send(forged);
        Assert.Null(visitor.Page.QuerySelector("[name=kept_form]"));
    }

    [Fact]
    public async Task Signing_in_twice_by_loading_the_page_again_loses_nothing()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/roles/new");
        _service.Clock.Advance(TimeSpan.FromMinutes(31));
        await visitor.Submit("/roles/new", ("description", "typed with care"));
        var again = visitor.Form("/sign-in", ("organization", "root"), ("name", "administrator"), ("password", Secret));
        await Prove(visitor, Secret);
        await visitor.Send(again);
        Assert.NotNull(visitor.Page.QuerySelector("form[data-go]"));
        await visitor.Submit("/roles/new");
        Assert.Equal("typed with care", visitor.ValueOf("description"));
    }

    [Fact]
    public async Task What_was_chosen_in_a_list_is_chosen_still_once_the_password_was_given_again()
    {
        var token = await _service.Create("viewer", name: "chosen");
        await _service.Create("viewer", name: "not-chosen");
        using var visitor = await SignIn();
        await visitor.Get("/console/tokens?kind=adhoc");
        _service.Clock.Advance(TimeSpan.FromMinutes(6));
        await visitor.Submit("/tokens/revoke", ("id", token.Id));
        Assert.StartsWith("/console/confirm", visitor.Path, StringComparison.Ordinal);
        await visitor.Submit("/confirm", ("password", Secret));
        Assert.Equal(
            [token.Id],
            visitor.Page.QuerySelectorAll("input[name=id][checked]").Select(box => box.GetAttribute("value")));
        await visitor.Submit("/tokens/revoke");
        Assert.Contains("Revoke 1 token", visitor.Text, StringComparison.Ordinal);
    }

    /// <summary>A button that has nothing to type leads back to its page, where it is pressed anew.</summary>
    [Fact]
    public async Task A_button_is_not_pressed_by_signing_in()
    {
        using var visitor = await SignIn();
        var token = await _service.Create("viewer", name: "stays");
        await visitor.Get($"/console/tokens/{token.Id}/disable");
        _service.Clock.Advance(TimeSpan.FromMinutes(31));
        await visitor.Submit("/disable");
        Assert.Contains("Nothing was saved", visitor.Text, StringComparison.Ordinal);
        await Prove(visitor);
        Assert.Equal($"/console/tokens/{token.Id}/disable", visitor.Path);
        Assert.True(await _service.IsActive(token.Access));
    }

    private static Task<Visitor> Prove(Visitor visitor, string secret) =>
        visitor.Submit("/sign-in", ("organization", "root"), ("name", "administrator"), ("password", secret));

    private async Task Prove(Visitor visitor)
    {
        await Prove(visitor, Secret);
        if (visitor.Page.QuerySelector("form[data-go]") is not null)
        {
            await visitor.Submit("");
        }

        Assert.DoesNotContain("sign-in", visitor.Path, StringComparison.Ordinal);
    }

    private async Task<int> Count(string list) =>
        (await _service.Get(list, _service.Admin)).Json["result"]!.AsArray().Count;

    private Task<Visitor> SignIn() => new Visitor(Address).SignIn("root", "administrator", Secret);
}
