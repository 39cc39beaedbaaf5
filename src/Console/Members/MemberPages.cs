using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Deletions;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Members;

/// <summary>People and services that log on, and the roles that they have.</summary>
internal static class MemberPages
{
    private static readonly string[] Fields = ["name", "fullname", "roles", "type"];

    public static void MapMembers(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/members", List).WithName("console_members");
        pages.MapGet("/members/new", ShowNew).WithName("console_member_new");
        pages.MapPost("/members/new", Create).WithName("console_member_news");
        pages.MapGet("/members/{id:guid}", Show).WithName("console_member");
        pages.MapPost("/members/{id:guid}", Save).WithName("console_member_saves");
        pages.MapDeletion("/members/{id:guid}/delete", "console_member_delete", DeletionOf);
    }

    private static async Task<IResult> List(ConsoleRequest request) => request.Show<MemberListView>("Members", new()
    {
        [nameof(MemberListView.Members)] = await request.Api.Members.List(Listings.Query(request)).Page(request.Aborted),
    });

    private static IResult ShowNew(ConsoleRequest request) => NewForm(request, new FormState());

    private static async Task<IResult> Create(ConsoleRequest request, ConsoleForm form)
    {
        var state = FormState.Of(form, [.. Fields, "change_first"]).Set("secret");
        if (form.Exact("secret") is not { } password)
        {
            return NewForm(request, state.Reject("secret", "It is needed."));
        }

        try
        {
            var member = await request.Api.Members.Create(new NewMember
            {
                Name = form.Text("name") ?? "",
                Fullname = form.Text("fullname"),
                Secret = new Secret(password),
                RoleBinding = Grants.OrNull(form.Words("roles")),
                Type = form.Text("type"),
                Options = form.Has("change_first") ? new MemberOptions(null, ["expired"], null) : null,
            }).Send(form.CallKey, request.Aborted);
            return Pages.GoTo($"{Places.Members}/{member.Id}");
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return NewForm(request, state.Reject(e));
        }
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var member = await request.Api.Members.Get(id, request.Aborted);
        return Page(request, member, StateOf(member), request.Query("done") is null ? null : "The changes are saved.");
    }

    /// <summary>The service changes it only where it still is as it was when the form was made.</summary>
    private static async Task<IResult> Save(ConsoleRequest request, string id, ConsoleForm form)
    {
        var state = FormState.Of(form, ["fullname", "roles", "fullname_before", "roles_before"]);
        var patch = new JsonPatch()
            .Test("/fullname", form.Text("fullname_before") ?? "")
            .Test("/role_binding", Roles(form, "roles_before"))
            .Set("/fullname", form.Text("fullname") ?? "")
            .Set("/role_binding", Roles(form, "roles"));
        try
        {
            await request.Api.Members.Patch(id, patch).Send(form.CallKey, request.Aborted);
            return Pages.GoTo($"{Places.Members}/{id}?done=saved");
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            var member = await request.Api.Members.Get(id, request.Aborted);
            var now = StateOf(member);
            if (MadeFrom.IsAlready(state, now, ["fullname", "roles"]))
            {
                return Pages.GoTo($"{Places.Members}/{id}?done=saved");
            }

            if (now.Value("fullname") == state.Value("fullname_before") && now.Value("roles") == state.Value("roles_before"))
            {
                return Page(request, member, state.Reject(e), done: null);
            }

            state.Set("fullname_before", now.Value("fullname")).Set("roles_before", now.Value("roles"));
            return Page(request, member, state.Reject(
                $"Somebody else changed the member meanwhile: now it is called \"{member.Fullname}\" and has the roles "
                + $"{string.Join(", ", member.RoleBinding)}. What you typed is kept: save again to put it in its place."), done: null);
        }
    }

    private static FormState StateOf(Member member)
    {
        var roles = string.Join(", ", member.RoleBinding);
        return new FormState().Set("fullname", member.Fullname).Set("roles", roles)
            .Set("fullname_before", member.Fullname).Set("roles_before", roles);
    }

    private static JsonArray Roles(ConsoleForm form, string field) =>
        [.. form.Words(field).Select(role => JsonValue.Create(role))];

    private static IResult NewForm(ConsoleRequest request, FormState state) =>
        request.Show<NewMemberView>("New member", new() { [nameof(NewMemberView.State)] = state }, state.Status());

    private static IResult Page(ConsoleRequest request, Member member, FormState state, string? done)
    {
        Dictionary<string, object> view = new()
        {
            [nameof(MemberView.Member)] = member, [nameof(MemberView.State)] = state,
        };
        if (done is not null)
        {
            view[nameof(MemberView.Done)] = done;
        }

        return request.Show<MemberView>(member.Name, view, state.Status());
    }

    private static async Task<Deletion> DeletionOf(ConsoleRequest request)
    {
        var id = request.Part("id");
        return new(
            "Members", (await request.Api.Members.Get(id, request.Aborted)).Name,
            "The member can no longer log on, and the tokens that stand for it end, but those that were made independent.",
            $"{Places.Members}/{id}/delete", Places.Members, request.Api.Members.Delete(id));
    }
}
