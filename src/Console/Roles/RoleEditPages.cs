using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Roles;

/// <summary>Changes a role that the organization made: what it is called, and what it allows.</summary>
internal static class RoleEditPages
{
    private static readonly string[] Fields = ["name", "fullname", "description", "permission_set", .. Grants.Fields];
    private static readonly JsonSerializerOptions Wire = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void MapRoleEditing(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/roles/{id:guid}/edit", Show).WithName("console_role_edit");
        pages.MapPost("/roles/{id:guid}/edit", Save).WithName("console_role_edits");
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var role = await request.Api.Roles.Get(id, request.Aborted);
        return await Form(request, role, StateOf(role));
    }

    private static async Task<IResult> Save(ConsoleRequest request, string id, ConsoleForm form)
    {
        var state = FormState.Of(form, [.. Fields, MadeFrom.Field]);
        var role = await request.Api.Roles.Get(id, request.Aborted);
        var resources = await Grants.Read(request, form, state);
        if (state.IsRefused)
        {
            return await Form(request, role, state);
        }

        try
        {
            if (form.IsMadeOf(role.UpdatedAt))
            {
                await request.Api.Roles.Patch(id, PatchOf(form, role, Grants.Merge(resources, role.Resources)))
                    .Send(form.CallKey, request.Aborted);
                return Pages.GoTo($"{Places.Roles}?done=saved");
            }
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            role = await request.Api.Roles.Get(id, request.Aborted);
            if (form.IsMadeOf(role.UpdatedAt))
            {
                return await Form(request, role, state.Reject(e));
            }
        }

        return MadeFrom.IsAlready(state, StateOf(role), Fields)
            ? Pages.GoTo($"{Places.Roles}?done=saved")
            : await Form(request, role, state.MadeOf(role.UpdatedAt).Reject(
                $"Somebody else changed the role meanwhile. Now it allows {role.PermissionSet}, and is called "
                + $"\"{role.Fullname}\": {role.Description}. What you typed is kept: save again to put it in its place."));
    }

    private static JsonPatch PatchOf(ConsoleForm form, Role role, TokenActors.Client.Tokens.Resources? resources) =>
        MadeFrom.Patch(role.UpdatedAt)
            .Set("/name", form.Text("name") ?? role.Name)
            .Set("/fullname", form.Text("fullname") ?? "")
            .Set("/description", form.Text("description"))
            .Set("/permission_set", form.Text("permission_set") ?? role.PermissionSet)
            .Set("/resources", resources is null ? null : JsonSerializer.SerializeToNode(resources, Wire));

    private static FormState StateOf(Role role) => Grants.Show(new FormState(), role.Resources)
        .Set("name", role.Name)
        .Set("fullname", role.Fullname)
        .Set("description", role.Description)
        .Set("permission_set", role.PermissionSet)
        .MadeOf(role.UpdatedAt);

    private static async Task<IResult> Form(ConsoleRequest request, Role role, FormState state) =>
        request.Show<RoleEditView>(
            $"Edit {role.Name}",
            new()
            {
                [nameof(RoleEditView.Role)] = role,
                [nameof(RoleEditView.State)] = state,
                [nameof(RoleEditView.Sets)] = await request.Api.Organization.PermissionSets(request.Aborted),
            },
            state.Status());
}
