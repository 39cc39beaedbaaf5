using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Roles;

/// <summary>Changes a role that the organization made: what it is called, and what it allows.</summary>
internal sealed class RoleEditPage() : EditPage<Role>(
    "role", ["name", "fullname", "description", "permission_set", .. Grants.Fields, RoleEditView.Besides])
{
    private static readonly JsonSerializerOptions Wire = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    protected override Task<Role> Load(ConsoleRequest request) =>
        request.Api.Roles.Get(request.Part("id"), request.Aborted);

    protected override string TagOf(Role role) => MadeFrom.Tag(role);

    protected override FormState Fill(FormState state, Role role) => Grants.Show(state, role.Resources)
        .Set("name", role.Name)
        .Set("fullname", role.Fullname)
        .Set("description", role.Description)
        .Set("permission_set", role.PermissionSet)
        .Set(RoleEditView.Besides, BesidesOf(role));

    protected override async Task<Change<Role, Preview>> ChangeOf(ConsoleRequest request, Role role, Edit edit)
    {
        var patch = MadeFrom.Patch(role);
        edit.Name("name", name => patch.Set("/name", name));
        edit.Text("fullname", fullname => patch.Set("/fullname", fullname ?? ""));
        edit.Text("description", description => patch.Set("/description", description));
        edit.Name("permission_set", set => patch.Set("/permission_set", set));
        if (edit.IsChanged(Grants.Fields))
        {
            var resources = Grants.Merge(await Grants.Read(request, edit.Form, edit.State), role.Resources);
            patch.Set("/resources", resources is null ? null : JsonSerializer.SerializeToNode(resources, Wire));
        }

        return request.Api.Roles.Patch(role.Id, patch);
    }

    protected override string Saved(ConsoleRequest request) => $"{Places.Roles}?done=saved";

    protected override async Task<IResult> View(ConsoleRequest request, Role role, FormState state) =>
        request.Show<RoleEditView>(
            $"Edit {role.Name}",
            new()
            {
                [nameof(RoleEditView.Role)] = role,
                [nameof(RoleEditView.State)] = state,
                [nameof(RoleEditView.Sets)] = await request.Api.Organization.PermissionSets(request.Aborted),
            },
            state.Status());

    /// <summary>What narrows the role and has no field to type into; null where nothing does.</summary>
    private static string? BesidesOf(Role role)
    {
        var environments = (role.Resources?.Accounts?.Environments ?? []).Select(name => $"environment {name}");
        var organizations = (role.Resources?.Organizations?.Ids ?? []).Where(id => id != "*")
            .Select(id => $"organization {id}");
        return string.Join(", ", environments.Concat(organizations)) is { Length: > 0 } text ? text : null;
    }
}
