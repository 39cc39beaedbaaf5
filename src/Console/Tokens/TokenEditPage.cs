using System.Globalization;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Tokens;

/// <summary>Changes what describes and bounds a token.</summary>
internal sealed class TokenEditPage() : EditPage<Token>(
    "token", "description", "labels", "contact", "life", "addresses", "uses", "per_second", "burst")
{
    protected override Task<Token> Load(ConsoleRequest request) =>
        request.Api.Tokens.Get(request.Part("id"), request.Aborted);

    protected override string TagOf(Token token) => token.Tag ?? "";

    protected override FormState Fill(FormState state, Token token) => state
        .Set("description", token.Description)
        .Set("labels", string.Join(", ", token.Labels))
        .Set("contact", token.Contact)
        .Set("life", token.Life)
        .Set("addresses", string.Join(", ", token.Addresses ?? []))
        .Set("uses", token.Uses?.ToString(CultureInfo.InvariantCulture))
        .Set("per_second", token.PerSecond?.ToString(CultureInfo.InvariantCulture))
        .Set("burst", token.Burst?.ToString(CultureInfo.InvariantCulture));

    protected override Task<Change<Token, Preview>> ChangeOf(ConsoleRequest request, Token token, Edit edit)
    {
        var patch = new TokenPatch();
        edit.Text("description", text => patch.Description = text);
        edit.Words("labels", labels => patch.Labels = Grants.OrNull(labels));
        edit.Text("contact", contact => patch.Contact = contact);
        edit.Text("life", life => patch.Life = life);
        edit.Words("addresses", addresses => patch.Addresses = Grants.OrNull(addresses));
        edit.Text("uses", _ => patch.Uses = Read("uses", long.MaxValue));
        edit.Text("per_second", _ => patch.PerSecond = (int?)Read("per_second", int.MaxValue));
        edit.Text("burst", _ => patch.Burst = (int?)Read("burst", int.MaxValue));
        return Task.FromResult(request.Api.Tokens.Patch(token.Id, patch, TagOf(token)));

        long? Read(string field, long most) => Numbers.Read(edit.Form, edit.State, field, most);
    }

    protected override string Saved(ConsoleRequest request) => $"{TokenPaths.Of(request.Part("id"))}?done=edit";

    protected override Task<IResult> View(ConsoleRequest request, Token token, FormState state) =>
        Task.FromResult(request.Show<TokenEditView>(
            $"Edit {token.Name}",
            new() { [nameof(TokenEditView.Token)] = token, [nameof(TokenEditView.State)] = state },
            state.Status()));
}
