using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// Since when an endpoint fails. One that failed for days, or that says that it is gone, is sent nothing any more.
/// </summary>
internal sealed class EndpointHealth(
    IOutbox outbox, IGrainFactory grains, string endpointId, TimeSpan disableAfter, TimeProvider time)
{
    private bool _isKnown;
    private DateTimeOffset? _failingSince;

    /// <returns>true where the endpoint was switched off</returns>
    public async Task<bool> Note(IReadOnlyCollection<AttemptResult> results)
    {
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
        else if (now - _failingSince >= disableAfter)
        {
            await Disable("failing");
            return true;
        }

        return false;
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
