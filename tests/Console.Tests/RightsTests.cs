using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests;

/// <summary>
/// What somebody may not do is not shown: a walk along every link from the first page, for sessions with different
/// rights, comes to no page that refuses, and finds no form that would be refused.
/// </summary>
[Collection("console")]
public sealed partial class RightsTests(Demo demo)
{
    private const string Password = "a long enough secret";
    private const string OwnForms = "/console/theme /console/sign-out /console/change-password /console/confirm";

    /// <summary>Pages of one kind that are looked at.</summary>
    private const int MostOfAKind = 4;

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Id { get; }

    [Theory]
    [InlineData("viewer", null)]
    [InlineData("viewer", """{"accounts":{"ids":["{account}"]}}""")]
    [InlineData("member", null)]
    public async Task Who_may_only_look_is_shown_no_button_and_no_link_that_is_refused(string set, string? resources)
    {
        using var visitor = await SignIn(set, resources);
        var walk = await Walk(visitor);
        Assert.True(walk.Wrong.Count == 0, string.Join('\n', walk.Wrong));
        Assert.Empty(walk.Forms.Except(OwnForms.Split(' ')));
        Assert.Equal(set == "viewer", walk.Pages.Contains("/console/tokens"));
        Assert.Equal(resources is null, walk.Pages.Contains("/console/policy"));
        Assert.Contains("/console/me", walk.Pages);
    }

    [Theory]
    [InlineData("""{"accounts":{"ids":["{account}"]}}""", true, false)]
    [InlineData("""{"accounts":{"ids":["*"],"labels":["emea"]}}""", true, true)]
    [InlineData("""{"integrations":{"categories":["ticketing"]}}""", false, false)]
    public async Task Who_is_narrowed_is_shown_what_lies_within(
        string resources, bool changesAccount, bool makesAccounts)
    {
        using var visitor = await SignIn("administrator", resources);
        var walk = await Walk(visitor);
        Assert.True(walk.Wrong.Count == 0, string.Join('\n', walk.Wrong));
        Assert.Equal(changesAccount, walk.Pages.Contains($"/console/accounts/{demo.Account}/edit"));
        Assert.Equal(makesAccounts, walk.Pages.Contains("/console/accounts/new"));
        Assert.Contains("/console/tokens/new", walk.Pages);
        Assert.DoesNotContain("/console/roles/new", walk.Pages);
        Assert.DoesNotContain("/console/members/new", walk.Pages);
        Assert.DoesNotContain("/console/webhooks", walk.Pages);
        Assert.DoesNotContain("/console/policy", walk.Pages);
    }

    [Fact]
    public async Task Who_administers_is_shown_all_of_it()
    {
        using var visitor = await new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
        var walk = await Walk(visitor);

        // The trail names tokens that are gone by now.
        walk.Wrong.RemoveAll(line => line.Contains("There is no such token.", StringComparison.Ordinal));
        Assert.True(walk.Wrong.Count == 0, string.Join('\n', walk.Wrong));
        foreach (var page in (string[])
        [
            "/console/tokens/new", "/console/accounts/new", "/console/members/new", "/console/roles/new",
            "/console/webhooks/new",
            "/console/policy", "/console/cluster", "/console/organizations", $"/console/webhooks/{demo.Webhook}/edit",
        ])
        {
            Assert.Contains(page, walk.Pages);
        }

        Assert.Contains("/console/policy", walk.Forms);
        Assert.Contains("/console/tokens/revoke", walk.Forms);
    }

    /// <summary>The service's own places are those of its root organization.</summary>
    [Fact]
    public async Task Who_administers_an_organization_below_is_shown_no_cluster()
    {
        var name = $"below{Guid.NewGuid():N}";
        (await demo.Post("/v1/suborgs", demo.Admin, new
        {
            name, contact = "boss@example.com", member = new { name = "boss@example.com", secret = Password },
        })).Is(HttpStatusCode.Created);
        using var visitor = await new Visitor(demo.Address).SignIn(name, "boss@example.com", Password);
        var walk = await Walk(visitor);
        Assert.True(walk.Wrong.Count == 0, string.Join('\n', walk.Wrong));
        Assert.DoesNotContain("/console/cluster", walk.Pages);
        Assert.Contains("/console/policy", walk.Pages);
    }

    [Theory]
    [InlineData("disabled", "The member is disabled.")]
    [InlineData("locked", "The member is locked.")]
    public async Task Who_may_not_log_on_is_told_why(string state, string said)
    {
        var name = $"{state}{Guid.NewGuid():N}@example.com";
        var member = (await demo.Post(
            "/v1/members", demo.Admin, new { name, secret = Password, role_binding = new[] { "viewer" } }))
            .Is(HttpStatusCode.Created).Result["member"]!;
        (await demo.Send(HttpMethod.Patch, $"/v1/members/{member["id"]}", demo.Admin, $$"""[{"op":"replace","path":"/state","value":"{{state}}"}]"""))
            .Is(HttpStatusCode.OK);
        using var visitor = new Visitor(demo.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit(
            "/sign-in", ("organization", demo.OrganizationName), ("name", name), ("password", Password));
        Assert.Contains(said, visitor.Page.QuerySelector("[role=alert]")?.TextContent);
    }

    /// <summary>From the first page along every link, some pages of each kind.</summary>
    private static async Task<Walked> Walk(Visitor visitor)
    {
        Queue<string> next = new(["/console"]);
        HashSet<string> known = ["/console"];
        Dictionary<string, int> kinds = [];
        Walked walked = new([], [], []);
        while (next.TryDequeue(out var path))
        {
            var kind = Id.Replace(path, "id");
            if ((kinds[kind] = kinds.GetValueOrDefault(kind) + 1) > MostOfAKind)
            {
                continue;
            }

            await visitor.Get(path);
            walked.Pages.Add(path);
            if (visitor.Status is not HttpStatusCode.OK || visitor.Path.Split('?')[0] != path.Split('?')[0])
            {
                walked.Wrong.Add($"{path}: {visitor.Status} {visitor.Path} {visitor.Page.QuerySelector("main")?.TextContent.Trim()}");
            }

            if (visitor.Text.Contains("It would be refused: the bearer", StringComparison.Ordinal))
            {
                walked.Wrong.Add($"{path}: {visitor.Page.QuerySelector(".notice.bad")?.TextContent}");
            }

            foreach (var form in visitor.Page.QuerySelectorAll<IHtmlFormElement>("form[method=post]").Where(form => form.QuerySelector("button:not([disabled])") is not null))
            {
                walked.Forms.Add(Id.Replace(form.GetAttribute("action") ?? "", "id"));
            }

            foreach (var link in visitor.Page.QuerySelectorAll("a[href^='/console']").Select(link => link.GetAttribute("href")!.Split('#')[0]))
            {
                if (known.Add(link))
                {
                    next.Enqueue(link);
                }
            }
        }

        return walked;
    }

    private async Task<Visitor> SignIn(string set, string? resources)
    {
        var role = set;
        if (resources is not null)
        {
            role = $"role{Guid.NewGuid():N}";
            (await demo.Post("/v1/roles", demo.Admin, new JsonObject
            {
                ["name"] = role, ["permission_set"] = set,
                ["resources"] = JsonNode.Parse(resources.Replace("{account}", demo.Account, StringComparison.Ordinal)),
            })).Is(HttpStatusCode.Created);
        }

        var name = $"walks{Guid.NewGuid():N}@example.com";
        (await demo.Post("/v1/members", demo.Admin, new { name, secret = Password, role_binding = new[] { role } })).Is(HttpStatusCode.Created);
        return await new Visitor(demo.Address).SignIn(demo.OrganizationName, name, Password);
    }

    private sealed record Walked(HashSet<string> Pages, HashSet<string> Forms, List<string> Wrong);
}
