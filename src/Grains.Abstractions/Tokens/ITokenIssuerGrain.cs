using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Tokens;

/// <summary>
/// Creates tokens under new ids without activating their grains. Stateless; key: <c>0</c>. Throws
/// <see cref="ServiceUnavailableException"/> where the database does not answer: the token's own grain is to be asked
/// then, by <see cref="IRefreshTokenGrain.Issue"/> with the same command. Cancellation is that of
/// <see cref="IRefreshTokenGrain"/>.
/// </summary>
[Alias("TokenActors.ITokenIssuerGrain")]
public interface ITokenIssuerGrain : IGrainWithStringKey
{
    /// <summary>
    /// As <see cref="IRefreshTokenGrain.Issue"/>, for an id that was just made at random, or one derived from an
    /// idempotency key.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Issue")]
    Task<TokenAnswer> Issue(TokenId id, IssueToken command, CancellationToken cancellationToken = default);
}
