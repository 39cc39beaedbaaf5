using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Parts;
using TokenActors.WebConsole.Sessions;

namespace TokenActors.WebConsole.Tokens;

/// <summary>The list of tokens, and the page of one.</summary>
internal static class TokenPages
{
    public static void MapTokens(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tokens", List).WithName("console_tokens");
        pages.MapGet("/tokens/{id:guid}", Show).WithName("console_token");
        pages.MapTokenCommands();
        new TokenEditPage().Map(pages, "/tokens/{id:guid}/edit", "console_token_edit");
        pages.MapNewToken();
        pages.MapRevocation();
        pages.MapCollect();
    }

    private static async Task<IResult> List(ConsoleRequest request)
    {
        var listing = TokenListing.From(request);
        var page = await request.Api.Tokens.List(listing.ToQuery(request.Now)).Page(request.Aborted);
        var names = LivePart.Is(request.Http.Request)
            ? MemberNames.None
            : await MemberNames.Read(request, listing.Member);
        return request.Show<TokenListView>("Tokens", new()
        {
            [nameof(TokenListView.Listing)] = listing,
            [nameof(TokenListView.Page)] = page,
            [nameof(TokenListView.Names)] = names,
        });
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var details = await TokenDetails.Read(request.Api, id, request.Aborted);
        Dictionary<string, object> view = new()
        {
            [nameof(TokenView.Details)] = details,
            [nameof(TokenView.Names)] = await MemberNames.Read(request, details.Members),
        };
        if (TokenCommand.Find(request.Query("done") ?? "") is { } done)
        {
            view[nameof(TokenView.Done)] = $"{done.Title}: done.";
        }
        else if (request.Query("done") == "edit")
        {
            view[nameof(TokenView.Done)] = "The changes are saved.";
        }

        if (request.Query("action") is { } action)
        {
            await Ask(request, id, action, view);
        }

        return request.Show<TokenView>(details.Token.FullName, view);
    }

    private static async Task Ask(ConsoleRequest request, string id, string action, Dictionary<string, object> view)
    {
        view[nameof(TokenView.Action)] = action;
        view[nameof(TokenView.Resource)] = request.Query("resource") ?? "";
        try
        {
            view[nameof(TokenView.Can)] = await request.Api.Tokens.Can(
                id, action, request.Query("resource"), cancellation: request.Aborted);
        }
        catch (TokenActorsException e)
        {
            view[nameof(TokenView.CanProblem)] = e.Errors is [var first, ..] ? first.Detail : e.Detail;
        }
    }
}
