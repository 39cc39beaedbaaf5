using System.Net;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests;

/// <summary>The page where a person gets the secret that a model asked for.</summary>
[Collection("console")]
public sealed class CollectPageTests(Demo demo)
{
    [Fact]
    public async Task What_a_model_wished_is_shown_and_carried_out_by_its_button_alone()
    {
        using var visitor = await SignIn();
        var token = await demo.Make($"wished{Guid.NewGuid():N}", demo.Admin, "x");
        var path = await Wish(demo.Admin, token.Id);
        await visitor.Get(path);
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains("Rotate a token", visitor.Text);
        Assert.True(await demo.IsActive(token.Access));
        Assert.Null((await demo.Get($"/lifecycle/v1/tokens/{token.Id}", demo.Admin)).Json["secondary"]);
        using var tab = visitor.Tab();
        var again = visitor.Form(path);
        await visitor.Submit(path);
        var secret = Assert.IsAssignableFrom<IHtmlInputElement>(visitor.Page.QuerySelector("#access-secret")).Value;
        Assert.True(await demo.IsActive(secret));
        Assert.StartsWith("no-store", visitor.Headers["Cache-Control"]);
        await tab.Send(again);
        Assert.Contains(secret, tab.Body);
        await visitor.Get(path);
        Assert.Contains("it was collected", visitor.Text);
        Assert.DoesNotContain(secret, visitor.Body);
    }

    [Fact]
    public async Task One_that_is_not_there_or_not_the_persons_is_not_found()
    {
        using var visitor = await SignIn();
        await visitor.Get($"/console/collect/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, visitor.Status);
        var other = (await demo.NewOrganization()).Token;
        await visitor.Get(await Wish(other.Access, other.Id));
        Assert.Equal(HttpStatusCode.NotFound, visitor.Status);
    }

    private async Task<string> Wish(string bearer, string tokenId)
    {
        var made = await demo.Post("/lifecycle/v1/intents", bearer, new { command = "rotate", token_id = tokenId });
        return $"/console/collect/{made.Is(HttpStatusCode.Created).Json["id"]}";
    }

    private async Task<Visitor> SignIn()
    {
        var visitor = new Visitor(demo.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit(
            "/sign-in", ("organization", demo.OrganizationName), ("name", demo.Name), ("password", demo.Password));
        return visitor;
    }
}
