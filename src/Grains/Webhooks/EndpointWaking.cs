using System.Collections.Concurrent;
using TokenActors.Grains.Abstractions.Webhooks;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// Tells endpoints that something waits for them. While one is told, others who want to tell it are told together
/// afterwards. A wake-up that is lost is made up for by the sweep.
/// </summary>
internal sealed class EndpointWaking(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<string, bool> _telling = [];

    public void Wake(string endpoint)
    {
        // True stands for: once more.
        if (_telling.TryAdd(endpoint, false))
        {
            _ = Tell(endpoint);
        }
        else
        {
            _telling.TryUpdate(endpoint, newValue: true, comparisonValue: false);
        }
    }

    private async Task Tell(string endpoint)
    {
        do
        {
            _telling[endpoint] = false;
            await grains.GetGrain<IWebhookDeliveryGrain>(endpoint).Wake(fromStart: false)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        }
        while (!_telling.TryRemove(new(endpoint, false)));
    }
}
