using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Options;

namespace TokenActors.AspNetCore;

/// <summary>
/// Introspection with a cache of this process, by digests of secrets. What the stream of revocations spoke against is
/// not used; the cache forgets it with its time.
/// </summary>
internal sealed class CachedIntrospection(
    string scheme, ServiceClient service, RevocationState revocations, HybridCache cache,
    IOptionsMonitor<TokenActorsOptions> monitor, TimeProvider time)
{
    /// <summary>Never in a distributed cache: nobody would empty it.</summary>
    private const HybridCacheEntryFlags InProcess = HybridCacheEntryFlags.DisableDistributedCache;

    private static readonly HybridCacheEntryOptions ReadOnly = new()
    {
        Flags = InProcess | HybridCacheEntryFlags.DisableUnderlyingData | HybridCacheEntryFlags.DisableLocalCacheWrite,
    };

    /// <summary>An answer, and what the stream had said when it was asked for.</summary>
    [System.ComponentModel.ImmutableObject(true)]
    internal sealed record Entry(IntrospectedToken Token, long Since);

    /// <exception cref="ServiceUnreachableException">the service does not say</exception>
    public async ValueTask<IntrospectedToken> Introspect(
        string secret, string? clientAddress, CancellationToken cancellation)
    {
        var options = monitor.Get(scheme);
        if (options.CacheFor == TimeSpan.Zero || revocations.Begin() is not { } since)
        {
            return await service.Introspect(secret, clientAddress, cancellation).ConfigureAwait(false);
        }

        var key = KeyOf(secret, clientAddress);
        if (await cache.GetOrCreateAsync<Entry?>(key, _ => default, ReadOnly, cancellationToken: cancellation).ConfigureAwait(false)
            is { } kept && Holds(kept))
        {
            return kept.Token;
        }

        var entry = new Entry(
            await service.Introspect(secret, clientAddress, cancellation).ConfigureAwait(false), since);
        if (Holds(entry))
        {
            var store = new HybridCacheEntryOptions { LocalCacheExpiration = options.CacheFor, Expiration = options.CacheFor, Flags = InProcess };
            await cache.SetAsync(key, entry, store, cancellationToken: cancellation).ConfigureAwait(false);
        }

        return entry.Token;
    }

    /// <summary>
    /// What is inactive has no id by which a revocation could name it, and is never kept; nor is what the service says
    /// not to keep, since it counts each use.
    /// </summary>
    private bool Holds(Entry entry) =>
        entry.Token is { IsActive: true, MayBeKept: true, TokenId: { } token }
            && entry.Token.ExpiresAt > time.GetUtcNow()
        && revocations.Holds(token, entry.Since);

    private string KeyOf(string secret, string? clientAddress) =>
        $"tokenactors:{scheme}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))}:{clientAddress}";
}
