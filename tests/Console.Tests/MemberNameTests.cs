using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TokenActors.InProcess;

namespace TokenActors.WebConsole.Tests;

/// <summary>Who did something is named where the person may read members, by one read for the page.</summary>
[Collection("console")]
public sealed class MemberNameTests(Demo demo) : IDisposable
{
    private const string Password = "a long enough secret";

    private readonly ConcurrentQueue<string> _asked = new();
    private readonly RequestDelegate _whole = demo.Get<Pipeline>().Handle;

    public void Dispose() => demo.Get<Pipeline>().Handle = _whole;

    [Theory]
    [InlineData("/console")]
    [InlineData("/console/audit?event=token.&outcome=done")]
    public async Task The_trail_names_who_did_it_by_one_read(string page)
    {
        await demo.Make($"named{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = await SignIn(demo.Name, demo.Password);
        Listen();
        await visitor.Get(page);
        var actors = visitor.Page.QuerySelectorAll("td[data-label='By member'] a");
        Assert.NotEmpty(actors);
        Assert.Contains(
            actors,
            actor => actor.TextContent.Trim() == demo.Name && Guid.TryParse(actor.GetAttribute("title"), out _));
        Assert.Single(_asked, path => path == "/v1/members");
        Assert.DoesNotContain(_asked, path => path.StartsWith("/v1/members/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_of_a_token_names_its_member_and_who_made_it()
    {
        var token = await demo.Make($"named{Guid.NewGuid():N}", demo.Admin, "x");
        using var visitor = await SignIn(demo.Name, demo.Password);
        Listen();
        await visitor.Get($"/console/tokens/{token.Id}");
        var member = visitor.Page.QuerySelectorAll("dl.facts dt").First(dt => dt.TextContent == "Member")
            .NextElementSibling;
        Assert.Equal(demo.Name, member?.QuerySelector("a")?.TextContent);
        Assert.True(Guid.TryParse(member?.QuerySelector(".id")?.TextContent, out var id));
        var actor = visitor.Page.QuerySelector("#history td[data-label='By member'] a");
        Assert.Equal((demo.Name, id.ToString()), (actor?.TextContent.Trim(), actor?.GetAttribute("title")));
        Assert.Single(_asked, path => path == "/v1/members");
        await visitor.Get($"/console/tokens?member={id}");
        Assert.Contains(visitor.Page.QuerySelectorAll(".tag"), tag => tag.TextContent == $"member {demo.Name}");
    }

    /// <summary>A narrowed session reads members that may no more than it, of whom the administrator is none.</summary>
    [Fact]
    public async Task Who_may_not_read_a_member_sees_the_end_of_its_id()
    {
        (await demo.Send(
            HttpMethod.Patch, $"/v1/accounts/{demo.Account}", demo.Admin,
            """[{"op":"add","path":"/fullname","value":"Initech"}]""")).Is(HttpStatusCode.OK);
        var role = $"role{Guid.NewGuid():N}";
        (await demo.Post("/v1/roles", demo.Admin, new JsonObject
        {
            ["name"] = role, ["permission_set"] = "viewer",
            ["resources"] = new JsonObject { ["accounts"] = new JsonObject { ["ids"] = new JsonArray(demo.Account) } },
        })).Is(HttpStatusCode.Created);
        var name = $"narrow{Guid.NewGuid():N}@example.com";
        (await demo.Post("/v1/members", demo.Admin, new { name, secret = Password, role_binding = new[] { role } }))
            .Is(HttpStatusCode.Created);
        using var visitor = await SignIn(name, Password);
        await visitor.Get("/console/audit");
        var actors = visitor.Page.QuerySelectorAll("td[data-label='By member'] [title]")
            .Select(actor => actor.TextContent.Trim()).ToList();
        Assert.DoesNotContain(demo.Name, actors);
        Assert.Contains(actors, text => text.StartsWith('…'));
    }

    private void Listen() => demo.Get<Pipeline>().Handle = http =>
    {
        _asked.Enqueue(http.Request.Path);
        return _whole(http);
    };

    private Task<Visitor> SignIn(string name, string password) =>
        new Visitor(demo.Address).SignIn(demo.OrganizationName, name, password);
}
