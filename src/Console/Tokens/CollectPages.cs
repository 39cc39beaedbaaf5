using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Tokens;

/// <summary>
/// What a model asked for through the MCP server: the page says what it will do, its form does it and shows the secret.
/// </summary>
internal static class CollectPages
{
    public static void MapCollect(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/collect/{id:guid}", Show).WithName("console_collect");
        pages.MapPost("/collect/{id:guid}", Send).WithName("console_collects");
    }

    private static Task<IResult> Show(ConsoleRequest request, string id) => Form(request, id, new FormState());

    private static async Task<IResult> Send(ConsoleRequest request, string id, ConsoleForm form)
    {
        try
        {
            var token = await request.Api.Intents.Collect(id).Send(form.CallKey, request.Aborted);
            return request.Show<NewSecretsView>("New secrets", new()
            {
                [nameof(NewSecretsView.Token)] = token,
                [nameof(NewSecretsView.Heading)] = $"{token.Name}: done",
            });
        }
        catch (TokenActorsException e) when (e.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.NotFound))
        {
            return await Form(request, id, FormState.Of(form).Reject(e));
        }
    }

    private static async Task<IResult> Form(ConsoleRequest request, string id, FormState state)
    {
        var intent = await request.Api.Intents.Get(id, request.Aborted);
        Dictionary<string, object> view = new()
        {
            [nameof(CollectView.Intent)] = intent,
            [nameof(CollectView.State)] = state,
        };
        if (intent.TokenId is { } subject)
        {
            view[nameof(CollectView.Token)] = await request.Api.Tokens.Get(subject, request.Aborted);
        }

        return request.Show<CollectView>("Collect a secret", view, state.Status());
    }
}
