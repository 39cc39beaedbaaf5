using System.Net;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>
/// Every address of the console that a form is sent to, and what is sent there by somebody else than the console's own
/// form: nothing is changed, and the answer is a page.
/// </summary>
[Collection("walls")]
public sealed class ForgedFormTests(HostileService service)
{
    private const string Elsewhere = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

    private const string NewAccount = "/console/accounts/new";

    /// <summary>Addresses that anybody may send a form to; they change nothing of the service.</summary>
    private static readonly string[] Open = ["/console/sign-in", "/console/sign-out", "/console/theme"];

    [Theory]
    [InlineData("")]
    [InlineData("name=made&fullname=made&permission_set=viewer&url=https://hooks.example.com/")]
    [InlineData("form_key=CfDJ8nonsense&call_key=x&name=made")]
    [InlineData("kept_form=CfDJ8nonsense&name=made")]
    public async Task A_form_without_the_key_of_its_page_is_not_carried_out(string body)
    {
        using var visitor = await service.SignIn();
        var before = await service.State();
        foreach (var path in service.Addresses("POST").Except(Open))
        {
            await visitor.Send(Post(path, body));

            // It is not led on, as who sent a form of the console is, and is told where the form is shown again.
            Assert.Equal(path, visitor.Path);
            Assert.True(
                visitor.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound
                || visitor.Text.Contains("Nothing was saved", StringComparison.Ordinal),
                $"{path}: {visitor.Status} {visitor.Text}");
        }

        Assert.Equal(before, await service.State());
    }

    /// <summary>A page of another site, which a browser says, is refused whatever it holds.</summary>
    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("nonsense")]
    public async Task A_form_of_another_site_is_not_carried_out_with_a_key_either(string site)
    {
        using var visitor = await service.SignIn();
        var before = await service.State();
        var key = await KeyOf(visitor);
        foreach (var path in service.Addresses("POST").Except(Open))
        {
            var request = Post(
                path, $"form_key={Uri.EscapeDataString(key)}&fullname=taken&name=taken&condition=kind[eq]adhoc");
            request.Headers.Add("Sec-Fetch-Site", site);
            await visitor.Send(request);
            Assert.True(visitor.Status == HttpStatusCode.BadRequest, $"{path}: {visitor.Status} {visitor.Text}");
        }

        Assert.Equal(before, await service.State());
    }

    /// <summary>A key is the session's own: one that somebody else was given opens nothing.</summary>
    [Fact]
    public async Task The_key_of_another_session_carries_nothing_out()
    {
        using var other = await new Visitor(service.Address).SignIn("root", "ada@example.com", HostileService.Password);
        var key = await KeyOf(other);
        using var visitor = await service.SignIn();
        await KeyOf(visitor);
        var before = await service.State();
        foreach (var path in service.Addresses("POST").Except(Open))
        {
            await visitor.Send(Post(path, $"form_key={Uri.EscapeDataString(key)}&fullname=taken&name=taken"));
            Assert.True(
                visitor.Status == HttpStatusCode.BadRequest
                    || visitor.Text.Contains("Nothing was saved", StringComparison.Ordinal)
                || visitor.Status == HttpStatusCode.NotFound || visitor.Path == "/console",
                $"{path}: {visitor.Status} {visitor.Text}");
        }

        Assert.Equal(before, await service.State());
    }

    [Fact]
    public async Task Nobody_who_is_not_signed_in_sees_or_does_anything()
    {
        using var visitor = new Visitor(service.Address);
        var before = await service.State();
        foreach (var path in service.Addresses("GET").Where(path => path != "/console/sign-in"))
        {
            await visitor.Get(path);
            Assert.True(
                visitor.Path.StartsWith("/console/sign-in", StringComparison.Ordinal), $"{path}: {visitor.Path}");
            Assert.DoesNotContain("alert(1)", visitor.Body, StringComparison.Ordinal);
        }

        foreach (var path in service.Addresses("POST").Except(Open))
        {
            await visitor.Send(Post(path, "name=made&fullname=made"));
            Assert.True(visitor.Path.StartsWith("/console/sign-in", StringComparison.Ordinal),
                $"{path}: {visitor.Path} {visitor.Status}");
        }

        Assert.Equal(before, await service.State());
    }

    /// <summary>The console's own key, and fields that none of its forms has.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(
        "id=..&plan=..&condition=]&delivery=..&since=never&until=never&return=//evil.example.com&roles=nobody&types=x")]
    [InlineData(
        "name=&name=&fullname=%00&labels=,,,&accounts=%2e%2e,*&provider_config=%7B&secret=%00&uses=-&notice_days=9e9")]
    [InlineData(
        "step=99&kind=quantum&permission_set=nobody&state=gone&type=robot&on_leak=shout&url=file:///etc/passwd")]
    [InlineData("step=-1&version=x&tag=%22&made_at=9999-12-31T23:59:59Z&call_key=%0a&before=%7B%7D")]
    [InlineData("step=99999999999&made_at=0001-01-01T00:00:00Z&since=7d&minted_at=0001-01-01T00:00:00Z")]
    public async Task Whatever_a_form_says_of_things_that_there_are_not_it_is_answered_by_a_page(string fields)
    {
        using var visitor = await service.SignIn();
        var key = await KeyOf(visitor);
        List<string> wrong = [];
        foreach (var path in service.Addresses("POST", Elsewhere).Except(Open).Where(
            path => !path.EndsWith("/new", StringComparison.Ordinal) && path != "/console/policy"))
        {
            await visitor.Send(Post(path, $"form_key={Uri.EscapeDataString(key)}&{fields}"));
            if ((int)visitor.Status >= 500 || visitor.Page.QuerySelector("main") is null)
            {
                wrong.Add($"{path}: {visitor.Status} {visitor.Text}");
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>Things of another organization are as if they were not there.</summary>
    [Fact]
    public async Task Ids_of_another_organization_open_and_change_nothing()
    {
        var other = await service.NewOrganization();
        using var visitor = await new Visitor(service.Address).SignIn(
            other.Organization.ToString(), "Boss@Example.com", HostileService.Password);
        var before = await service.State();
        var key = await KeyOf(visitor);
        string[] ofThings = [.. service.Ids.Values];
        foreach (var path in service.Addresses("GET").Where(
            path => ofThings.Any(id => path.Contains(id, StringComparison.Ordinal))))
        {
            await visitor.Get(path);
            Assert.True(
                visitor.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden || visitor.Path.StartsWith(
                    "/console/confirm", StringComparison.Ordinal), $"{path}: {visitor.Status} {visitor.Text}");
            Assert.DoesNotContain("alert(1)", visitor.Body, StringComparison.Ordinal);
        }

        foreach (var path in service.Addresses("POST").Where(
            path => ofThings.Any(id => path.Contains(id, StringComparison.Ordinal))))
        {
            await visitor.Send(Post(path, Taken(key)));
            Assert.True((int)visitor.Status is 404 or 403 or 422 || visitor.Path.StartsWith(
                "/console/confirm", StringComparison.Ordinal), $"{path}: {visitor.Status} {visitor.Text}");
        }

        Assert.Equal(before, await service.State());
    }

    /// <summary>
    /// Addresses that nobody links for whoever may do little, typed by hand. An account manager may make accounts, so
    /// that it asks for those things that there are not.
    /// </summary>
    [Theory]
    [InlineData("viewer", null)]
    [InlineData("member", null)]
    [InlineData("account-manager", Elsewhere)]
    public async Task Who_may_do_little_is_answered_by_a_page_at_every_address(string set, string? theirs)
    {
        if (set == "account-manager")
        {
            (await service.Post("/v1/roles", service.Admin, new { name = set, permission_set = set })).Is(
                HttpStatusCode.Created);
        }

        var name = $"{set}@example.com";
        (await service.Post("/v1/members", service.Admin,
            new { name, secret = HostileService.Password, role_binding = new[] { set } })).Is(HttpStatusCode.Created);
        using var visitor = await new Visitor(service.Address).SignIn("root", name, HostileService.Password);
        var before = await service.State();
        List<string> wrong = [];
        foreach (var path in service.Addresses("GET"))
        {
            await visitor.Get(path);
            if ((int)visitor.Status is not (200 or 403 or 404 or 400)
                || visitor.Page.QuerySelector("main h1, main form") is null)
            {
                wrong.Add($"{path}: {visitor.Status} {visitor.Text}");
            }
        }

        var key = await KeyOf(visitor);
        foreach (var path in service.Addresses("POST", theirs).Except(Open).Where(
            path => path != NewAccount && !path.EndsWith("password", StringComparison.Ordinal)))
        {
            await visitor.Send(Post(path, Taken(key)));
            if ((int)visitor.Status >= 500 || visitor.Page.QuerySelector("main") is null)
            {
                wrong.Add($"POST {path}: {visitor.Status} {visitor.Text}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(before, await service.State());
        await visitor.Send(Post(NewAccount, Taken(key)));
        Assert.Equal(
            theirs is null ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, visitor.Status);
    }

    /// <summary>What would change things, with the key of a session.</summary>
    private static string Taken(string key) =>
        $"form_key={Uri.EscapeDataString(key)}&fullname=taken&description=taken&name=taken&permission_set=viewer";

    private static HttpRequestMessage Post(string path, string body) => new(HttpMethod.Post, path)
    {
        Content = new StringContent(
            body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
    };

    /// <summary>The key that a page of the visitor gives its forms.</summary>
    private static async Task<string> KeyOf(Visitor visitor)
    {
        await visitor.Get("/console/me");
        return visitor.Page.QuerySelector("input[name=form_key]")?.GetAttribute(
            "value") ?? throw new InvalidOperationException(visitor.Text);
    }
}
