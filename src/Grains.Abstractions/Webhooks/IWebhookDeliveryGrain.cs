using Orleans.Concurrency;

namespace TokenActors.Grains.Abstractions.Webhooks;

/// <summary>
/// Delivers what waits for one endpoint. Key: the endpoint's id. What is delivered when follows from the rows of the
/// outbox alone, so that it may end and begin again anywhere; an event that is under way then is sent twice, under the
/// same id.
/// </summary>
[Alias("TokenActors.IWebhookDeliveryGrain")]
public interface IWebhookDeliveryGrain : IGrainWithStringKey
{
    /// <summary>Something waits, or the endpoint was changed.</summary>
    /// <param name="fromStart">something may wait that was over already, or that nobody attends to</param>
    [AlwaysInterleave]
    [Alias("Wake")]
    Task Wake(bool fromStart);
}
