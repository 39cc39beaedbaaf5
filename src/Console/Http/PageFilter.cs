using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.WebConsole.Keys;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.Permissions;
using TokenActors.WebConsole.Sessions;

namespace TokenActors.WebConsole.Http;

/// <summary>A page that somebody may see who is not signed in.</summary>
internal sealed class OpenPage;

/// <summary>
/// What holds for every page: its headers, who asks, that a form is the console's own, and that what the service
/// refused is shown as a page.
/// </summary>
internal sealed class PageFilter(
    KeyRefresh keys, IAntiforgery antiforgery, ConsoleClients clients, RightsReader rights, FormReturn forms,
    Notices notices, TimeProvider time)
    : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var request = ConsoleRequest.Of(http);
        PageHeaders.Set(http.Response.Headers);
        if (!await keys.AreThere(http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "1";
            return request.Show<NotReadyView>("Not ready", status: StatusCodes.Status503ServiceUnavailable);
        }

        request.Now = time.GetUtcNow();
        request.Session = await SessionOf(http);
        request.Api = clients.For(http, request.Session?.Access);
        if (await Elsewhere(request) is { } elsewhere)
        {
            return elsewhere;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && await Unsent(request) is { } unsent)
        {
            return unsent;
        }

        request.FormToken = antiforgery.GetAndStoreTokens(http).RequestToken;
        if (HttpMethods.IsGet(http.Request.Method) && !LivePart.Is(http.Request))
        {
            request.Notice = notices.Take(http);
        }

        try
        {
            if (request.Session is { MustChangePassword: false, TokenId: { } token } session)
            {
                request.Rights = await rights.Of(request.Api, token, session.Roles, request.Aborted);
            }

            return await next(context);
        }
        catch (TokenActorsException e)
        {
            return Failure(request, e);
        }
    }

    private static async Task<ConsoleSession?> SessionOf(HttpContext http)
    {
        var signedIn = await http.AuthenticateAsync(ConsoleSession.Scheme);
        if (signedIn is not { Succeeded: true, Properties: { } properties })
        {
            return null;
        }

        http.User = signedIn.Principal;
        return ConsoleSession.From(properties);
    }

    /// <summary>Where who asks has to go first; null where they may go on.</summary>
    private async Task<IResult?> Elsewhere(ConsoleRequest request)
    {
        var metadata = request.Http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<OpenPage>() is not null)
        {
            return null;
        }

        return request.Session switch
        {
            null when HttpMethods.IsGet(request.Http.Request.Method)
                && FetchSite(request.Http.Request) == "cross-site" =>
                new OnceMore(request.Here),
            null when !HttpMethods.IsGet(request.Http.Request.Method) && !IsFromElsewhere(request.Http.Request)
                && await forms.Keep(request.Http) is { } kept => AskFor(request, kept),
            null => Pages.GoTo(SignInFor(request)),
            { MustChangePassword: true } when request.Http.Request.Path != Places.ChangePassword =>
                Pages.GoTo(Places.ChangePassword),
            _ => null,
        };
    }

    private IResult AskFor(ConsoleRequest request, KeptForm kept)
    {
        request.FormToken = antiforgery.GetAndStoreTokens(request.Http).RequestToken;
        return forms.SignIn(request, kept);
    }

    /// <summary>
    /// What is answered to a form that is not carried out: another site's, or one of a session that is over. Null where
    /// it is this session's.
    /// </summary>
    private async Task<IResult?> Unsent(ConsoleRequest request)
    {
        var http = request.Http;
        if (!IsFromElsewhere(http.Request))
        {
            if (request.Session is not null && await forms.Returned(http) is { } returned)
            {
                return await forms.Show(request, returned);
            }

            if (await antiforgery.IsRequestValidAsync(http))
            {
                return null;
            }

            if (request.Session is not null && await forms.Keep(http) is { Fields.Count: > 0 } kept)
            {
                request.FormToken = antiforgery.GetAndStoreTokens(http).RequestToken;
                return await forms.Show(request, kept);
            }
        }

        return request.Show<StaleFormView>("Send it again", status: StatusCodes.Status400BadRequest);
    }

    /// <summary>A form's answer cannot be fetched, so its page is where one comes back to.</summary>
    private static string SignInFor(ConsoleRequest request)
    {
        var back = HttpMethods.IsGet(request.Http.Request.Method)
            ? request.Here
            : FormReturn.Referer(request.Http.Request);
        return back == ConsoleOptions.Path
            ? Places.SignIn
            : Pages.Leading(Places.SignIn, back);
    }

    private static string FetchSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString();

    /// <summary>Browsers say which site a form stood on; what says nothing is no browser of today.</summary>
    private static bool IsFromElsewhere(HttpRequest request) =>
        FetchSite(request) is not ("" or "same-origin" or "none");

    private static IResult Failure(ConsoleRequest request, TokenActorsException problem)
    {
        if (problem.Status == System.Net.HttpStatusCode.Unauthorized && LivePart.Is(request.Http.Request))
        {
            return Results.Unauthorized();
        }

        if (problem.Status == System.Net.HttpStatusCode.Unauthorized && request.Session is not null)
        {
            return new SessionOver(SignInFor(request));
        }

        var status = problem is OutcomeUnknownException ? null : (int?)problem.Status;
        return request.Show<FailureView>(
            "It did not work", new() { [nameof(FailureView.Problem)] = problem },
            status ?? StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>
    /// A link on another site brings no cookie of ours along. The same link from a page of our own does.
    /// </summary>
    private sealed class OnceMore(string here) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var address = HtmlEncoder.Default.Encode(here);
            return Results.Text(
                $"<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={address}\">"
                + $"<title>TokenActors</title><a href=\"{address}\">Go on</a></html>",
                "text/html; charset=utf-8").ExecuteAsync(httpContext);
        }
    }

    /// <summary>A form is sent once more, without the session, to be answered as one whose session is over.</summary>
    private sealed class SessionOver(string signIn) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await httpContext.SignOutAsync(ConsoleSession.Scheme);
            if (!HttpMethods.IsGet(httpContext.Request.Method))
            {
                httpContext.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                httpContext.Response.Headers.Location = ConsoleRequest.Of(httpContext).Here;
                return;
            }

            await Pages.GoTo(signIn).ExecuteAsync(httpContext);
        }
    }
}
