using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Webhooks;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Webhooks;

/// <summary>Changes where events are sent, and which; the form carries the tag of what it was made from.</summary>
internal static class WebhookEditPages
{
    private const string Tag = "tag";
    private static readonly string[] Fields = ["name", "url", "types", "account_ids", "account_labels", "description"];

    public static void MapWebhookEditing(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/webhooks/{id:guid}/edit", Show).WithName("console_webhook_edit");
        pages.MapPost("/webhooks/{id:guid}/edit", Save).WithName("console_webhook_edits");
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var webhook = await request.Api.Webhooks.Get(id, request.Aborted);
        return Form(request, webhook, StateOf(webhook));
    }

    private static async Task<IResult> Save(ConsoleRequest request, string id, ConsoleForm form)
    {
        var state = FormState.Of(form, [.. Fields, Tag]);
        if (!Uri.TryCreate(form.Text("url"), UriKind.Absolute, out _))
        {
            return Form(
                request, await request.Api.Webhooks.Get(id, request.Aborted),
                state.Reject("url", "Write a whole address, such as https://hooks.example.com/tokens."));
        }

        try
        {
            await request.Api.Webhooks.Patch(id, PatchOf(form), form.Text(Tag) ?? "")
                .Send(form.CallKey, request.Aborted);
            return Pages.GoTo($"{Places.Webhooks}/{id}?done=saved");
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.PreconditionFailed)
        {
            var now = await request.Api.Webhooks.Get(id, request.Aborted);
            return Form(request, now, state.Set(Tag, now.Tag).Reject(
                $"Somebody else changed the webhook meanwhile. Now it is: {InWords(now)}. "
                + "What you typed is kept: save again to put it in its place."));
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return Form(request, await request.Api.Webhooks.Get(id, request.Aborted), state.Reject(e));
        }
    }

    /// <summary>A name that was taken away stays as it is; every other field that is empty is removed.</summary>
    private static WebhookPatch PatchOf(ConsoleForm form)
    {
        var patch = new WebhookPatch()
            .Set("url", form.Text("url"))
            .Set("types", Grants.OrNull(form.Words("types")))
            .Set("account_ids", Grants.OrNull(form.Words("account_ids")))
            .Set("account_labels", Grants.OrNull(form.Words("account_labels")))
            .Set("description", form.Text("description"));
        return form.Text("name") is { } name ? patch.Set("name", name) : patch;
    }

    private static FormState StateOf(Webhook webhook) => new FormState()
        .Set("name", webhook.Name)
        .Set("url", webhook.Url.OriginalString)
        .Set("types", string.Join(", ", webhook.Types))
        .Set("account_ids", string.Join(", ", webhook.AccountIds))
        .Set("account_labels", string.Join(", ", webhook.AccountLabels))
        .Set("description", webhook.Description)
        .Set(Tag, webhook.Tag);

    private static string InWords(Webhook webhook) => string.Join("; ", new[]
    {
        $"{webhook.Name} at {webhook.Url.OriginalString}",
        webhook.Types.Count > 0 ? $"events {string.Join(", ", webhook.Types)}" : "every event",
        webhook.AccountIds.Count > 0 ? $"accounts {string.Join(", ", webhook.AccountIds)}" : "every account",
        webhook.AccountLabels.Count > 0 ? $"labels {string.Join(", ", webhook.AccountLabels)}" : "whatever the labels",
    });

    private static IResult Form(ConsoleRequest request, Webhook webhook, FormState state) =>
        request.Show<WebhookEditView>(
            $"Edit {webhook.Name}",
            new() { [nameof(WebhookEditView.Webhook)] = webhook, [nameof(WebhookEditView.State)] = state },
            state.Status());
}
