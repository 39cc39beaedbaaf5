using Microsoft.Extensions.Logging;

namespace TokenActors.Grains.Webhooks;

/// <summary>What deliveries log. Addresses of endpoints are not in it: they may hold secrets.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(2301, LogLevel.Warning, "Deliveries to endpoint {Endpoint} pause for a moment")]
    public static partial void Fault(ILogger logger, string endpoint, Exception exception);
}
