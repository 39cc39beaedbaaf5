using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.WebConsole.Keys;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.Sessions;

namespace TokenActors.WebConsole.Http;

/// <summary>A page that somebody may see who is not signed in.</summary>
internal sealed class OpenPage;

/// <summary>
/// What holds for every page: its headers, who asks, that a form is the console's own, and that what the service refused
/// is shown as a page.
/// </summary>
internal sealed class PageFilter(KeyRefresh keys, IAntiforgery antiforgery, ConsoleClients clients, TimeProvider time)
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
        if (Elsewhere(request) is { } elsewhere)
        {
            return elsewhere;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !await antiforgery.IsRequestValidAsync(http))
        {
            return request.Show<StaleFormView>("Send it again", status: StatusCodes.Status400BadRequest);
        }

        request.FormToken = antiforgery.GetAndStoreTokens(http).RequestToken;
        try
        {
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
    private static IResult? Elsewhere(ConsoleRequest request)
    {
        var metadata = request.Http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<OpenPage>() is not null)
        {
            return null;
        }

        return request.Session switch
        {
            null => Pages.GoTo(SignInFor(request)),
            { MustChangePassword: true } when request.Http.Request.Path != Places.ChangePassword =>
                Pages.GoTo(Places.ChangePassword),
            _ => null,
        };
    }

    /// <summary>A form's answer cannot be fetched, so its page is where one comes back to.</summary>
    private static string SignInFor(ConsoleRequest request)
    {
        var back = HttpMethods.IsGet(request.Http.Request.Method) ? request.Here : request.Http.Request.Path.ToString();
        return back == ConsoleOptions.Path
            ? Places.SignIn
            : $"{Places.SignIn}?return={Uri.EscapeDataString(back)}";
    }

    private static IResult Failure(ConsoleRequest request, TokenActorsException problem)
    {
        if (problem.Status == System.Net.HttpStatusCode.Unauthorized && request.Session is not null)
        {
            return new SessionOver(SignInFor(request));
        }

        var status = problem is OutcomeUnknownException ? null : (int?)problem.Status;
        return request.Show<FailureView>(
            "It did not work", new() { [nameof(FailureView.Problem)] = problem },
            status ?? StatusCodes.Status503ServiceUnavailable);
    }

    private sealed class SessionOver(string signIn) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await httpContext.SignOutAsync(ConsoleSession.Scheme);
            await Pages.GoTo(signIn).ExecuteAsync(httpContext);
        }
    }
}
