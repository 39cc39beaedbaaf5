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

namespace TokenActors.WebConsole.Roles;

/// <summary>Roles: rights under a name, which members and tokens are bound to.</summary>
internal static class RolePages
{
    private static readonly string[] Fields = ["name", "fullname", "description", "permission_set", .. Grants.Fields];

    public static void MapRoles(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/roles", List).WithName("console_roles");
        pages.MapGet("/roles/new", ShowNew).WithName("console_role_new");
        pages.MapPost("/roles/new", Create).WithName("console_role_news");
        new RoleEditPage().Map(pages, "/roles/{id:guid}/edit", "console_role_edit");
        pages.MapDeletion("/roles/{id:guid}/delete", "console_role_delete", DeletionOf);
    }

    private static async Task<IResult> List(ConsoleRequest request)
    {
        var roles = await request.Api.Roles.List(Listings.Query(request)).Page(request.Aborted);
        var sets = await request.Api.Organization.PermissionSets(request.Aborted);
        Dictionary<string, object> view = new()
        {
            [nameof(RoleListView.Roles)] = roles, [nameof(RoleListView.Sets)] = sets,
        };
        if (request.Query("done") is not null)
        {
            view[nameof(RoleListView.Done)] = "The changes are saved.";
        }

        return request.Show<RoleListView>("Roles", view);
    }

    private static Task<IResult> ShowNew(ConsoleRequest request) => Form(request, new FormState());

    private static async Task<IResult> Create(ConsoleRequest request, ConsoleForm form)
    {
        var state = FormState.Of(form, Fields);
        var resources = await Grants.Read(request, form, state);
        if (state.IsRefused)
        {
            return await Form(request, state);
        }

        try
        {
            await request.Api.Roles.Create(new NewRole
            {
                Name = form.Text("name"),
                Fullname = form.Text("fullname"),
                Description = form.Text("description"),
                PermissionSet = form.Text("permission_set") ?? "viewer",
                Resources = resources,
            }).Send(form.CallKey, request.Aborted);
            return Pages.GoTo(Places.Roles);
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return await Form(request, state.Reject(e));
        }
    }

    private static async Task<IResult> Form(ConsoleRequest request, FormState state) => request.Show<NewRoleView>(
        "New role",
        new()
        {
            [nameof(NewRoleView.State)] = state,
            [nameof(NewRoleView.Sets)] = await request.Api.Organization.PermissionSets(request.Aborted),
        },
        state.Status());

    private static async Task<Deletion> DeletionOf(ConsoleRequest request)
    {
        var id = request.Part("id");
        return new(
            "Roles", (await request.Api.Roles.Get(id, request.Aborted)).Name,
            "Members and tokens that are bound to it lose what it allows, at once.",
            $"{Places.Roles}/{id}/delete", Places.Roles, request.Api.Roles.Delete(id));
    }
}
