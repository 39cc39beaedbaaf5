using System.Threading.RateLimiting;
using TokenActors.Domain.Identity;

namespace TokenActors.Gateway.Management.Mappings;

/// <summary>
/// Transforms take processor time. One organization runs one at a time in a gateway, and all of them together leave
/// half of the processors to other requests. Who waits holds no thread.
/// </summary>
internal sealed class TransformGate : IDisposable
{
    private const int MostWaitingOfOne = 20;

    /// <summary>After which time one that found too many waiting may ask again.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<OrganizationId> _each =
        PartitionedRateLimiter.Create<OrganizationId, OrganizationId>(organization =>
            RateLimitPartition.GetConcurrencyLimiter(organization, _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = 1,
                QueueLimit = MostWaitingOfOne,
            }));

    /// <summary>At most one of each organization waits here.</summary>
    private readonly ConcurrencyLimiter _all = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = int.MaxValue,
    });

    /// <summary>Null where too many of the organization wait already.</summary>
    public async Task<T?> Run<T>(OrganizationId organization, Func<T> transform, CancellationToken cancellationToken)
        where T : struct
    {
        using var own = await _each.AcquireAsync(organization, cancellationToken: cancellationToken);
        if (!own.IsAcquired)
        {
            return null;
        }

        using var any = await _all.AcquireAsync(cancellationToken: cancellationToken);
        return any.IsAcquired ? transform() : null;
    }

    public void Dispose()
    {
        _each.Dispose();
        _all.Dispose();
    }
}
