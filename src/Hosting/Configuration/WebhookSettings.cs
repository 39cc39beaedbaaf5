using TokenActors.Domain.Time;
using TokenActors.Grains.Webhooks;

namespace TokenActors.Hosting.Configuration;

/// <summary>Section <c>TokenActors:Webhooks</c>: how events are delivered, and where to.</summary>
public sealed class WebhookSettings
{
    /// <summary>Endpoints may be <c>http</c>; for trials, since their secrets sign but do not hide what is
    /// sent.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>
    /// Networks of the operator's own that endpoints may lie in. Any other private address is refused, whichever name
    /// leads to it.
    /// </summary>
    [Network]
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>How long an attempt may take; a Go duration.</summary>
    [Duration(Least = "100ms", Most = "5m")]
    public string Timeout { get; init; } = "15s";

    /// <summary>
    /// How long to wait before each attempt, after the one before failed; Go durations. After the last the event is
    /// given up.
    /// </summary>
    [Duration]
    public IReadOnlyList<string> Delays { get; init; } = [];

    /// <summary>An endpoint that failed for so long is sent nothing any more; a Go duration.</summary>
    [Duration(Least = "1s")]
    public string DisableAfter { get; init; } = "120h";

    /// <summary>How often a silo looks for deliveries that nobody attends to; a Go duration.</summary>
    [Duration(Least = "100ms", Most = "1h")]
    public string SweepEvery { get; init; } = "15s";

    /// <summary>The schedule of Standard Webhooks 1.0.0.</summary>
    private static readonly string[] StandardDelays =
        ["0s", "5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h"];

    internal DeliverySettings ToDelivery() => new(
        [.. (Delays.Count > 0 ? Delays : StandardDelays).Select(text => GoDuration.Of(text).Value)],
        GoDuration.Of(DisableAfter).Value,
        GoDuration.Of(SweepEvery).Value);
}
