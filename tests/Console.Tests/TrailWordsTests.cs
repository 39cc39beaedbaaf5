using System.Net;

namespace TokenActors.WebConsole.Tests;

/// <summary>Who did what, and when somebody was there last, as people say it.</summary>
[Collection("console")]
public sealed class TrailWordsTests(Demo demo)
{
    private const string Password = "a long enough secret";

    [Fact]
    public async Task A_member_who_never_logged_on_did_never_and_one_who_did_is_named_in_the_trail()
    {
        var name = $"words{Guid.NewGuid():N}@example.com";
        var id = (string?)(await demo.Post(
            "/v1/members", demo.Admin, new { name, secret = Password, role_binding = new[] { "viewer" } }))
            .Is(HttpStatusCode.Created).Result["member"]?["id"] ?? "";
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        Assert.Equal("never", await LastLogOn(visitor, id));
        await visitor.Get($"/console/members?q={name[..20]}");
        Assert.Contains("never", visitor.Page.QuerySelector("td[data-label='Last log-on']")?.TextContent);

        using var member = await new Visitor(demo.Address).SignIn(demo.OrganizationName, name, Password);
        Assert.NotEqual("never", await LastLogOn(visitor, id));
        await visitor.Get($"/console/audit?event=member.logged_on&subject={id}");
        var actor = visitor.Page.QuerySelector("tbody td[data-label='By member']");
        Assert.Equal(id, actor?.QuerySelector("[title]")?.GetAttribute("title"));

        // The session that the log-on opened is the member's too.
        await member.Get("/console/me");
        await visitor.Get(member.Page.QuerySelector("main a.id")?.GetAttribute("href") ?? "");
        Assert.Equal(
            id,
            visitor.Page.QuerySelectorAll("#history td[data-label='By member'] [title]").Last().GetAttribute("title"));
        Assert.DoesNotContain("the service", visitor.Page.QuerySelector("#history")?.TextContent);
    }

    [Fact]
    public async Task A_use_that_is_not_counted_yet_is_no_use_by_nobody()
    {
        var made = await demo.Make($"used{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        await visitor.Get($"/console/tokens/{made.Id}");
        Assert.Contains("Nobody has used it.", visitor.Page.QuerySelector("#usage")?.TextContent);
        await demo.Get("/v1/tokens", made.Access);
        await visitor.Get($"/console/tokens/{made.Id}");
        var usage = visitor.Page.QuerySelector("#usage")?.TextContent ?? "";
        var facts = visitor.Page.QuerySelectorAll("dl.facts dt").First(dt => dt.TextContent == "Last used").NextElementSibling;
        Assert.DoesNotContain("never", facts?.TextContent);
        Assert.DoesNotContain("Nobody has used it", usage);
    }

    private static async Task<string> LastLogOn(Visitor visitor, string id)
    {
        await visitor.Get($"/console/members/{id}");
        return visitor.Page.QuerySelectorAll("dl.facts dt").First(dt => dt.TextContent == "Last log-on").NextElementSibling?.TextContent.Trim() ?? "";
    }
}
