using System.Net;

namespace TokenActors.WebConsole.Tests;

/// <summary>What the clock does to a session. Each test has a service of its own, since it moves the clock.</summary>
public sealed class SessionLifeTests : IAsyncLifetime
{
    private readonly Service _service = new();

    private Uri Address => _service.Http.BaseAddress!;

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_session_ends_after_half_an_hour_without_a_page_and_not_while_pages_are_looked_at()
    {
        using var visitor = await SignIn();
        for (var i = 0; i < 4; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(20));
            Assert.Equal("/console/me", (await visitor.Get("/console/me")).Path);
        }

        _service.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.StartsWith("/console/sign-in", (await visitor.Get("/console/me")).Path);
    }

    [Fact]
    public async Task A_page_that_renews_itself_keeps_no_session_alive()
    {
        using var visitor = await SignIn();
        for (var i = 0; i < 3; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(9));
            Assert.Equal("/console/tokens", (await visitor.Get("/console/tokens", "X-Live", "1")).Path);
        }

        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.StartsWith("/console/sign-in", (await visitor.Get("/console/me")).Path);
    }

    [Fact]
    public async Task A_session_whose_secret_has_ended_and_cannot_be_renewed_is_over()
    {
        var made = await _service.Create("viewer", name: "short", ttl: "10m");
        using var visitor = new Visitor(Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit("/sign-in", ("secret", made.Access));
        Assert.Equal("/console/tokens", (await visitor.Get("/console/tokens")).Path);
        _service.Clock.Advance(TimeSpan.FromMinutes(11));
        await visitor.Get("/console/sign-in");
        Assert.Equal("/console/sign-in", visitor.Path);
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_however_busy_it_is()
    {
        using var visitor = await SignIn();
        for (var minutes = 0; minutes < (12 * 60) - 30; minutes += 25)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(25));
            Assert.Equal("/console/me", (await visitor.Get("/console/me")).Path);
        }

        _service.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.StartsWith("/console/sign-in", (await visitor.Get("/console/me")).Path);
    }

    [Fact]
    public async Task Pages_that_renew_the_pair_at_the_same_time_all_go_on()
    {
        using var visitor = await SignIn();
        for (var i = 0; i < 2; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(25));
            await visitor.Get("/console/me");
        }

        // The access secret of a session lives an hour.
        _service.Clock.Advance(TimeSpan.FromMinutes(9));
        Visitor[] tabs = [.. Enumerable.Range(0, 4).Select(_ => visitor.Tab())];
        await Task.WhenAll(tabs.Select(tab => tab.Get("/console/me")));
        Assert.All(tabs, tab => Assert.Equal((HttpStatusCode.OK, "/console/me"), (tab.Status, tab.Path)));
        _service.Clock.Advance(TimeSpan.FromMinutes(20));
        foreach (var tab in tabs)
        {
            Assert.Equal("/console/me", (await tab.Get("/console/me")).Path);
            tab.Dispose();
        }
    }

    [Fact]
    public async Task A_session_goes_on_after_a_restart_of_the_service()
    {
        using var visitor = await SignIn();
        await _service.RestartAsync();
        using var later = new Visitor(Address);
        foreach (var cookie in visitor.Cookies)
        {
            later.Keep(cookie);
        }

        Assert.Equal("/console/me", (await later.Get("/console/me")).Path);
    }

    private Task<Visitor> SignIn() =>
        new Visitor(Address).SignIn("root", "administrator", (string?)_service.Bootstrap["member_secret"] ?? "");
}
