using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.SignIn;

namespace TokenActors.WebConsole.Members;

/// <summary>A change of a member's state: its page says what it would do, its form does it.</summary>
internal static class MemberCommandPages
{
    /// <summary>The state of the member when the form was made.</summary>
    private const string Before = "state_before";

    public static void MapMemberCommands(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/members/{id:guid}/{command}", Show).WithName("console_member_command");
        pages.MapPost("/members/{id:guid}/{command}", Send).WithName("console_member_commands");
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id, string command, Visits visits)
    {
        if (MemberCommand.Find(command) is not { } found)
        {
            return Results.NotFound();
        }

        return Elsewhere(request, id, found, visits)
            ?? await Form(request, await request.Api.Members.Get(id, request.Aborted), found, new FormState());
    }

    private static async Task<IResult> Send(
        ConsoleRequest request, string id, string command, ConsoleForm form, Visits visits, Notices notices)
    {
        if (MemberCommand.Find(command) is not { } found)
        {
            return Results.NotFound();
        }

        if (Elsewhere(request, id, found, visits) is { } elsewhere)
        {
            return elsewhere;
        }

        var member = await request.Api.Members.Get(id, request.Aborted);
        if (member.State != found.State)
        {
            var state = FormState.Of(form);
            if (form.Text(Before) != member.State)
            {
                var was = form.Text(Before) is { } before ? $"it was {before}, and is" : "it is";
                return await Form(request, member, found, state.Reject(
                    $"Somebody else may have changed the member meanwhile: {was} {member.State} now. "
                    + "Look again, and send it again."));
            }

            try
            {
                await ChangeOf(request, member, found).Send(form.CallKey, request.Aborted);
            }
            catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
            {
                return await Form(request, member, found, state.Reject(e));
            }
        }

        // A form that is sent twice finds the member so already.
        return notices.GoTo(request, $"{Places.Members}/{id}", $"{member.Name} {found.Said}.");
    }

    private static async Task<IResult> Form(
        ConsoleRequest request, Member member, MemberCommand command, FormState state)
    {
        Dictionary<string, object> view = new()
        {
            [nameof(MemberCommandView.Member)] = member,
            [nameof(MemberCommandView.Command)] = command,
            [nameof(MemberCommandView.State)] = state.Carry(Before, member.State),
        };
        try
        {
            view[nameof(MemberCommandView.Preview)] = await ChangeOf(request, member, command).Preview(request.Aborted);
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            view[nameof(MemberCommandView.Refusal)] = e.Detail;
            view[nameof(MemberCommandView.IsForbidden)] = e.Status == HttpStatusCode.Forbidden;
        }

        return request.Show<MemberCommandView>($"{command.Title} {member.Name}", view, state.Status());
    }

    private static IResult? Elsewhere(ConsoleRequest request, string id, MemberCommand command, Visits visits) =>
        command.NeedsProof ? visits.AskAgain(request, $"{Places.Members}/{id}/{command.Name}") : null;

    private static Change<Member, Preview> ChangeOf(ConsoleRequest request, Member member, MemberCommand command) =>
        request.Api.Members.Patch(
            member.Id, new JsonPatch().Test("/state", member.State).Set("/state", command.State));
}
