using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// Since when an endpoint fails. One that failed for days, or that says that it is gone, is sent nothing any more. Days
/// in which there was nothing to send do not count.
/// </summary>
internal sealed class EndpointHealth(
    IOutbox outbox, IGrainFactory grains, string endpointId, DeliverySettings settings, TimeProvider time)
{
    /// <summary>The newest deliveries up to the one that was tried now tell whether another was of late, however many
    /// wait untried behind it.</summary>
    private const int MostLookedAt = 50;

    private bool _isKnown;
    private DateTimeOffset? _failingSince;

    /// <param name="ended">attempts that ended together, and are noted</param>
    /// <returns>true where the endpoint was switched off</returns>
    public async Task<bool> Note(IReadOnlyCollection<Attempted> ended)
    {
        List<AttemptResult> results = [.. ended.Select(attempted => attempted.Result)];

        // Looked up again at each failure: it may have been switched off and on since.
        if (!_isKnown || !results.Any(result => result.IsSuccess))
        {
            _failingSince = await outbox.FailingSince(endpointId);
            _isKnown = true;
        }

        if (results.Any(result => result.IsGone))
        {
            await Disable("gone");
            return true;
        }

        var now = time.GetUtcNow();
        if (results.Any(result => result.IsSuccess))
        {
            await Change(null);
        }
        else if (_failingSince is null)
        {
            await Change(now);
        }
        else if (now - _failingSince >= settings.DisableAfter)
        {
            if (!await FailedOn(ended))
            {
                await Change(now);
                return false;
            }

            await Disable("failing");
            return true;
        }

        return false;
    }

    /// <summary>
    /// Whether it failed without a pause: an attempt was tried again, or there was another within the time that makes
    /// it failing. The first failure after a quiet month is no failure of a month.
    /// </summary>
    private async Task<bool> FailedOn(IReadOnlyCollection<Attempted> ended)
    {
        if (ended.Any(attempted => attempted.Delivery.Attempts > 0))
        {
            return true;
        }

        var began = ended.Min(attempted => attempted.At);
        var newest = ended.Max(attempted => attempted.Delivery.Number);
        return (await outbox.NewestLogs(endpointId, newest, MostLookedAt)).SelectMany(AttemptLog.Read)
            .Any(attempt => attempt.At < began && attempt.At >= began - settings.DisableAfter);
    }

    private async Task Change(DateTimeOffset? since)
    {
        if (_failingSince != since)
        {
            _failingSince = since;
            await outbox.NoteFailingSince(endpointId, since);
        }
    }

    private async Task Disable(string because)
    {
        var command = new SetWebhookEnabled
        {
            Context = new CallContext { CommandId = Guid.CreateVersion7(time.GetUtcNow()) }, Enabled = false, Because = because,
        };
        var answer = await grains.GetGrain<IOrganizationWebhookGrain>(endpointId).SetEnabled(command);
        if (answer.Refusal == ResourceRefusal.NotFound)
        {
            await grains.GetGrain<IEventEndpointGrain>(endpointId).SetEnabled(command);
        }

        _failingSince = null;
    }
}
