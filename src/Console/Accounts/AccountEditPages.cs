using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Accounts;

/// <summary>Changes what an account is called and found by.</summary>
internal static class AccountEditPages
{
    private static readonly string[] Fields = ["name", "fullname", "environment", "labels"];

    public static void MapAccountEditing(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/accounts/{id:guid}/edit", Show).WithName("console_account_edit");
        pages.MapPost("/accounts/{id:guid}/edit", Save).WithName("console_account_edits");
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var account = await request.Api.Accounts.Get(id, request.Aborted);
        return Form(request, account, StateOf(account));
    }

    private static async Task<IResult> Save(ConsoleRequest request, string id, ConsoleForm form)
    {
        var state = FormState.Of(form, [.. Fields, MadeFrom.Field]);
        var account = await request.Api.Accounts.Get(id, request.Aborted);
        try
        {
            if (form.IsMadeOf(account.UpdatedAt))
            {
                await request.Api.Accounts.Patch(id, PatchOf(form, account)).Send(form.CallKey, request.Aborted);
                return Saved(id);
            }
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            account = await request.Api.Accounts.Get(id, request.Aborted);
            if (form.IsMadeOf(account.UpdatedAt))
            {
                return Form(request, account, state.Reject(e));
            }
        }

        return MadeFrom.IsAlready(state, StateOf(account), Fields)
            ? Saved(id)
            : Form(request, account, state.MadeOf(account.UpdatedAt).Reject(
                $"Somebody else changed the account meanwhile. Now it is: {InWords(account)}. "
                + "What you typed is kept: save again to put it in its place."));
    }

    private static IResult Saved(string id) => Pages.GoTo($"{Places.Accounts}/{id}?done=saved");

    private static JsonPatch PatchOf(ConsoleForm form, Account account) => MadeFrom.Patch(account.UpdatedAt)
        .Set("/name", form.Text("name") ?? account.Name)
        .Set("/fullname", form.Text("fullname") ?? "")
        .Set("/environment", form.Text("environment") ?? account.Environment)
        .Set("/labels", new JsonArray([.. form.Words("labels").Select(label => JsonValue.Create(label))]));

    private static FormState StateOf(Account account) => new FormState()
        .Set("name", account.Name)
        .Set("fullname", account.Fullname)
        .Set("environment", account.Environment)
        .Set("labels", string.Join(", ", account.Labels ?? []))
        .MadeOf(account.UpdatedAt);

    private static string InWords(Account account) =>
        $"{account.Name}, \"{account.Fullname}\", {account.Environment}, "
        + (account.Labels is { Count: > 0 } labels ? $"labels {string.Join(", ", labels)}" : "no labels");

    private static IResult Form(ConsoleRequest request, Account account, FormState state) =>
        request.Show<AccountEditView>(
            $"Edit {account.Name}",
            new() { [nameof(AccountEditView.Account)] = account, [nameof(AccountEditView.State)] = state },
            state.Status());
}
