using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.SignIn;

namespace TokenActors.WebConsole.Me;

/// <summary>Who is signed in, and their password.</summary>
internal static class MePages
{
    private const string Old = "old_secret";
    private const string New = "new_secret";
    private const string Again = "again";

    public static void MapMe(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/me", Show).WithName("console_me");
        pages.MapGet("/change-password", ShowPassword).WithName("console_password");
        pages.MapPost("/change-password", ChangePassword).WithName("console_password_changes");
    }

    private static async Task<IResult> Show(ConsoleRequest request)
    {
        Dictionary<string, object> view = [];
        if ((await PageParts.Try(request.Api.Session.Identity(request.Aborted))).Value is { } identity)
        {
            view[nameof(MeView.Identity)] = identity;
        }

        if (request.Query("done") is not null)
        {
            view[nameof(MeView.Done)] = "The password is changed. Other sessions of yours are over.";
        }

        return request.Show<MeView>("Me", view);
    }

    private static IResult ShowPassword(ConsoleRequest request) => Form(request, new FormState());

    private static async Task<IResult> ChangePassword(ConsoleRequest request, ConsoleForm form, Visits visits)
    {
        var state = FormState.Of(form, "revoke_tokens").Set(Old).Set(New).Set(Again);
        foreach (var field in (string[])[Old, New])
        {
            if (form.Exact(field) is null)
            {
                state.Reject(field, "It is needed.");
            }
        }

        if (form.Exact(Again) != form.Exact(New))
        {
            state.Reject(Again, "It is not the same.");
        }

        if (state.IsRefused || form.Exact(Old) is not { } old || form.Exact(New) is not { } changed)
        {
            return Form(request, state);
        }

        try
        {
            await request.Api.Session.ChangePassword(
                new Secret(old), new Secret(changed), form.Has("revoke_tokens"), request.Aborted);
        }
        catch (TokenActorsException e) when (e.Status == System.Net.HttpStatusCode.Unauthorized)
        {
            return Form(request, state.Reject(Old, "That is not your password."));
        }
        catch (TokenActorsException e)
        {
            return Form(request, state.Reject(e));
        }

        return await SignedInAnew(request, visits, changed);
    }

    /// <summary>
    /// The change has ended this session with the others. It is done, also where nobody can be signed in now: then the
    /// page that signs in says so.
    /// </summary>
    private static async Task<IResult> SignedInAnew(ConsoleRequest request, Visits visits, string password)
    {
        if (request.Session is { Organization: { } organization, Member: { } member } session)
        {
            try
            {
                await visits.SignIn(request, organization, member, password, session.BeganAt);
                return Pages.GoTo(session.MustChangePassword ? ConsoleOptions.Path : $"{Places.Me}?done=password");
            }
            catch (TokenActorsException)
            {
                // Too many log-ons, say, or a service that is away: the new password is good later.
            }
        }

        await visits.SignOut(request);
        return Pages.GoTo($"{Places.SignIn}?done=password");
    }

    private static IResult Form(ConsoleRequest request, FormState state) => request.Show<PasswordView>(
        "Change password", new() { [nameof(PasswordView.State)] = state },
        state.Status());
}
