using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace TokenActors.WebConsole.Http;

/// <summary>The page that signs in, for somebody whose form came after the session was over.</summary>
internal interface ISignInPage
{
    IResult Ask(ConsoleRequest request, KeptForm kept);

    /// <summary>Leads somebody who has signed in back to the form.</summary>
    IResult Lead(ConsoleRequest request, KeptForm kept);
}

/// <summary>
/// Brings what was typed back into its form, where the session of the form was over. The form is shown to be looked
/// through, and never sent on.
/// </summary>
internal sealed class FormReturn(
    KeptForms kept, EndpointDataSource endpoints, IOptions<AntiforgeryOptions> antiforgery, ISignInPage signIn)
{
    /// <summary>
    /// What was typed into the form of a request, for its page; null where another site may have sent it, whose form
    /// has neither our cookie nor a key.
    /// </summary>
    public async Task<KeptForm?> Keep(HttpContext http)
    {
        if (await FormOf(http) is not { } form)
        {
            return null;
        }

        if (kept.Open(form.Text(KeptForm.Field)) is { } before)
        {
            return before;
        }

        var place = http.Request.Path.Value ?? ConsoleOptions.Path;
        return form.Has(ConsoleForm.TokenField)
            ? PageOf(http) is null ? new KeptForm(Referer(http.Request), []) : form.Keep(place)
            : null;
    }

    /// <summary>What comes back from the page that signs in; null where it is none of this page.</summary>
    public async Task<KeptForm?> Returned(HttpContext http) =>
        await FormOf(http) is { } form && kept.Open(form.Text(KeptForm.Field)) is { } returned
            && returned.Place == http.Request.Path.Value && PageOf(http) is not null
            ? returned
            : null;

    public IResult SignIn(ConsoleRequest request, KeptForm typed) => signIn.Ask(request, typed);

    /// <summary>Shows the page of a form with what was typed in it.</summary>
    public async Task<IResult> Show(ConsoleRequest request, KeptForm typed)
    {
        var http = request.Http;
        if (typed.Place != http.Request.Path.Value)
        {
            return signIn.Lead(request, typed);
        }

        if (PageOf(http) is not { RequestDelegate: { } page } endpoint)
        {
            return Pages.GoTo(Pages.PlaceOf(typed.Place));
        }

        request.Kept = typed;
        http.Request.Method = HttpMethods.Get;
        http.SetEndpoint(endpoint);
        await page(http);
        return Results.Empty;
    }

    /// <summary>The page that a form stands on.</summary>
    public static string Referer(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page)
            ? Pages.PlaceOf(page.PathAndQuery)
            : ConsoleOptions.Path;

    private async Task<ConsoleForm?> FormOf(HttpContext http) =>
        antiforgery.Value.Cookie.Name is { } cookie && http.Request.Cookies.ContainsKey(cookie)
            ? await ConsoleForm.BindAsync(http)
            : null;

    /// <summary>The page at the address of a form; null for a form that stands on another.</summary>
    private RouteEndpoint? PageOf(HttpContext http) => http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } path }
        ? endpoints.Endpoints.OfType<RouteEndpoint>().FirstOrDefault(endpoint => endpoint.RoutePattern.RawText == path
            && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true)
        : null;
}
