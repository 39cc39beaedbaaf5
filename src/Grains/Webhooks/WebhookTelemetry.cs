using System.Diagnostics.Metrics;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>The metrics of deliveries.</summary>
public static class WebhookTelemetry
{
    private static readonly Meter Meter = new(GrainTelemetry.Name);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "tokenactors.webhook.attempts", "{attempt}", "Attempts to deliver events, by result: delivered, failed.");

    private static readonly Counter<long> Disabled = Meter.CreateCounter<long>(
        "tokenactors.webhook.disabled", "{endpoint}",
        "Endpoints that were switched off, by why: failing, gone, asked.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "tokenactors.webhook.duration", "s", "How long endpoints take to answer.");

    private static OutboxBacklog _backlog = new(0, null);
    private static TimeProvider _time = TimeProvider.System;

    static WebhookTelemetry()
    {
        Meter.CreateObservableGauge(
            "tokenactors.webhook.waiting", () => _backlog.Waiting, "{delivery}",
            "Deliveries that are still to be made, as last counted.");
        Meter.CreateObservableGauge(
            "tokenactors.webhook.lag", Lag, "s", "How long the oldest due delivery has been due, as last counted.");
    }

    internal static void Attempted(AttemptResult result, TimeSpan took)
    {
        Attempts.Add(1, new KeyValuePair<string, object?>("result", result.IsSuccess ? "delivered" : "failed"));
        Duration.Record(took.TotalSeconds);
    }

    /// <param name="before">what it was; one that was off already is not counted again</param>
    /// <param name="because">why; null: somebody asked for it</param>
    internal static void SwitchedOff(WebhookContent before, string? because)
    {
        if (before.DisabledAt is null)
        {
            Disabled.Add(1, new KeyValuePair<string, object?>("because", because ?? "asked"));
        }
    }

    /// <summary>Notes what waits, which the sweep counts.</summary>
    public static void Counted(OutboxBacklog backlog, TimeProvider time) => (_backlog, _time) = (backlog, time);

    private static double Lag() =>
        _backlog.OldestDue is { } due ? Math.Max(0, (_time.GetUtcNow() - due).TotalSeconds) : 0;
}
