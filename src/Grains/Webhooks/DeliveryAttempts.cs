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
internal sealed record Attempted(WaitingDelivery Delivery, string? Log, DateTimeOffset At, AttemptResult Result);

/// <summary>Makes attempts to deliver events to one endpoint, outside of its grain's turns.</summary>
internal sealed partial class DeliveryAttempts(
    IRecordStore store, IWebhookSender sender, string endpointId, TimeProvider time, ILogger logger)
{
    private readonly ILogger _logger = logger;

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
        return Task.Run(async () =>
        {
            try
            {
                return new Attempted(delivery, log, at, await sender.Send(WebhookRequests.Of(target, told, endpointId, at)));
            }
            catch (Exception e)
            {
                // One that cannot be made holds up its subject, and not the endpoint.
                LogUnmade(endpointId, delivery.Number, e);
                return new Attempted(delivery, log, at, new(null, "the request could not be made", null, TimeSpan.Zero, null));
            }
        });
    }

    [LoggerMessage(2302, LogLevel.Error, "Event {Number} cannot be sent to endpoint {Endpoint}")]
    private partial void LogUnmade(string endpoint, long number, Exception exception);
}
