using System.Net;

namespace TokenActors.WebConsole.Tests;

/// <summary>Disabling, locking and letting in again, and the demand of a new password.</summary>
[Collection("console")]
public sealed class MemberStateTests(Demo demo)
{
    private const string Password = "a long enough secret";

    [Theory]
    [InlineData("disable", "is disabled", "enable", "is enabled", "The member is disabled.")]
    [InlineData("lock", "is locked", "release", "is released", "The member is locked.")]
    public async Task A_member_is_shut_out_and_let_in_again(
        string command, string said, string back, string saidThen, string told)
    {
        var (name, page) = await NewMember();
        using var member = await SignIn(name, Password);
        using var visitor = await SignIn();
        await visitor.Get(page);
        await visitor.Get(visitor.Page.QuerySelector($".actions a[href$='/{command}']")?.GetAttribute("href") ?? "");
        Assert.Contains("1 token hangs on it", visitor.Words);
        await visitor.Submit($"/{command}");
        Assert.Equal((page, $"{name} {said}."), (visitor.Path, Notice(visitor)));
        Assert.StartsWith("/console/sign-in", (await member.Get("/console/me")).Path);
        await member.Submit(
            "/sign-in", ("organization", demo.OrganizationName), ("name", name), ("password", Password));
        Assert.Contains(told, member.Text);

        Assert.Null(visitor.Page.QuerySelector($".actions a[href$='/{command}']"));
        await visitor.Get(visitor.Page.QuerySelector($".actions a[href$='/{back}']")?.GetAttribute("href") ?? "");
        await visitor.Submit($"/{back}");
        Assert.Equal($"{name} {saidThen}.", Notice(visitor));
        using var again = await SignIn(name, Password);
        Assert.Equal(HttpStatusCode.OK, (await again.Get("/console/me")).Status);
    }

    [Fact]
    public async Task A_new_password_is_demanded_by_who_gives_the_own_one_again()
    {
        var (name, page) = await NewMember();
        using var visitor = await SignIn();
        demo.Clock.Advance(TimeSpan.FromMinutes(6));
        await visitor.Get(page + "/reset");
        Assert.StartsWith("/console/confirm", visitor.Path);
        await visitor.Submit("/confirm", ("password", demo.Password));
        Assert.Equal(page + "/reset", visitor.Path);
        await visitor.Submit("/reset");
        Assert.Equal($"{name} has to set a new password.", Notice(visitor));
        using var member = await SignIn(name, Password);
        Assert.Equal("/console/change-password", member.Path);
    }

    [Fact]
    public async Task An_invited_member_sets_a_password_of_its_own()
    {
        var (name, page) = await NewMember();
        using var visitor = await SignIn();
        await visitor.Get(page + "/invite");
        await visitor.Submit("/invite");
        Assert.Equal($"{name} is invited.", Notice(visitor));
        using var member = await SignIn(name, Password);
        Assert.Equal("/console/change-password", member.Path);
    }

    [Fact]
    public async Task A_state_that_somebody_else_changed_meanwhile_is_shown_and_not_overwritten()
    {
        var (_, page) = await NewMember();
        using var visitor = await SignIn();
        using var other = visitor.Tab();
        await visitor.Get(page + "/disable");
        await other.Get(page + "/lock");
        await other.Submit("/lock");
        await visitor.Submit("/disable");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, visitor.Status);
        Assert.Contains("it was enabled, and is locked now", visitor.Page.QuerySelector("[role=alert]")?.TextContent);
        Assert.Equal("locked", await StateOf(page));
        await visitor.Submit("/disable");
        Assert.Equal("disabled", await StateOf(page));
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_is_answered_alike()
    {
        var (name, page) = await NewMember();
        using var visitor = await SignIn();
        await visitor.Get(page + "/lock");
        using var tab = visitor.Tab();
        var again = visitor.Form("/lock");
        await visitor.Submit("/lock");
        await tab.Send(again);
        Assert.Equal((page, $"{name} is locked."), (tab.Path, Notice(tab)));
    }

    [Fact]
    public async Task Who_disables_the_own_member_is_warned_and_no_other_command_is_there()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/members?q=" + demo.Name);
        var own = visitor.Page.QuerySelector("td.lead a")?.GetAttribute("href") ?? "";
        await visitor.Get(own + "/disable");
        Assert.Contains("This is you", visitor.Text);
        Assert.DoesNotContain("This is you", (await visitor.Get($"/console/members/{demo.Member}/disable")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get(own + "/promote")).Status);
    }

    private async Task<(string Name, string Page)> NewMember()
    {
        var name = $"state{Guid.NewGuid():N}@example.com";
        var id = (await demo.Post(
            "/v1/members", demo.Admin, new { name, secret = Password, role_binding = new[] { "viewer" } }))
            .Is(HttpStatusCode.Created).Result["member"]?["id"];
        return (name, $"/console/members/{id}");
    }

    private async Task<string?> StateOf(string page) =>
        (string?)(await demo.Get($"/v1/members/{page.Split('/')[^1]}", demo.Admin)).Result["state"];

    private static string? Notice(Visitor visitor) => visitor.Page.QuerySelector("#notice")?.TextContent.Trim();

    private Task<Visitor> SignIn() => SignIn(demo.Name, demo.Password);

    private Task<Visitor> SignIn(string name, string password) =>
        new Visitor(demo.Address).SignIn(demo.OrganizationName, name, password);
}
