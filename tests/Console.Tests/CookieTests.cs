using System.Net;
using AngleSharp.Html.Parser;

namespace TokenActors.WebConsole.Tests;

/// <summary>Which cookies a browser is given behind a proxy that ends TLS, and where none is given.</summary>
public sealed class CookieTests : IClassFixture<CookieTests.Behind>, IDisposable
{
    private const string Name = "console.example.com";

    private readonly Behind _service;
    private readonly HttpClient _browser;

    /// <summary>The proxy is on this machine.</summary>
    public sealed class Behind : Service
    {
        protected override string[] Settings => ["--TokenActors:ForwardedHeaders:KnownProxies:0", "127.0.0.1"];
    }

    public CookieTests(Behind service)
    {
        _service = service;
        _browser = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = service.Http.BaseAddress };
    }

    public void Dispose() => _browser.Dispose();

    /// <summary>A name with this prefix is taken by a browser only over TLS, for one host and the whole of it.</summary>
    [Fact]
    public async Task A_session_over_TLS_is_in_a_cookie_that_is_bound_to_its_host()
    {
        var (answer, cookies) = await SignIn("https", "198.51.100.7");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var session = Assert.Single(cookies, cookie => cookie.Contains("ta-console-", StringComparison.Ordinal));
        Assert.StartsWith("__Host-ta-console-", session, StringComparison.Ordinal);
        var attributes = session.Split("; ")[1..].Select(attribute => attribute.ToLowerInvariant()).ToList();
        Assert.All(
            (string[])["path=/", "secure", "samesite=strict", "httponly"],
            attribute => Assert.Contains(attribute, attributes));
        Assert.DoesNotContain(attributes, attribute => attribute.StartsWith("domain=", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, (await Page("/console/me", "https", session)).StatusCode);
        Assert.Equal(
            HttpStatusCode.SeeOther,
            (await Page("/console/me", "http", session["__Host-".Length..])).StatusCode);
    }

    /// <summary>Every cookie of the pages is for this site alone, and over TLS goes over nothing else.</summary>
    [Fact]
    public async Task No_cookie_goes_with_a_request_of_another_site()
    {
        var (_, cookies) = await SignIn("https", "198.51.100.7");
        var form = SetBy(await Page("/console/sign-in", "https"));
        Assert.NotEmpty(form);
        Assert.All(cookies.Concat(form), cookie =>
        {
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("http", "198.51.100.7", Name)]
    [InlineData("http", null, Name)]
    [InlineData("http", "198.51.100.7", "localhost")]
    public async Task Nobody_signs_in_over_plain_HTTP_from_elsewhere(string scheme, string? from, string host)
    {
        var (answer, cookies) = await SignIn(scheme, from, host);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("over HTTPS", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(cookies, cookie => cookie.Contains("ta-console-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_this_machine_a_session_needs_no_TLS()
    {
        var (answer, cookies) = await SignIn("http", null, "localhost");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Contains(cookies, cookie => cookie.StartsWith("ta-console-", StringComparison.Ordinal));
    }

    private async Task<(HttpResponseMessage Answer, List<string> Cookies)> SignIn(
        string scheme, string? from, string host = Name)
    {
        var page = await Page("/console/sign-in", scheme, from: from, host: host);
        var form = new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync())
            .QuerySelector("form:has([name=secret])") ?? throw new InvalidOperationException("no form");
        var fields = form.QuerySelectorAll("input[type=hidden]").ToDictionary(
            input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");
        fields["secret"] = _service.Admin;
        var request = Request(HttpMethod.Post, "/console/sign-in", scheme, from, host);
        request.Headers.Add("Cookie", SetBy(page).Select(cookie => cookie.Split(';')[0]));
        request.Content = new FormUrlEncodedContent(fields);
        var answer = await _browser.SendAsync(request);
        return (answer, SetBy(answer));
    }

    private Task<HttpResponseMessage> Page(
        string path, string scheme, string? cookie = null, string? from = "198.51.100.7", string host = Name)
    {
        var request = Request(HttpMethod.Get, path, scheme, from, host);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
        }

        return _browser.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string scheme, string? from, string host)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Host = host } };
        request.Headers.Add("X-Forwarded-Proto", scheme);
        if (from is not null)
        {
            request.Headers.Add("X-Forwarded-For", from);
        }

        return request;
    }

    private static List<string> SetBy(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
}
