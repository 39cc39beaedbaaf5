using System.Collections.Immutable;
using TokenActors.Grains.Abstractions.CookieKeys;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.CookieKeys;

/// <summary>
/// The keys of the console's cookies, encrypted as credentials are. The grain makes them, so that gateways only read:
/// two that start at once have the same.
/// </summary>
[GrainType(Kinds.CookieKeys)]
public sealed class CookieKeysGrain(IRecordStore store, SiloLease lease, PepperRing peppers, TimeProvider time)
    : RecordGrain<KeyRing>(store, lease, time, Kinds.CookieKeys), ICookieKeysGrain
{
    private readonly SecretBox _box = new(peppers);

    public async Task<ImmutableArray<CookieKey>> GetKeys(CancellationToken cancellationToken)
    {
        if (!HasCanonicalKey)
        {
            LeaveIfAbsent();
            throw new ArgumentException($"'{Key.Id}' is no id of an organization");
        }

        return await Apply(Renewal, cancellationToken);
    }

    protected override KeyRing Restore(StoredRecord record) => KeyRing.Read(record);

    private Step<KeyRing, ImmutableArray<CookieKey>> Renewal()
    {
        var ring = Current ?? new KeyRing(Guid.ParseExact(Key.Id, "D"), []);
        var keys = ring.Open(_box, Now);
        if (ring.Renewed(_box, keys.Select(key => key.Id).ToHashSet(), Now) is not { } next)
        {
            return Step<KeyRing, ImmutableArray<CookieKey>>.Just(keys);
        }

        var context = InternalCommand();
        var row = next.ToRow(context.CommandId.ToString("N"), Now);
        var audit = AuditEntries.Of(
            Key, context, row.CommandId, row.OrganizationId, $"{Kinds.CookieKeys}.made", next.Version, Now);
        return new(next, new Commit(row, next.Version - 1, [audit]), _ => next.Open(_box, Now));
    }
}
