using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace TokenActors.WebConsole.Tests;

/// <summary>A browser without script: it keeps cookies, follows answers of forms, and sends the forms of its
/// page.</summary>
public sealed class Visitor : IDisposable
{
    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();

    public Visitor(Uri service)
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = false }) { BaseAddress = service };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Visitor/1.0");
    }

    /// <summary>The page that is looked at.</summary>
    public IHtmlDocument Page { get; private set; } = new HtmlParser().ParseDocument("");

    public HttpStatusCode Status { get; private set; }

    public string Path { get; private set; } = "";

    public string Body { get; private set; } = "";

    public Dictionary<string, string> Headers { get; private set; } = [];

    /// <summary>Every cookie that an answer has set, as it was written.</summary>
    public List<string> SetCookies { get; } = [];

    /// <summary>A copy with the same cookies, as a second tab.</summary>
    public Visitor Tab()
    {
        var tab = new Visitor(_http.BaseAddress!);
        tab._cookies.Add(_cookies.GetAllCookies());
        return tab;
    }

    public IEnumerable<Cookie> Cookies => _cookies.GetAllCookies();

    /// <summary>Takes a cookie over.</summary>
    public void Keep(Cookie cookie) => _cookies.Add(cookie);

    public string Text => Page.Body?.TextContent ?? "";

    /// <summary>The same, as it is read: with one blank where the markup has several, or lines.</summary>
    public string Words => string.Join(' ', Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Asks for a page with a header.</summary>
    public Task<Visitor> Get(string path, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        return Send(request);
    }

    public Task<Visitor> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Fills in a form of the page and sends it.</summary>
    /// <param name="action">how the form's address ends</param>
    /// <param name="fields">what is typed; null leaves a field out</param>
    public Task<Visitor> Submit(string action, params (string Name, string? Value)[] fields) =>
        Send(Form(action, fields));

    /// <summary>The request that a form would make.</summary>
    public HttpRequestMessage Form(string action, params (string Name, string? Value)[] fields)
    {
        var form = Page.QuerySelectorAll<IHtmlFormElement>("form[method=post]")
            .FirstOrDefault(f => (f.GetAttribute("action") ?? "").EndsWith(action, StringComparison.Ordinal)
                && fields.All(field => field.Value is null || field.Name is "back" or "all" or "id"
                    || f.QuerySelector($"[name='{field.Name}']") is not null))
            ?? throw new InvalidOperationException($"no form {action} on {Path}: {Text}");
        List<KeyValuePair<string, string>> values = [.. form.QuerySelectorAll("input,select,textarea").SelectMany(ValuesOf)];
        foreach (var (name, value) in fields)
        {
            values.RemoveAll(field => field.Key == name);
            if (value is not null)
            {
                values.Add(new(name, value));
            }
        }

        return new HttpRequestMessage(HttpMethod.Post, form.GetAttribute("action")) { Content = new FormUrlEncodedContent(values) };
    }

    public async Task<Visitor> Send(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request);
        SetCookies.AddRange(answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : []);
        Path = request.RequestUri is { IsAbsoluteUri: true } whole
            ? whole.PathAndQuery
            : request.RequestUri?.ToString() ?? "";
        (Status, Body) = (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        Headers = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase);
        Page = new HtmlParser().ParseDocument(Body);
        return answer switch
        {
            { StatusCode: HttpStatusCode.SeeOther, Headers.Location: { } next } => await Get(next.ToString()),
            { StatusCode: HttpStatusCode.TemporaryRedirect, Headers.Location: { } next } => await Send(new HttpRequestMessage(request.Method, next)
            {
                Content = new StringContent(
                    await (request.Content?.ReadAsStringAsync() ?? Task.FromResult("")),
                    new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
            }),
            _ => this,
        };
    }

    public async Task<Visitor> SignIn(string organization, string name, string password)
    {
        await Get("/console/sign-in");
        await Submit("/sign-in", ("organization", organization), ("name", name), ("password", password));
        Assert.DoesNotContain("sign-in", Path);
        return this;
    }

    /// <summary>What is said beside a field.</summary>
    public string? ErrorOf(string field) => Page.QuerySelector($"#f-{field}-error")?.TextContent;

    /// <summary>What is said beside a field of somebody else's change.</summary>
    public string? Beside(string field) => Page.QuerySelector($"#f-{field}-meanwhile")?.TextContent;

    public string? ValueOf(string field) => (Page.QuerySelector($"#f-{field}") as IHtmlInputElement)?.Value;

    public void Dispose() => _http.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> ValuesOf(IElement element) => element switch
    {
        IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } => [],
        IHtmlInputElement { Name: { } name } input => [new(name, input.Value)],
        IHtmlSelectElement { Name: { } name } select => [new(name, select.Value ?? "")],
        IHtmlTextAreaElement { Name: { } name } text => [new(name, text.Value)],
        _ => [],
    };
}
