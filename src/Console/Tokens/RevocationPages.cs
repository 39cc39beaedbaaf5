using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.SignIn;

namespace TokenActors.WebConsole.Tokens;

/// <summary>
/// Revokes many tokens: the service chooses them and says what that means, the person looks, and exactly those are
/// revoked by a job whose page shows how far it is.
/// </summary>
internal static class RevocationPages
{
    public static void MapRevocation(this IEndpointRouteBuilder pages)
    {
        pages.MapPost("/tokens/revoke", Choose).WithName("console_revoke_choice");
        pages.MapPost("/tokens/revoke/start", Start).WithName("console_revoke_start");
        pages.MapGet("/jobs/{id:guid}", Show).WithName("console_job");
        pages.MapPost("/jobs/{id:guid}/stop", Stop).WithName("console_job_stops");
    }

    private static async Task<IResult> Choose(ConsoleRequest request, ConsoleForm form, Visits visits)
    {
        var filters = form.Has("all") ? form.All("condition") : Chosen(form.All("id"));
        if (filters.Count == 0)
        {
            return Pages.GoTo(Places.Tokens);
        }

        var back = form.Text("return") ?? Places.Tokens;
        return visits.AskAgain(request, form.Has("all") ? back : TokenListing.WithChosen(back, form.All("id")))
            ?? await Plan(request, filters, new FormState());
    }

    private static async Task<IResult> Start(ConsoleRequest request, ConsoleForm form, Visits visits)
    {
        if (visits.AskAgain(request, Places.Tokens) is { } elsewhere)
        {
            return elsewhere;
        }

        var state = FormState.Of(form, "condition", "plan");
        try
        {
            var job = await request.Api.Tokens.Revoke(form.Text("plan") ?? "").Send(form.CallKey, request.Aborted);
            return Pages.GoTo($"{Places.Jobs}/{job.Id}");
        }
        catch (TokenActorsException e) when (e.Status != System.Net.HttpStatusCode.Unauthorized)
        {
            return await Plan(request, form.All("condition"), state.Reject(e));
        }
    }

    private static async Task<IResult> Plan(ConsoleRequest request, IReadOnlyList<string> filters, FormState state)
    {
        var plan = await request.Api.Tokens.RevokeMany(filters).Preview(request.Aborted);
        state.Set("condition", filters).Set("plan", plan.Id);
        var shown = await request.Api.Tokens.List(new ListQuery { Filters = filters, Limit = 20 }).Page(request.Aborted);
        return request.Show<RevocationView>("Revoke tokens", new()
        {
            [nameof(RevocationView.Plan)] = plan,
            [nameof(RevocationView.State)] = state,
            [nameof(RevocationView.Tokens)] = shown,
        });
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var job = await request.Api.Jobs.Get(id, request.Aborted);
        return request.Show<JobView>("Revocation", new() { [nameof(JobView.Job)] = job });
    }

    private static async Task<IResult> Stop(ConsoleRequest request, string id, ConsoleForm form)
    {
        await request.Api.Jobs.Stop(id).Send(form.CallKey, request.Aborted);
        return Pages.GoTo($"{Places.Jobs}/{id}");
    }

    private static IReadOnlyList<string> Chosen(IReadOnlyList<string> ids) =>
        ids.Count == 0 ? [] : [$"id[in]{string.Join(',', ids)}"];
}
