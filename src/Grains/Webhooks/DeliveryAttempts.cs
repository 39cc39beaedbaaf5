using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Webhooks;

/// <summary>An attempt that has ended.</summary>
/// <param name="Delivery">as it was before</param>
/// <param name="Log">its earlier attempts as a JSON array; null for none</param>
/// <param name="At">when it began</param>
/// <param name="Result">what came of it</param>
/// <param name="IsCalledOff">it got no answer before the endpoint had another address, and counts for nothing</param>
internal sealed record Attempted(
    WaitingDelivery Delivery, string? Log, DateTimeOffset At, AttemptResult Result, bool IsCalledOff = false);

/// <summary>Makes attempts to deliver events to one endpoint, outside of its grain's turns.</summary>
internal sealed partial class DeliveryAttempts(
    IRecordStore store, IWebhookSender sender, string endpointId, TimeProvider time, ILogger logger)
{
    private const int JitterSteps = 1_000;

    private readonly ILogger _logger = logger;
    private CancellationTokenSource _calledOff = new();
    private string? _address;

    /// <summary>
    /// Whether the account that an event is about bears one of the labels that the endpoint wants, as it is now.
    /// </summary>
    public async Task<bool> IsFor(WebhookTarget target, OutboxEvent told)
    {
        var labels = target.Content.AccountLabels;
        if (labels.IsEmpty)
        {
            return true;
        }

        return told.AccountId is { } id
            && await store.Read(new RecordKey(Kinds.Account, id)) is { } row
            && ResourceState.FromRecord(row).Content.Account is { } account && account.Labels.Any(labels.Contains);
    }

    /// <summary>One attempt, on a thread of the pool. Never throws.</summary>
    public Task<Attempted> Begin(WebhookTarget target, WaitingDelivery delivery, string? log, OutboxEvent told)
    {
        var at = time.GetUtcNow();
        var calledOff = _calledOff.Token;
        return Task.Run(async () =>
        {
            try
            {
                var result = await sender.Send(WebhookRequests.Of(target, told, endpointId, at), calledOff);
                return new Attempted(
                    delivery, log, at, result, IsCalledOff: result.Status is null && calledOff.IsCancellationRequested);
            }
            catch (Exception e)
            {
                // One that cannot be made holds up its subject, and not the endpoint.
                LogUnmade(endpointId, delivery.Number, e);
                return new Attempted(
                    delivery, log, at, new(null, "the request could not be made", null, TimeSpan.Zero, null));
            }
        });
    }

    /// <summary>
    /// Where the endpoint has another address, what waits for an answer of the former one must not hold up what is due
    /// to the new one: each such attempt ends at once.
    /// </summary>
    public void CallOffOthers(WebhookTarget? target)
    {
        if (target is null || target.Content.Address == _address)
        {
            return;
        }

        _address = target.Content.Address;
        _calledOff.Cancel();
        _calledOff = new CancellationTokenSource();
    }

    /// <summary>What becomes of a delivery after an attempt, which is counted, and what is noted of it.</summary>
    public (WaitingDelivery Next, string Outcome, DeliveryProgress Noted) After(
        Attempted attempted, IReadOnlyList<TimeSpan> delays, DateTimeOffset now)
    {
        WebhookTelemetry.Attempted(attempted.Result, now - attempted.At);
        var (next, outcome) = DeliverySchedule.After(
            attempted.Delivery, attempted.Result, delays, now,
            RandomNumberGenerator.GetInt32(JitterSteps) / (double)JitterSteps);
        var dueAt = outcome == DeliveryOutcome.Failed ? next.DueAt : (DateTimeOffset?)null;
        var log = AttemptLog.With(attempted.Log, attempted.At, attempted.Result);
        return (next, outcome, new DeliveryProgress(endpointId, next.Number, next.Attempts, dueAt, outcome, log));
    }

    [LoggerMessage(2302, LogLevel.Error, "Event {Number} cannot be sent to endpoint {Endpoint}")]
    private partial void LogUnmade(string endpoint, long number, Exception exception);
}
