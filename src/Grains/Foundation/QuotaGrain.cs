using TokenActors.Domain.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// Counts what is stored and what is about to be. What it holds is memory alone: what was taken before a crash and is
/// written after it may be one too many.
/// </summary>
[GrainType("quota")]
internal sealed class QuotaGrain(IRecordStore store, TimeProvider time) : Grain, IQuotaGrain
{
    /// <summary>Longer than a write may take.</summary>
    private static readonly TimeSpan Held = TimeSpan.FromMinutes(1);

    private static readonly ListField Status = new("status", ListFieldKind.Word, JsonName: "status");

    private readonly Dictionary<string, DateTimeOffset> _taken = [];

    public async Task<bool> Take(string place, Quota quota)
    {
        var now = time.GetUtcNow();
        foreach (var (taken, at) in _taken)
        {
            if (now - at > Held || taken == place)
            {
                _taken.Remove(taken);
            }
        }

        if (await IsFull(quota))
        {
            // Some may be written and not released yet. What is written from here on is counted twice, and never not at all.
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
        _taken.Remove(place);
        return Task.CompletedTask;
    }

    /// <summary>Releases the places of rows that are there; whether one of them is that of the place asked for.</summary>
    private async Task<bool> ReleaseWritten(Quota quota, string place)
    {
        var isThere = false;
        foreach (var kind in quota.Kinds)
        {
            foreach (var row in await store.ReadMany(kind, [.. _taken.Keys, place]))
            {
                _taken.Remove(row.Key.Id);
                isThere |= row.Key.Id == place;
            }
        }

        return isThere;
    }

    private async Task<bool> IsFull(Quota quota)
    {
        ListFilter[] filters = quota.Statuses.IsEmpty ? [] : [new(Status, ListOperator.In, quota.Statuses)];
        var counts = await Task.WhenAll(quota.Kinds.Select(
            kind => store.Count(ScopeOf(kind, quota), filters)));
        return _taken.Count + counts.Sum() >= quota.Most;
    }

    private static RecordScope ScopeOf(string kind, Quota quota) =>
        new(kind, quota.OrganizationId.ToString(), quota.MemberId, quota.Listing);
}
