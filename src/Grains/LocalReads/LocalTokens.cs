using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.LocalReads;

/// <summary>
/// The verifiers of the tokens whose grains are active in this silo. A grain unregisters on deactivation, before
/// Orleans can activate a successor anywhere.
/// </summary>
public sealed class LocalTokens
{
    private readonly ConcurrentDictionary<TokenId, TokenVerifier> _active = [];

    /// <summary>What <see cref="ILocalTokenVerifier.TryVerify"/> says.</summary>
    public Verification? TryVerify(TokenId token, VerifyToken query) =>
        _active.TryGetValue(token, out var verifier) ? verifier.TryVerify(query) : null;

    /// <summary>Whether the token's grain is active in this silo.</summary>
    public bool IsActive(TokenId token) => _active.ContainsKey(token);

    internal void Add(TokenId token, TokenVerifier verifier) => _active[token] = verifier;

    /// <summary>Removes only this activation's entry: a successor may have registered already.</summary>
    internal void Remove(TokenId token, TokenVerifier verifier) => _active.TryRemove(new(token, verifier));
}
