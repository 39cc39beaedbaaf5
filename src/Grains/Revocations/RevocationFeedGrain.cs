using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Revocations;

namespace TokenActors.Grains.Revocations;

/// <summary>
/// The door to an organization's feed. What it says is read from the database, so that two activations would say the
/// same; their cursors differ, and the other's gets 'all'. It leaves when nobody has followed it for two minutes.
/// </summary>
[GrainType("revocations")]
[CollectionAgeLimit(Minutes = 2)]
public sealed class RevocationFeedGrain(RevocationTrail trail) : Grain, IRevocationFeedGrain
{
    /// <summary>Shorter than the response time-out, and than what a heartbeat may wait for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(900);

    private RevocationFeed? _feed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (OrganizationId.TryParse(this.GetPrimaryKeyString(), out var organization))
        {
            _feed = new RevocationFeed(organization.ToString());
            trail.Open(_feed);
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_feed is { } feed)
        {
            trail.Close(feed);
        }

        return Task.CompletedTask;
    }

    public async Task<RevocationPage> Follow(FollowRevocations query, CancellationToken cancellationToken)
    {
        var feed = _feed ?? throw new ArgumentException($"'{this.GetPrimaryKeyString()}' is no organization");
        var changed = feed.Changed;
        if (feed.Read(query.Cursor) is { } known && (known.All || known.Tokens.Length > 0))
        {
            return known;
        }

        await Task.WhenAny(changed, Task.Delay(LongestWait, TimeProvider.System, cancellationToken));
        return feed.Read(query.Cursor)
            ?? throw new ServiceUnavailableException("the audit trail was not read yet");
    }
}
