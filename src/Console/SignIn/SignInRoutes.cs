using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.Sessions;

namespace TokenActors.WebConsole.SignIn;

/// <summary>Signing in and out, proving oneself again, and the theme.</summary>
internal static class SignInRoutes
{
    private const string Organization = "organization";
    private const string Name = "name";
    private const string Password = "password";
    private const string PastedSecret = "secret";
    public const string Return = "return";
    private const string NotTogether = "Organization, name and password do not belong together.";

    public static void MapSignIn(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/sign-in", Show).WithMetadata(new OpenPage()).WithName("console_sign_in");
        pages.MapPost("/sign-in", SignIn).WithMetadata(new OpenPage()).WithName("console_signs_in");
        pages.MapPost("/sign-out", SignOut).WithMetadata(new OpenPage()).WithName("console_signs_out");
        pages.MapGet("/confirm", ShowConfirm).WithName("console_confirm");
        pages.MapPost("/confirm", Confirm).WithName("console_confirms");
        pages.MapPost("/theme", ChooseTheme).WithMetadata(new OpenPage()).WithName("console_theme");
    }

    private static IResult Show(ConsoleRequest request) => request.Session is not null
        ? Pages.GoTo(Pages.PlaceOf(request.Query(Return)))
        : Form(request, new FormState().Set(Return, request.Query(Return)).Set(
            Organization, request.Query(Organization)));

    private static async Task<IResult> SignIn(
        ConsoleRequest request, ConsoleForm form, Visits visits, SignInPage page)
    {
        var state = FormState.Of(form, Organization, Name, Return);
        if (form.Text(KeptForm.Field) is { } kept)
        {
            state.Carry(KeptForm.Field, kept);
        }

        if (!ConsoleCookies.MayCarry(request.Http.Request))
        {
            state.Reject(
                "The console signs in over HTTPS, or on this machine, only. Behind a proxy that ends TLS, "
                + "TokenActors:ForwardedHeaders:KnownProxies has to name it.");
        }
        else if (form.Exact(PastedSecret) is { } secret)
        {
            if (TokenIds.Of(secret.Trim()) is null)
            {
                return Form(
                    request, state.Reject(PastedSecret, "The secret is not accepted: it has not the form of one."));
            }

            await Try(state, PastedSecret, () => visits.SignIn(request, secret.Trim()));
        }
        else if (Credentials(state, form) is var (organization, name, password))
        {
            await Try(state, Password, () => visits.SignIn(request, organization, name, password));
        }

        return state.IsRefused ? Form(request, state) : page.GoOn(request, form);
    }

    private static async Task<IResult> SignOut(ConsoleRequest request, Visits visits, Notices notices)
    {
        var said = await Leaving.Words(request);
        var isOver = await visits.SignOut(request);
        return notices.GoTo(request, Places.SignIn, isOver ? said : Leaving.HereOnly);
    }

    private static IResult ShowConfirm(ConsoleRequest request) =>
        ConfirmForm(request, new FormState().Set(Return, request.Query(Return)));

    private static async Task<IResult> Confirm(ConsoleRequest request, ConsoleForm form, Visits visits)
    {
        var state = FormState.Of(form, Return);
        var session = request.Session ?? throw new InvalidOperationException("nobody is signed in");
        if (form.Exact(Password) is not { } given)
        {
            state.Reject(Password, "It is needed.");
        }
        else if (session is { Organization: { } organization, Member: { } member })
        {
            await Try(state, Password, () => visits.Prove(request, session, organization, member, given));
        }
        else if (given.Trim() != session.Access)
        {
            state.Reject(Password, "That is not the secret that this session was opened with.");
        }
        else
        {
            await Try(state, Password, () => visits.SignIn(request, session.Access, session.BeganAt));
        }

        return state.IsRefused ? ConfirmForm(request, state) : Pages.GoTo(Pages.PlaceOf(form.Text(Return)));
    }

    private static IResult ChooseTheme(ConsoleRequest request, ConsoleForm form)
    {
        request.Choose(form.Text("theme"));
        return Pages.GoTo(Pages.PlaceOf(form.Text(Return)));
    }

    private static (string Organization, string Name, string Password)? Credentials(FormState state, ConsoleForm form)
    {
        foreach (var field in (string[])[Organization, Name, Password])
        {
            if (form.Exact(field) is null)
            {
                state.Reject(field, "It is needed.");
            }
        }

        // No organization is called by blanks or by dots, which an address folds.
        var organization = form.Text(Organization) ?? "";
        if (!state.IsRefused && organization is "" or "." or "..")
        {
            state.Reject(Password, NotTogether);
        }

        return state.IsRefused ? null : (organization, form.Text(Name) ?? "", form.Exact(Password) ?? "");
    }

    private static async Task Try(FormState state, string field, Func<Task> signIn)
    {
        try
        {
            await signIn();
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            state.Reject(field, field == PastedSecret
                ? "The secret is not accepted: it is wrong, has ended or was revoked."
                : NotTogether);
        }
        catch (TokenActorsException e)
        {
            state.Reject(e.RetryAfter is { } wait ? $"{e.Detail} Try again in {Math.Ceiling(wait.TotalSeconds)} seconds." : e.Detail);
        }
    }

    private static IResult Form(ConsoleRequest request, FormState state) => request.Show<SignInView>(
        "Sign in", new() { [nameof(SignInView.State)] = state }, StatusOf(state));

    private static IResult ConfirmForm(ConsoleRequest request, FormState state) => request.Show<ConfirmView>(
        "Confirm that it is you", new() { [nameof(ConfirmView.State)] = state }, StatusOf(state));

    private static int StatusOf(FormState state) =>
        state.Status();
}
