using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Webhooks;
using TokenActors.WebConsole.Deletions;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Webhooks;

/// <summary>Endpoints that are sent events, and what became of each event.</summary>
internal static class WebhookPages
{
    private const int PageSize = 50;
    private static readonly string[] Fields = ["name", "url", "types", "account_ids", "account_labels", "description"];

    public static void MapWebhooks(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/webhooks", List).WithName("console_webhooks");
        pages.MapGet("/webhooks/new", ShowNew).WithName("console_webhook_new");
        pages.MapPost("/webhooks/new", Create).WithName("console_webhook_news");
        new WebhookEditPage().Map(pages, "/webhooks/{id:guid}/edit", "console_webhook_edit");
        pages.MapGet("/webhooks/{id:guid}", Show).WithName("console_webhook");
        pages.MapPost("/webhooks/{id:guid}/{command}", Send).WithName("console_webhook_commands");
        pages.MapDeletion("/webhooks/{id:guid}/delete", "console_webhook_delete", DeletionOf);
    }

    private static async Task<IResult> List(ConsoleRequest request) => request.Show<WebhookListView>("Webhooks", new()
    {
        [nameof(WebhookListView.Webhooks)] = (await request.Api.Webhooks.List().Page(request.Aborted)).Items,
    });

    private static IResult ShowNew(ConsoleRequest request) => Form(request, new FormState());

    private static async Task<IResult> Create(ConsoleRequest request, ConsoleForm form)
    {
        var state = FormState.Of(form, Fields);
        if (!Uri.TryCreate(form.Text("url"), UriKind.Absolute, out var url))
        {
            return Form(
                request, state.Reject("url", "Write a whole address, such as https://hooks.example.com/tokens."));
        }

        try
        {
            var made = await request.Api.Webhooks.Create(new NewWebhook
            {
                Name = form.Text("name"),
                Url = url,
                Types = Grants.OrNull(form.Words("types")),
                AccountIds = Grants.OrNull(form.Words("account_ids")),
                AccountLabels = Grants.OrNull(form.Words("account_labels")),
                Description = form.Text("description"),
            }).Send(form.CallKey, request.Aborted);
            return SecretOf(request, made.Id, made.Secret, $"{made.Name} is made", until: null);
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return Form(request, state.Reject(e));
        }
    }

    private static Task<IResult> Show(ConsoleRequest request, string id) => Page(request, id, new FormState());

    /// <summary>The buttons of the page. Each says on the page what became of it.</summary>
    private static async Task<IResult> Send(ConsoleRequest request, string id, string command, ConsoleForm form)
    {
        var webhooks = request.Api.Webhooks;
        try
        {
            switch (command)
            {
                case "test":
                    await webhooks.Test(id).Send(form.CallKey, request.Aborted);
                    break;
                case "enable":
                    await webhooks.Enable(id).Send(form.CallKey, request.Aborted);
                    break;
                case "disable":
                    await webhooks.Disable(id).Send(form.CallKey, request.Aborted);
                    break;
                case "replay":
                    var replayed = await webhooks.Replay(id, form.MadeAt(request.Now) - SpanOf(form))
                        .Send(form.CallKey, request.Aborted);
                    return Pages.GoTo(string.Create(
                        CultureInfo.InvariantCulture, $"{Places.Webhooks}/{id}?done=replay&count={replayed.Count}"));
                case "redeliver":
                    await webhooks.Redeliver(id, form.Text("delivery") ?? "").Send(form.CallKey, request.Aborted);
                    break;
                case "rotate-secret":
                    var rotated = await webhooks.RotateSecret(id).Send(form.CallKey, request.Aborted);
                    return SecretOf(request, id, rotated.Secret, "New signing secret", rotated.PreviousUntil);
                default:
                    return Results.NotFound();
            }

            return Pages.GoTo($"{Places.Webhooks}/{id}?done={command}");
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return await Page(request, id, new FormState().Reject(e));
        }
    }

    private static TimeSpan SpanOf(ConsoleForm form) => form.Text("since") switch
    {
        "7d" => TimeSpan.FromDays(7),
        "3d" => TimeSpan.FromDays(3),
        "1d" => TimeSpan.FromDays(1),
        _ => TimeSpan.FromHours(1),
    };

    private static string? DoneOf(ConsoleRequest request) => request.Query("done") switch
    {
        null => null,
        "test" => "A test is on its way.",
        "redeliver" => "It is sent again.",
        "enable" => "It is sent events again.",
        "disable" => "It is sent nothing any more.",
        "saved" => "The changes are saved.",
        "replay" when request.Query("count") is { } count && count.All(char.IsAsciiDigit) =>
            count == "1" ? "1 event is sent again." : $"{count} events are sent again.",
        _ => "Done.",
    };

    private static async Task<IResult> Page(ConsoleRequest request, string id, FormState state)
    {
        var status = request.Query("status") is "waiting" or "delivered" or "given_up" or "filtered"
            ? request.Query("status")
            : null;
        var webhook = await request.Api.Webhooks.Get(id, request.Aborted);
        var deliveries = await request.Api.Webhooks
            .Deliveries(id, status, new ListQuery { Limit = PageSize, After = request.Query("cursor") }).Page(request.Aborted);
        Dictionary<string, object> view = new()
        {
            [nameof(WebhookView.Webhook)] = webhook,
            [nameof(WebhookView.Deliveries)] = deliveries,
            [nameof(WebhookView.State)] = state,
        };
        if (DoneOf(request) is { } done)
        {
            view[nameof(WebhookView.Done)] = done;
        }

        return request.Show<WebhookView>(webhook.Name, view, state.Status());
    }

    private static IResult Form(ConsoleRequest request, FormState state) =>
        request.Show<NewWebhookView>("New webhook", new() { [nameof(NewWebhookView.State)] = state }, state.Status());

    private static IResult SecretOf(
        ConsoleRequest request, string id, Secret? secret, string heading, DateTimeOffset? until)
    {
        Dictionary<string, object> view = new()
        {
            [nameof(WebhookSecretView.Id)] = id,
            [nameof(WebhookSecretView.Secret)] = secret?.Reveal() ?? "",
            [nameof(WebhookSecretView.Heading)] = heading,
        };
        if (until is { } end)
        {
            view[nameof(WebhookSecretView.Until)] = end;
        }

        return request.Show<WebhookSecretView>(heading, view);
    }

    private static async Task<Deletion> DeletionOf(ConsoleRequest request)
    {
        var id = request.Part("id");
        return new(
            "Webhooks", (await request.Api.Webhooks.Get(id, request.Aborted)).Name,
            "It is sent nothing any more. What waits for it is given up.",
            $"{Places.Webhooks}/{id}/delete", Places.Webhooks, request.Api.Webhooks.Delete(id));
    }
}
