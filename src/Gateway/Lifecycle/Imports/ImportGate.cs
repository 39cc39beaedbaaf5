using System.Threading.RateLimiting;
using TokenActors.Domain.Identity;

namespace TokenActors.Gateway.Lifecycle.Imports;

/// <summary>
/// Lines that are read and handed over take memory and processor time: so many files at once in a gateway, and of one
/// organization half of them. Nobody waits: who finds no place asks again.
/// </summary>
internal sealed class ImportGate : IDisposable
{
    public const int MostAtOnce = 8;
    public const int MostOfOne = MostAtOnce / 2;

    /// <summary>After which time one that found no place may ask again.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<OrganizationId> _each = Of(organization => organization, MostOfOne);
    private readonly PartitionedRateLimiter<OrganizationId> _all = Of(_ => 0, MostAtOnce);
    private readonly PartitionedRateLimiter<OrganizationId> _both;

    public ImportGate() => _both = PartitionedRateLimiter.CreateChained(_each, _all);

    /// <summary>A place, which is free again once the lease is disposed of; not acquired where there is none.</summary>
    public RateLimitLease Enter(OrganizationId organization) => _both.AttemptAcquire(organization);

    public void Dispose()
    {
        _both.Dispose();
        _each.Dispose();
        _all.Dispose();
    }

    private static PartitionedRateLimiter<OrganizationId> Of<TKey>(Func<OrganizationId, TKey> key, int most)
        where TKey : notnull => PartitionedRateLimiter.Create<OrganizationId, TKey>(organization =>
            RateLimitPartition.GetConcurrencyLimiter(
                key(organization), _ => new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = 0 }));
}
