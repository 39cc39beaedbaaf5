using TokenActors.Domain.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// Counts what is stored and what is about to be. Stored rows are counted once, and each place that was given since is
/// taken for a row: that is never too few. They are counted again before somebody is refused, and after a minute,
/// since rows go and some may come without a place. What it holds is memory alone: what was taken before a crash and is
/// written after it may be one too many.
/// </summary>
[GrainType("quota")]
internal sealed class QuotaGrain(IRecordStore store, TimeProvider time) : Grain, IQuotaGrain
{
    /// <summary>Longer than a write may take.</summary>
    private static readonly TimeSpan Held = TimeSpan.FromMinutes(1);

    private static readonly ListField Status = new("status", ListFieldKind.Word, JsonName: "status");

    /// <summary>How long a count stands.</summary>
    private static readonly TimeSpan Counted = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _taken = [];
    private DateTimeOffset? _countedAt;

    /// <summary>Rows that were counted, and places that were given back since, which may have become rows.</summary>
    private long _stored;

    public async Task<bool> Take(string place, Quota quota)
    {
        var now = time.GetUtcNow();
        foreach (var (taken, at) in _taken)
        {
            if (now - at > Held || taken == place)
            {
                GiveBack(taken);
            }
        }

        if (_countedAt + Counted > now && !IsFullBy(_stored, quota))
        {
            _taken[place] = now;
            return true;
        }

        if (await IsFull(quota))
        {
            // Some may be written and not released yet. What is written from here on is counted twice, and never not at
            // all.
            if (await ReleaseWritten(quota, place))
            {
                return true;
            }

            if (await IsFull(quota))
            {
                return false;
            }
        }

        _taken[place] = now;
        return true;
    }

    public Task Release(string place)
    {
        GiveBack(place);
        return Task.CompletedTask;
    }

    private void GiveBack(string place)
    {
        if (_taken.Remove(place))
        {
            _stored++;
        }
    }

    /// <summary>Releases the places of rows that are there; whether one of them is that of the place asked
    /// for.</summary>
    private async Task<bool> ReleaseWritten(Quota quota, string place)
    {
        var isThere = false;
        foreach (var kind in quota.Kinds)
        {
            foreach (var row in await store.ReadMany(kind, [.. _taken.Keys, place]))
            {
                GiveBack(row.Key.Id);
                isThere |= row.Key.Id == place;
            }
        }

        return isThere;
    }

    private bool IsFullBy(long stored, Quota quota) => _taken.Count + stored >= quota.Most;

    private async Task<bool> IsFull(Quota quota)
    {
        var now = time.GetUtcNow();
        ListFilter[] filters = quota.Statuses.IsEmpty ? [] : [new(Status, ListOperator.In, quota.Statuses)];
        var counts = await Task.WhenAll(quota.Kinds.Select(
            kind => store.Count(ScopeOf(kind, quota), filters)));
        (_stored, _countedAt) = (counts.Sum(), now);
        return IsFullBy(_stored, quota);
    }

    private static RecordScope ScopeOf(string kind, Quota quota) =>
        new(kind, quota.OrganizationId.ToString(), quota.MemberId, quota.Listing);
}
