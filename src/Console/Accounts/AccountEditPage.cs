using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Accounts;

/// <summary>Changes what an account is called and found by.</summary>
internal sealed class AccountEditPage() : EditPage<Account>("account", "name", "fullname", "environment", "labels")
{
    protected override Task<Account> Load(ConsoleRequest request) =>
        request.Api.Accounts.Get(request.Part("id"), request.Aborted);

    protected override string TagOf(Account account) => MadeFrom.Tag(account);

    protected override FormState Fill(FormState state, Account account) => state
        .Set("name", account.Name)
        .Set("fullname", account.Fullname)
        .Set("environment", account.Environment)
        .Set("labels", string.Join(", ", account.Labels ?? []));

    protected override Task<Change<Account, Preview>> ChangeOf(ConsoleRequest request, Account account, Edit edit)
    {
        var patch = MadeFrom.Patch(account);
        edit.Name("name", name => patch.Set("/name", name));
        edit.Text("fullname", fullname => patch.Set("/fullname", fullname ?? ""));
        edit.Name("environment", environment => patch.Set("/environment", environment));
        edit.Words(
            "labels",
            labels => patch.Set("/labels", new JsonArray([.. labels.Select(label => JsonValue.Create(label))])));
        return Task.FromResult(request.Api.Accounts.Patch(account.Id, patch));
    }

    protected override string Saved(ConsoleRequest request) => $"{Places.Accounts}/{request.Part("id")}?done=saved";

    protected override Task<IResult> View(ConsoleRequest request, Account account, FormState state) =>
        Task.FromResult(request.Show<AccountEditView>(
            $"Edit {account.Name}",
            new() { [nameof(AccountEditView.Account)] = account, [nameof(AccountEditView.State)] = state },
            state.Status()));
}
