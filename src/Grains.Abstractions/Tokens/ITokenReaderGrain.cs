using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Tokens;

/// <summary>
/// Verifies a token that was not verified for a while, from its row where its grain is not active anywhere, and by its
/// grain where it is. Stateless; key: <c>0</c>. Whoever is going to ask about the token again soon asks
/// <see cref="IRefreshTokenGrain.Verify"/>, which keeps it in memory. The answers are the same.
/// </summary>
[Alias("TokenActors.ITokenReaderGrain")]
public interface ITokenReaderGrain : IGrainWithStringKey
{
    /// <summary>As <see cref="IRefreshTokenGrain.Verify"/>.</summary>
    /// <exception cref="ServiceUnavailableException">the database does not answer, or the lease has run out</exception>
    [AlwaysInterleave]
    [Alias("Verify")]
    Task<Verification> Verify(TokenId id, VerifyToken query, CancellationToken cancellationToken = default);
}
