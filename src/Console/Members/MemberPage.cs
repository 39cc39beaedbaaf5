using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Members;

/// <summary>One member, and what may be changed of it.</summary>
internal sealed class MemberPage() : EditPage<Member>("member", "fullname", "roles")
{
    protected override Task<Member> Load(ConsoleRequest request) =>
        request.Api.Members.Get(request.Part("id"), request.Aborted);

    /// <summary>None: a log-on changes a member too, so that the change tests the fields that it shows.</summary>
    protected override string TagOf(Member member) => "";

    protected override FormState Fill(FormState state, Member member) => state
        .Set("fullname", member.Fullname)
        .Set("roles", string.Join(", ", member.RoleBinding));

    protected override Task<Change<Member, Preview>> ChangeOf(ConsoleRequest request, Member member, Edit edit)
    {
        var patch = new JsonPatch()
            .Test("/fullname", member.Fullname)
            .Test("/role_binding", ArrayOf(member.RoleBinding));
        edit.Text("fullname", fullname => patch.Set("/fullname", fullname ?? ""));
        edit.Words("roles", roles => patch.Set("/role_binding", ArrayOf(roles)));
        return Task.FromResult(request.Api.Members.Patch(member.Id, patch));
    }

    protected override string Saved(ConsoleRequest request) => $"{Places.Members}/{request.Part("id")}?done=saved";

    protected override Task<IResult> View(ConsoleRequest request, Member member, FormState state)
    {
        Dictionary<string, object> view = new()
        {
            [nameof(MemberView.Member)] = member, [nameof(MemberView.State)] = state,
        };
        if (request.Query("done") is not null)
        {
            view[nameof(MemberView.Done)] = "The changes are saved.";
        }

        return Task.FromResult(request.Show<MemberView>(member.Name, view, state.Status()));
    }

    private static JsonArray ArrayOf(IReadOnlyList<string> roles) => [.. roles.Select(role => JsonValue.Create(role))];
}
