using System.Net;
using TokenActors.Client.Audit;
using TokenActors.Client.Webhooks;
using TokenActors.WebConsole.Overviews;

namespace TokenActors.WebConsole.Tests;

/// <summary>What the first page says beside its counts, and lists that are only looked at.</summary>
[Collection("console")]
public sealed class OverviewPageTests(Demo demo)
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Refusals_are_counted_by_reason_and_lead_to_their_rows()
    {
        var viewer = await demo.Make($"refused{Guid.NewGuid():N}", demo.Admin, "x", "viewer");
        (await demo.Post("/v1/accounts", viewer.Access, new { name = "not-allowed" })).Is(HttpStatusCode.Forbidden);
        using var visitor = await SignIn();
        await visitor.Get("/console");
        var link = visitor.Page.QuerySelectorAll("#refusals a").Single(
            link => link.TextContent.EndsWith(" forbidden", StringComparison.Ordinal));
        await visitor.Get(link.GetAttribute("href")!);
        Assert.Contains("call.refused", visitor.Page.QuerySelector("tbody tr")!.TextContent);
        await visitor.Get("/console");
        Assert.NotNull(visitor.Page.QuerySelector("#chain"));
        Assert.Equal(8, visitor.Page.QuerySelectorAll("section:last-of-type tbody tr").Length);
    }

    [Fact]
    public void The_chain_is_behind_when_a_row_waits_longer_than_a_link_takes()
    {
        var linked = Row("done", Now.AddMinutes(-9), 7);
        Assert.Equal((7L, 1, false), Of(linked, Row("done", Now.AddMinutes(-1), null)));
        Assert.Equal((7L, 2, true), Of(linked, Row("done", Now.AddMinutes(-6), null), Row("done", Now, null)));
        Assert.Equal((null, 0, false), Of());

        static (long?, int, bool) Of(params AuditRow[] rows)
        {
            var state = TrailState.Of(rows);
            return (state.Link, state.Waiting, state.IsBehind(Now));
        }
    }

    [Fact]
    public void Refusals_are_every_outcome_that_is_one()
    {
        var state = TrailState.Of([Row("done", Now, 1), Row("forbidden", Now, 1), Row("failure", Now, 1), Row("forbidden", Now, 1), Row("previewed", Now, 1)]);
        Assert.Equal([new Refusal("forbidden", 2), new Refusal("failure", 1)], state.Refusals);
    }

    [Fact]
    public void A_delivery_has_failed_that_was_given_up_or_waits_after_an_attempt()
    {
        var webhook = new Webhook(
            "1", "pager", new Uri("https://example.com"), [], [], [], null, "lifecycle", true, null, null, Now, Now,
            null);
        Delivery[] latest = [Delivery("delivered", 1), Delivery("waiting", 0), Delivery("waiting", 2), Delivery("given_up", 10), Delivery("given_up", 10)];
        Assert.Equal(new DeliveryState(webhook, 2, 1), DeliveryState.Of(webhook, latest));
        Assert.False(DeliveryState.Of(webhook, latest[..2]).HasFailed);
    }

    [Fact]
    public async Task Deliveries_that_were_given_up_are_told_of()
    {
        var webhook = (string)(await demo.Post(
            "/lifecycle/v1/webhooks", demo.Admin, new { name = "given-up", url = "https://hooks.example.com/given-up", types = new[] { "token.deleted" } }))
            .Is(HttpStatusCode.Created).Json["id"]!;
        await demo.Post($"/lifecycle/v1/webhooks/{webhook}/test", demo.Admin, null);
        (await demo.Post($"/lifecycle/v1/webhooks/{webhook}/disable", demo.Admin, null)).Is(HttpStatusCode.OK);
        (await demo.Post($"/lifecycle/v1/webhooks/{webhook}/enable", demo.Admin, null)).Is(HttpStatusCode.OK);
        using var visitor = await SignIn();
        await visitor.Get("/console");
        Assert.Contains(
            visitor.Page.QuerySelectorAll(".notice.warn"),
            notice => notice.QuerySelector($"a[href='/console/webhooks/{webhook}']") is not null);
        (await demo.Delete($"/lifecycle/v1/webhooks/{webhook}", demo.Admin)).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_makes_an_organization_is_said_as_it_is()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/organizations?q=nobody-is-called-so");
        Assert.Contains("POST /v1/suborgs makes one", visitor.Text);
    }

    [Fact]
    public async Task Organizations_below_and_credentials_are_listed_without_their_secrets()
    {
        using var visitor = await SignIn();
        await visitor.Get("/console/organizations?q=subsid");
        Assert.Contains("Subsidiary Inc.", visitor.Page.QuerySelector("tbody tr")!.TextContent);
        (await demo.Post(
            $"/v1/credentials/{demo.Account}", demo.Admin,
            new { name = "jira", config = new { type = "token", secret = "hunter2-hunter2" } }))
            .Is(HttpStatusCode.Created);
        await visitor.Get($"/console/accounts/{demo.Account}");
        Assert.Contains("jira", visitor.Page.QuerySelector("#credentials tbody")!.TextContent);
        Assert.DoesNotContain("hunter2", visitor.Body);
        using var viewer = new Visitor(demo.Address);
        var narrow = await demo.Make($"narrow{Guid.NewGuid():N}", (await demo.NewOrganization()).Token.Access, "x");
        await viewer.Get("/console/sign-in");
        await viewer.Submit("/sign-in", ("secret", narrow.Access));
        await viewer.Get("/console/organizations");
        Assert.Equal(HttpStatusCode.Forbidden, viewer.Status);
        Assert.Contains("You may not do this", viewer.Text);
    }

    private static AuditRow Row(string outcome, DateTimeOffset at, long? link) => new(
        1, at, "o", "token.rotated", "token", "t", 1, outcome, "c", null, null, null, null, null, null, null, null,
        null,
        link is { } number ? new AuditChain(number, "code") : null, null);

    private static Delivery Delivery(string status, int attempts) => new(
        "d", "token.rotated", "token", "t", status, Now, null,
        [.. Enumerable.Range(0, attempts).Select(_ => new DeliveryAttempt(Now, 500, 3, null, null))]);

    private Task<Visitor> SignIn() => new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
}
