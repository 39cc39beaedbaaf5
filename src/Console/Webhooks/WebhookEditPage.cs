using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.Client.Webhooks;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Webhooks;

/// <summary>Changes where events are sent, and which.</summary>
internal sealed class WebhookEditPage()
    : EditPage<Webhook>("webhook", "name", "url", "types", "account_ids", "account_labels", "description")
{
    protected override Task<Webhook> Load(ConsoleRequest request) =>
        request.Api.Webhooks.Get(request.Part("id"), request.Aborted);

    protected override string TagOf(Webhook webhook) => webhook.Tag ?? "";

    protected override FormState Fill(FormState state, Webhook webhook) => state
        .Set("name", webhook.Name)
        .Set("url", webhook.Url.OriginalString)
        .Set("types", string.Join(", ", webhook.Types))
        .Set("account_ids", string.Join(", ", webhook.AccountIds))
        .Set("account_labels", string.Join(", ", webhook.AccountLabels))
        .Set("description", webhook.Description);

    protected override Task<Change<Webhook, Preview>> ChangeOf(ConsoleRequest request, Webhook webhook, Edit edit)
    {
        if (!Uri.TryCreate(edit.Form.Text("url"), UriKind.Absolute, out _))
        {
            edit.State.Reject("url", "Write a whole address, such as https://hooks.example.com/tokens.");
        }

        var patch = new WebhookPatch();
        edit.Name("name", name => patch.Set("name", name));
        foreach (var field in (string[])["url", "description"])
        {
            edit.Text(field, text => patch.Set(field, text));
        }

        foreach (var field in (string[])["types", "account_ids", "account_labels"])
        {
            edit.Words(field, words => patch.Set(field, Grants.OrNull(words)));
        }

        return Task.FromResult(request.Api.Webhooks.Patch(webhook.Id, patch, TagOf(webhook)));
    }

    protected override string Saved(ConsoleRequest request) => $"{Places.Webhooks}/{request.Part("id")}?done=saved";

    protected override Task<IResult> View(ConsoleRequest request, Webhook webhook, FormState state) =>
        Task.FromResult(request.Show<WebhookEditView>(
            $"Edit {webhook.Name}",
            new() { [nameof(WebhookEditView.Webhook)] = webhook, [nameof(WebhookEditView.State)] = state },
            state.Status()));
}
