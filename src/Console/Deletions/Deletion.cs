using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.SignIn;

namespace TokenActors.WebConsole.Deletions;

/// <summary>A thing that may be deleted: its page says what goes with it, its form deletes it.</summary>
/// <param name="Kind">as the list is called, such as <c>Roles</c></param>
/// <param name="Name">of the thing</param>
/// <param name="Effect">what a deletion means, in a sentence</param>
/// <param name="Path">of the form</param>
/// <param name="Back">where one goes on</param>
/// <param name="Change">what is asked of the service</param>
internal sealed record Deletion(
    string Kind, string Name, string Effect, string Path, string Back, Change<Done, Preview> Change)
{
    public async Task<IResult> Show(ConsoleRequest request, FormState? state = null)
    {
        var form = state ?? new FormState();
        Dictionary<string, object> view = new()
        {
            [nameof(DeletionView.Kind)] = Kind,
            [nameof(DeletionView.Name)] = Name,
            [nameof(DeletionView.Effect)] = Effect,
            [nameof(DeletionView.Action)] = Path,
            [nameof(DeletionView.Back)] = Back,
            [nameof(DeletionView.State)] = form,
        };
        try
        {
            view[nameof(DeletionView.Preview)] = await Change.Preview(request.Aborted);
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            view[nameof(DeletionView.Refusal)] = e.Detail;
            view[nameof(DeletionView.IsForbidden)] = e.Status == HttpStatusCode.Forbidden;
        }

        return request.Show<DeletionView>(
            $"Delete {Name}", view, form.IsRefused ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    public async Task<IResult> Send(ConsoleRequest request, ConsoleForm form, Notices notices)
    {
        try
        {
            await Change.Send(form.CallKey, request.Aborted);
            return notices.GoTo(request, Back, $"{Name} is deleted.");
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return await Show(request, FormState.Of(form).Reject(e));
        }
    }
}

/// <summary>
/// The two routes of a deletion. Both ask for the password again, since nothing brings back what goes with it.
/// </summary>
internal static class DeletionRoutes
{
    /// <param name="pages">the console's</param>
    /// <param name="path">of the page and of its form</param>
    /// <param name="name">of the page's route</param>
    /// <param name="deletion">what the path names</param>
    public static void MapDeletion(
        this IEndpointRouteBuilder pages, string path, string name, Func<ConsoleRequest, Task<Deletion>> deletion)
    {
        pages.MapGet(path, async (ConsoleRequest request, Visits visits) =>
        {
            var thing = await deletion(request);
            return visits.AskAgain(request, thing.Path) ?? await thing.Show(request);
        }).WithName(name);
        pages.MapPost(path, async (ConsoleRequest request, ConsoleForm form, Visits visits, Notices notices) =>
        {
            var thing = await deletion(request);
            return visits.AskAgain(request, thing.Path) ?? await thing.Send(request, form, notices);
        }).WithName(name + "s");
    }
}
