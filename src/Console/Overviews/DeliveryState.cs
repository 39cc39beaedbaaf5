using TokenActors.Client.Webhooks;

namespace TokenActors.WebConsole.Overviews;

/// <summary>How the latest deliveries to an endpoint went.</summary>
/// <param name="Webhook">the endpoint</param>
/// <param name="GivenUp">how many are over without success</param>
/// <param name="Retried">how many wait after an attempt that failed</param>
/// <param name="Problem">why they cannot be read; null where they were</param>
public sealed record DeliveryState(Webhook Webhook, int GivenUp, int Retried, string? Problem = null)
{
    public bool HasFailed => GivenUp + Retried > 0;

    public static DeliveryState Of(Webhook webhook, IReadOnlyList<Delivery> latest) => new(
        webhook,
        latest.Count(delivery => delivery.Status == "given_up"),
        latest.Count(delivery => delivery is { Status: "waiting", Attempts.Count: > 0 }));
}
