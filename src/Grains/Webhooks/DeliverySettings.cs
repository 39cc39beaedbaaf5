namespace TokenActors.Grains.Webhooks;

/// <summary>How events are delivered.</summary>
/// <param name="Delays">how long to wait before each attempt, after the one before failed; the first is for the first
/// attempt</param>
/// <param name="DisableAfter">an endpoint that failed for so long is sent nothing any more</param>
/// <param name="SweepEvery">how often a silo looks for deliveries that nobody attends to</param>
public sealed record DeliverySettings(
    IReadOnlyList<TimeSpan> Delays, TimeSpan DisableAfter, TimeSpan SweepEvery);
