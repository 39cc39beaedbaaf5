using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// The tokens whose grains are active in this silo. A gateway in the same process verifies there without a message where there is nothing to
/// note; all else is a call. The grain takes itself out before its successor can be active anywhere.
/// </summary>
public sealed class ActiveTokens
{
    private readonly ConcurrentDictionary<TokenId, RefreshTokenGrain> _active = [];

    /// <summary>The token's answer, from any thread; null where its grain has to be called.</summary>
    /// <exception cref="Records.ServiceUnavailableException">the silo's lease has run out</exception>
    public Verification? Verify(TokenId token, VerifyToken query) => _active.TryGetValue(token, out var grain) ? grain.Glance(query) : null;

    internal void Add(TokenId token, RefreshTokenGrain grain) => _active[token] = grain;

    /// <summary>Only this very activation: its successor may be there already.</summary>
    internal void Remove(TokenId token, RefreshTokenGrain grain) => _active.TryRemove(new(token, grain));
}
