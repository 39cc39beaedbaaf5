using System.Net;
using System.Threading.RateLimiting;
using TokenActors.Domain.Identity;

namespace TokenActors.Gateway.Http;

/// <summary>Limits of one gateway process. Zero switches a limit off.</summary>
internal sealed class RateLimits(GatewayOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<TokenId> _perToken = Limiter<TokenId>(options.RequestsPerToken, options.RequestsPerToken * 2, TimeSpan.FromSeconds(1));

    private readonly PartitionedRateLimiter<IPAddress> _failures =
        Limiter<IPAddress>(options.FailuresPerAddress, options.FailuresPerAddress, TimeSpan.FromMinutes(1));

    private readonly PartitionedRateLimiter<string> _logons = Limiter<string>(options.LogonsPerName, options.LogonsPerName, TimeSpan.FromMinutes(1));

    /// <summary>Null where the request may go on, else how long to wait.</summary>
    public TimeSpan? Request(TokenId token) => Take(_perToken, token, 1);

    /// <summary>Whether an address has failed too often of late; asked before any grain is.</summary>
    public TimeSpan? TooManyFailures(IPAddress? address) => Take(_failures, address ?? IPAddress.None, 0);

    public void NoteFailure(IPAddress? address)
    {
        GatewayTelemetry.AuthenticationFailures.Add(1);
        Take(_failures, address ?? IPAddress.None, 1);
    }

    /// <summary>Per organization and name, whether the name is known or not.</summary>
    public TimeSpan? Logon(string organization, string name) => Take(_logons, $"{organization.ToLowerInvariant()}\n{name.ToLowerInvariant()}", 1);

    public void Dispose()
    {
        _perToken.Dispose();
        _failures.Dispose();
        _logons.Dispose();
    }

    private static TimeSpan? Take<T>(PartitionedRateLimiter<T> limiter, T key, int permits)
    {
        using var lease = limiter.AttemptAcquire(key, permits);
        if (lease.IsAcquired)
        {
            return null;
        }

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
    }

    private static PartitionedRateLimiter<T> Limiter<T>(int permits, int burst, TimeSpan period)
        where T : notnull => PartitionedRateLimiter.Create<T, T>(key => permits == 0
            ? RateLimitPartition.GetNoLimiter(key)
            : RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = Math.Max(1, permits / 10),
                ReplenishmentPeriod = period / Math.Min(10, permits),
                AutoReplenishment = true,
            }));
}
