using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace TokenActors.Mcp.Hosting;

/// <summary>How many calls there are of which tool, how long they take, and what becomes of them.</summary>
/// <param name="meter">of the host</param>
/// <param name="time">the clock</param>
internal sealed class ToolTelemetry(Meter meter, TimeProvider time)
{
    private const string Done = "done";
    private const string Unnamed = "unknown";
    private const string Failed = "failed";

    private readonly Histogram<double> _calls = meter.CreateHistogram<double>(
        "tokenactors.mcp.call.duration", "s", "Calls of tools, by tool and outcome, and how long they took.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });

    /// <summary>A call that its caller may not make.</summary>
    /// <param name="tool">a tool that there is</param>
    public void Refused(string tool) => Note(tool, "insufficient-scope", TimeSpan.Zero);

    /// <summary>Notes a call with what came of it.</summary>
    /// <param name="tool">the tool; null where there is none of that name, which a caller makes up</param>
    /// <param name="call">carries it out</param>
    public async ValueTask<CallToolResult> Measure(string? tool, Func<ValueTask<CallToolResult>> call)
    {
        var since = time.GetTimestamp();
        var outcome = Failed;
        try
        {
            var result = await call().ConfigureAwait(false);
            outcome = OutcomeOf(result);
            return result;
        }
        finally
        {
            Note(tool ?? Unnamed, outcome, time.GetElapsedTime(since));
        }
    }

    private void Note(string tool, string outcome, TimeSpan duration) => _calls.Record(
        duration.TotalSeconds, new KeyValuePair<string, object?>("tool", tool),
        new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>The code of what went wrong, of which there is a fixed number.</summary>
    private static string OutcomeOf(CallToolResult result)
    {
        if (result.IsError is not true)
        {
            return Done;
        }

        try
        {
            return result.Content is [TextContentBlock { Text: var text }, ..]
                && (string?)JsonNode.Parse(text)?["code"] is { } code
                    ? code
                    : Failed;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Failed;
        }
    }
}
