using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using TokenActors.InProcess;

namespace TokenActors.WebConsole.Tests;

/// <summary>What the first page asks for, and what it shows where a part of that cannot be had.</summary>
[Collection("console")]
public sealed class OverviewFaultTests(Demo demo) : IDisposable
{
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly RequestDelegate _whole = demo.Get<Pipeline>().Handle;

    public void Dispose() => demo.Get<Pipeline>().Handle = _whole;

    [Fact]
    public async Task Deliveries_of_one_webhook_that_cannot_be_read_take_nothing_else_with_them()
    {
        using var visitor = await SignIn();
        Break($"/lifecycle/v1/webhooks/{demo.Webhook}/deliveries");
        await visitor.Get("/console");
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        var notice = visitor.Page.QuerySelectorAll(".notice.warn").Single(
            notice => notice.TextContent.Contains("cannot be shown now", StringComparison.Ordinal));
        Assert.NotNull(notice.QuerySelector($"a[href='/console/webhooks/{demo.Webhook}']"));
        Assert.NotNull(visitor.Page.QuerySelector("#counts .tile"));
        Assert.NotNull(visitor.Page.QuerySelector("#chain"));
    }

    [Theory]
    [InlineData("/lifecycle/v1/overview", "The counts of tokens cannot be shown now", "#counts .tile")]
    [InlineData("/lifecycle/v1/webhooks", "Webhooks cannot be shown now", null)]
    [InlineData("/lifecycle/v1/audit", "The audit trail cannot be shown now", "#chain")]
    public async Task A_part_that_cannot_be_read_says_so_and_the_others_are_there(
        string path, string said, string? missing)
    {
        using var visitor = await SignIn();
        Break(path);
        await visitor.Get("/console");
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains(said, visitor.Text);
        foreach (var part in new[] { "#counts .tile", "#chain" })
        {
            Assert.Equal(part == missing, visitor.Page.QuerySelector(part) is null);
        }
    }

    /// <summary>The page that stays open asks twice a minute.</summary>
    [Fact]
    public async Task The_part_that_renews_itself_asks_for_the_counts_alone()
    {
        using var visitor = await SignIn();
        Break("/nothing");
        await visitor.Get("/console");
        Assert.Contains(_asked, path => path.EndsWith("/deliveries", StringComparison.Ordinal));
        _asked.Clear();
        await visitor.Get("/console", "X-Live", "1");
        Assert.NotNull(visitor.Page.QuerySelector("#counts .tile"));
        Assert.Equal(["/lifecycle/v1/overview"], _asked);
    }

    private void Break(string path) => demo.Get<Pipeline>().Handle = http =>
    {
        _asked.Enqueue(http.Request.Path);
        if (http.Request.Path != path)
        {
            return _whole(http);
        }

        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return Task.CompletedTask;
    };

    private Task<Visitor> SignIn() => new Visitor(demo.Address).SignIn(demo.OrganizationName, demo.Name, demo.Password);
}
