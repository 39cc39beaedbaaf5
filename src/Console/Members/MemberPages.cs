using System.Net;
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
        new MemberPage().Map(pages, "/members/{id:guid}", "console_member");
        pages.MapMemberCommands();
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

    private static IResult NewForm(ConsoleRequest request, FormState state) =>
        request.Show<NewMemberView>("New member", new() { [nameof(NewMemberView.State)] = state }, state.Status());

    private static async Task<Deletion> DeletionOf(ConsoleRequest request)
    {
        var id = request.Part("id");
        return new(
            "Members", (await request.Api.Members.Get(id, request.Aborted)).Name,
            "The member can no longer log on, and its tokens end, but for those that belong to the organization.",
            $"{Places.Members}/{id}/delete", Places.Members, request.Api.Members.Delete(id));
    }
}
