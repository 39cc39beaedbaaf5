using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TokenActors.Mcp.Tests;

/// <summary>Runs alone, since a meter is one for the whole process.</summary>
[CollectionDefinition("metrics", DisableParallelization = true)]
public sealed class MetricCollection;

/// <summary>What is counted of calls.</summary>
[Collection("metrics")]
public sealed class MetricTests(Service service) : IClassFixture<Service>, IDisposable
{
    private readonly ConcurrentQueue<(string Tool, string Outcome, double Seconds)> _calls = [];
    private readonly MeterListener _listener = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Calls_are_counted_with_their_duration_by_tool_and_outcome()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "TokenActors.Gateway", Name: "tokenactors.mcp.call.duration" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value ?? "");
            _calls.Enqueue((named["tool"], named["outcome"], seconds));
        });
        _listener.Start();
        var viewer = await service.McpToken(new { permission_set = "viewer" });
        var made = $"made-up-{Guid.NewGuid():N}";
        await service.Rpc(viewer, "tools/call", new { name = "token_search", arguments = new { } });
        await service.Rpc(viewer, "tools/call", new { name = "token_search", arguments = new { nonsense = 1 } });
        await service.Rpc(viewer, "tools/call", new { name = "token_get", arguments = new { id = Guid.NewGuid() } });
        await service.Rpc(
            viewer, "tools/call", new { name = "token_disable", arguments = new { id = service.DefaultTokenId } });
        await service.Rpc(viewer, "tools/call", new { name = made, arguments = new { } });
        await service.Rpc(viewer, "tools/list");
        (string, string)[] wanted =
        [
            ("token_search", "done"), ("token_search", "invalid-arguments"), ("token_get", "not-found"),
            ("token_disable", "insufficient-scope"),
        ];
        Assert.Equal(wanted, _calls.Where(call => call.Tool != "unknown").Select(call => (call.Tool, call.Outcome)));
        Assert.All(_calls, call => Assert.InRange(call.Seconds, 0, 60));
        Assert.DoesNotContain(_calls, call => call.Tool == made);
    }
}
