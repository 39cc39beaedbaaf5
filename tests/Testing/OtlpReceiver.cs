using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TokenActors.Testing;

/// <summary>A span as it came over the wire; ids in hexadecimal.</summary>
public sealed record ReceivedSpan(string TraceId, string SpanId, string ParentId, string Name);

/// <summary>A metric as it came over the wire.</summary>
/// <param name="Name">its name</param>
/// <param name="Unit">its unit, as in UCUM</param>
/// <param name="Kind">gauge, sum, counter (a monotonic sum) or histogram</param>
/// <param name="Attributes">the keys of its points' attributes</param>
/// <param name="Bounds">of a histogram's buckets</param>
public sealed record ReceivedMetric(
    string Name, string Unit, string Kind, IReadOnlySet<string> Attributes, IReadOnlyList<double> Bounds);

/// <summary>Takes OTLP over HTTP with protobuf bodies on loopback, and reads spans and metrics.</summary>
public sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ReceivedSpan> _spans = [];
    private readonly ConcurrentDictionary<string, ReceivedMetric> _metrics = [];
    private readonly ConcurrentQueue<byte[]> _logs = [];

    public OtlpReceiver()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = Task.Run(Receive);
    }

    public string Url { get; }

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    public ICollection<string> Metrics => _metrics.Keys;

    /// <summary>Each metric with the attributes of all its points so far.</summary>
    public ICollection<ReceivedMetric> MetricDetails => _metrics.Values;

    public IReadOnlyCollection<byte[]> Logs => _logs;

    /// <summary>What a program must be told to send here soon.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    public void Dispose() => _listener.Close();

    private async Task Receive()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Take(context.Request.Url!.AbsolutePath, body.ToArray());
            context.Response.Close();
        }
    }

    private void Take(string path, byte[] body)
    {
        switch (path)
        {
            case "/v1/traces":
                // ExportTraceServiceRequest.resource_spans.scope_spans.spans
                foreach (var span in Messages(body, 1).SelectMany(r => Messages(r, 2)).SelectMany(s => Messages(s, 2)))
                {
                    _spans.Enqueue(new ReceivedSpan(
                        Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Messages(span, 5).Single())));
                }

                break;
            case "/v1/metrics":
                // ExportMetricsServiceRequest.resource_metrics.scope_metrics.metrics
                foreach (var metric in Messages(body, 1).SelectMany(r => Messages(r, 2)).SelectMany(s => Messages(s, 2)).Select(MetricOf))
                {
                    _metrics.AddOrUpdate(
                        metric.Name, metric, (_, earlier) => metric with { Attributes = metric.Attributes.Union(earlier.Attributes).ToHashSet() });
                }

                break;
            default:
                _logs.Enqueue(body);
                break;
        }
    }

    private static ReceivedMetric MetricOf(byte[] metric)
    {
        var (kind, data, attributes) = (Messages(metric, 5).Any(), Messages(metric, 7).Any()) switch
        {
            (true, _) => ("gauge", Messages(metric, 5).Single(), 7),
            (_, true) =>
                (Number(Messages(metric, 7).Single(), 3) == 1 ? "counter" : "sum", Messages(metric, 7).Single(), 7),
            _ => ("histogram", Messages(metric, 9).Single(), 9),
        };
        var points = Messages(data, 1).ToList();
        return new ReceivedMetric(
            Text(metric, 1),
            Text(metric, 3),
            kind,
            points.SelectMany(point => Messages(point, attributes)).Select(pair => Text(pair, 1)).ToHashSet(),
            kind == "histogram" && points is [var first, ..]
                ? [.. Messages(first, 7).SelectMany(bounds => bounds.Chunk(sizeof(double))).Select(
                    bound => BitConverter.ToDouble(bound))]
                : []);
    }

    private static string Text(byte[] message, int field) =>
        Encoding.UTF8.GetString(Messages(message, field).SingleOrDefault() ?? []);

    /// <summary>A number or flag of a message; 0 where it is left out.</summary>
    private static ulong Number(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    var value = Varint(message, ref at);
                    if ((int)(tag >> 3) == field)
                    {
                        return value;
                    }

                    break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default: at += (int)Varint(message, ref at); break;
            }
        }

        return 0;
    }

    private static string Hex(byte[] message, int field) =>
        Convert.ToHexStringLower(Messages(message, field).SingleOrDefault() ?? []);

    /// <summary>The length-delimited values of one field of a protobuf message.</summary>
    private static IEnumerable<byte[]> Messages(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == field)
                    {
                        yield return message[at..(at + length)];
                    }

                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
