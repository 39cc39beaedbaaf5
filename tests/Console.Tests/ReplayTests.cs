using System.Net;

namespace TokenActors.WebConsole.Tests;

/// <summary>The first page tells of a spent refresh secret that was presented again, for a week.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private readonly Service _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_replay_is_told_of_for_seven_days_and_leads_to_its_row()
    {
        var made = await _service.Create();
        var next = Made.From(await _service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        Assert.True(await _service.IsActive(next.Access));
        _service.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.False(await IsTold());
        (await _service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.Unauthorized);
        using (var visitor = await SignIn())
        {
            var notice = visitor.Page.QuerySelector("#replays");
            Assert.Contains("in the last 7 days: 1 time,", notice?.TextContent);
            Assert.NotNull(notice?.QuerySelector("time"));
            await visitor.Get(notice?.QuerySelector("a")?.GetAttribute("href") ?? "");
            Assert.Equal("token.reuse_detected", visitor.Page.QuerySelector("tbody td[data-label=What]")?.TextContent);
        }

        _service.Clock.Advance(TimeSpan.FromDays(6));
        Assert.True(await IsTold());
        _service.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        Assert.False(await IsTold());
    }

    private async Task<bool> IsTold()
    {
        using var visitor = await SignIn();
        return visitor.Page.QuerySelector("#replays") is not null;
    }

    private async Task<Visitor> SignIn()
    {
        var visitor = await new Visitor(_service.Http.BaseAddress!).SignIn(
            "root", "administrator", (string?)_service.Bootstrap["member_secret"] ?? "");
        return await visitor.Get("/console");
    }
}
