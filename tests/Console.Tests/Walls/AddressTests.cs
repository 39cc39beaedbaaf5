using System.Net;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>Addresses that somebody types, or that stand in an old message: ids, cursors and methods that are
/// wrong.</summary>
[Collection("walls")]
public sealed class AddressTests(HostileService service)
{
    private const string Unknown = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

    [Fact]
    public async Task Every_page_has_what_somebody_needs_who_hears_it_or_has_no_script()
    {
        using var visitor = await service.SignIn();
        List<string> wrong = [];
        foreach (var address in service.Addresses("GET"))
        {
            await visitor.Get(address);
            wrong.AddRange(PageRules.Missing(visitor.Page).Select(what => $"{address}: {what}"));
            if (!visitor.Headers["Cache-Control"].Contains("no-store", StringComparison.Ordinal))
            {
                wrong.Add($"{address}: a cache may keep it");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("not-an-id")]
    [InlineData("0")]
    [InlineData("..%2F..%2Fv1%2Ftokens")]
    [InlineData("%00")]
    [InlineData("%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData(Unknown + "%20or%201=1")]
    public async Task An_id_of_nothing_is_not_found_at_any_address(string id)
    {
        using var visitor = await service.SignIn();
        var before = await service.State();
        await visitor.Get("/console/me");
        var key = visitor.Page.QuerySelector("input[name=form_key]")?.GetAttribute("value") ?? "";
        List<string> wrong = [];
        var looked = 0;
        foreach (var (method, address) in OfThings(id))
        {
            looked++;
            await visitor.Send(new HttpRequestMessage(method, address)
            {
                Content = method == HttpMethod.Post
                    ? new FormUrlEncodedContent([new("form_key", key), new("fullname", "taken"), new("name", "taken")])
                    : null,
            });
            if (visitor.Status is not (HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
                || (visitor.Status == HttpStatusCode.BadRequest && id != "%00"))
            {
                wrong.Add($"{method} {address}: {visitor.Path} {visitor.Status} {visitor.Text.Trim()}");
            }
            else if (id != "%00")
            {
                wrong.AddRange(PageRules.Strange(visitor.Page).Concat(PageRules.Missing(visitor.Page)).Select(
                    what => $"{method} {address}: {what}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(looked, 30, int.MaxValue);
        Assert.Equal(before, await service.State());
    }

    /// <summary>The same id in another form is the same thing, or none: it breaks nothing.</summary>
    [Theory]
    [InlineData("N")]
    [InlineData("B")]
    [InlineData("upper")]
    public async Task An_id_that_is_written_otherwise_is_found_or_is_not(string form)
    {
        using var visitor = await service.SignIn();
        List<string> wrong = [];
        foreach (var address in service.Addresses("GET").Where(
            path => service.Ids.Values.Any(id => path.Contains(id, StringComparison.Ordinal))))
        {
            var written = service.Ids.Values.Aggregate(address, (path, id) => path.Replace(
                id, form == "upper" ? id.ToUpperInvariant() : Guid.Parse(id).ToString(form), StringComparison.Ordinal));
            await visitor.Get(written);
            wrong.AddRange(PageRules.Missing(visitor.Page).Select(what => $"{written}: {what}"));
            if ((int)visitor.Status is not (200 or 404))
            {
                wrong.Add($"{written}: {visitor.Status} {visitor.Text.Trim()}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task An_integration_is_found_within_its_own_account_alone()
    {
        var things = await service.NewThings();
        using var visitor = await service.SignIn();
        var (own, other) = (things["accounts"], service.Ids["accounts"]);
        await visitor.Get($"/console/accounts/{own}/integrations/{things["integrations"]}/delete");
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        var form = visitor.Form("/delete");
        await visitor.Get($"/console/accounts/{other}/integrations/{things["integrations"]}/delete");
        Assert.Equal(HttpStatusCode.NotFound, visitor.Status);
        form.RequestUri = new Uri(
            $"/console/accounts/{other}/integrations/{things["integrations"]}/delete", UriKind.Relative);
        await visitor.Send(form);
        Assert.Equal(HttpStatusCode.NotFound, visitor.Status);
        await visitor.Get($"/console/accounts/{own}");
        Assert.Contains("ticketing", visitor.Text, StringComparison.Ordinal);
    }

    /// <summary>An address of a form alone is in the line of a browser after it was answered, and is fetched.</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task An_address_that_does_not_take_a_method_says_so_by_a_page_and_does_nothing(string method)
    {
        using var visitor = await service.SignIn();
        var before = await service.State();
        List<string> wrong = [];
        var looked = 0;
        foreach (var address in service.Addresses("POST").Except(method == "GET" ? service.Addresses("GET") : []))
        {
            looked++;
            await visitor.Send(new HttpRequestMessage(new HttpMethod(method), address));
            if (visitor.Status is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound))
            {
                wrong.Add($"{address}: {visitor.Status} {visitor.Text.Trim()}");
            }

            wrong.AddRange(PageRules.Missing(visitor.Page).Concat(PageRules.Strange(visitor.Page)).Select(
                what => $"{address}: {what}"));
            if (visitor.Page.QuerySelector("main a[href^='/console']") is null)
            {
                wrong.Add($"{address}: nothing leads on");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(looked, 5, int.MaxValue);
        Assert.Equal(before, await service.State());
    }

    /// <summary>What it leads to counts from the thing, since nobody can fetch the address of a button.</summary>
    [Fact]
    public async Task The_page_that_answers_a_button_leads_on_as_the_page_of_its_thing()
    {
        using var visitor = await service.SignIn();
        var page = $"/console/webhooks/{service.Ids["webhooks"]}";
        await visitor.Get(page);
        Assert.NotNull(visitor.Page.QuerySelector("#deliveries[data-live]"));
        var button = visitor.Form("/test");
        button.RequestUri = new Uri($"{page}/redeliver", UriKind.Relative);
        await visitor.Send(button);
        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, $"{page}/redeliver"), (visitor.Status, visitor.Path));
        Assert.NotNull(visitor.Page.QuerySelector("main [role=alert]"));
        Assert.Empty(PageRules.Relative(visitor.Page));
        Assert.Equal(page, visitor.Page.QuerySelector("main form[method=get]")?.GetAttribute("action"));
    }

    /// <summary>Cursors that are none, or of another list, at every page that has a list and at those that have
    /// none.</summary>
    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("../../etc/passwd")]
    [InlineData("AAAAAAAAAAAAAAAA")]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("a\0b")]
    [InlineData("{tokens}")]
    [InlineData("{audit}")]
    [InlineData("{an account}")]
    [InlineData("{long}")]
    public async Task A_cursor_of_something_else_is_told_or_ignored(string kind)
    {
        var cursor = await CursorOf(kind);
        using var visitor = await service.SignIn();
        List<string> wrong = [];
        foreach (var address in service.Addresses("GET"))
        {
            await visitor.Get($"{address}?cursor={Uri.EscapeDataString(cursor)}&q=a");
            if ((int)visitor.Status is not (200 or 400 or 404))
            {
                wrong.Add($"{address}: {visitor.Status} {visitor.Text.Trim()}");
            }

            if (visitor.Status == HttpStatusCode.BadRequest
                && string.IsNullOrWhiteSpace(visitor.Page.QuerySelector("main [role=alert] p")?.TextContent))
            {
                wrong.Add($"{address}: nothing says what is wrong");
            }

            wrong.AddRange(PageRules.Missing(visitor.Page).Concat(PageRules.Strange(visitor.Page)).Select(
                what => $"{address}: {what}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>What a list of another organization goes on with shows nothing of it.</summary>
    [Fact]
    public async Task A_cursor_of_another_organization_shows_nothing_of_it()
    {
        await service.NewThings();
        var cursors = new[] { await CursorOf("{tokens}"), await CursorOf("{audit}"), await CursorOf("{an account}") };
        var other = await service.NewOrganization();
        using var visitor = new Visitor(service.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit("/sign-in", ("secret", other.Token.Access));
        foreach (var list in (string[])["tokens", "audit", "accounts", "roles", "members", "organizations"])
        {
            foreach (var cursor in cursors)
            {
                await visitor.Get($"/console/{list}?cursor={Uri.EscapeDataString(cursor)}");
                Assert.True((int)visitor.Status is 200 or 400 or 403, $"{list}: {visitor.Status} {visitor.Text}");
                Assert.DoesNotContain("alert(1)", visitor.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("acme", visitor.Text, StringComparison.Ordinal);
                Assert.All(service.Ids.Values, id => Assert.DoesNotContain(id, visitor.Text, StringComparison.Ordinal));
            }
        }
    }

    private async Task<string> CursorOf(string kind) => kind switch
    {
        "{tokens}" => await Next("/lifecycle/v1/tokens?limit=1"),
        "{audit}" => await Next("/lifecycle/v1/audit?limit=1"),
        "{an account}" => (await service.NewThings())["accounts"],
        "{long}" => new string('A', 4_000),
        _ => kind,
    };

    private async Task<string> Next(string list)
    {
        var answer = (await service.Get(list, service.Admin)).Is(HttpStatusCode.OK);
        return (string?)answer.Json["next_cursor"] ?? throw new InvalidOperationException(answer.Body);
    }

    /// <summary>Every address that has an id in it, with another id.</summary>
    private IEnumerable<(HttpMethod Method, string Address)> OfThings(string id) =>
        ((HttpMethod[])[HttpMethod.Get, HttpMethod.Post]).SelectMany(method => service.Addresses(method.Method, id)
            .Where(path => path.Contains(id, StringComparison.Ordinal)).Select(path => (method, path)));
}
