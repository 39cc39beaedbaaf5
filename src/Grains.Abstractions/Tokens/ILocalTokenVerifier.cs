using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Abstractions.Tokens;

/// <summary>
/// Verifies in the process of a silo without a message to a token's grain. There is one where a silo runs, and none in
/// a client: all else is <see cref="IRefreshTokenGrain.Verify"/>.
/// </summary>
public interface ILocalTokenVerifier
{
    /// <summary>
    /// What <see cref="IRefreshTokenGrain.Verify"/> would answer, from any thread. Null where the token's grain is
    /// not active here, or would have something to note: then it has to be called.
    /// </summary>
    /// <exception cref="Calls.ServiceUnavailableException">the silo's lease has run out</exception>
    Verification? TryVerify(TokenId token, VerifyToken query);

    /// <summary>
    /// The same from the token's row, where its grain is not active in any silo: nothing is activated. Null where the
    /// grain has to be called.
    /// </summary>
    /// <exception cref="Calls.ServiceUnavailableException">
    /// the silo's lease has run out, or the database does not answer
    /// </exception>
    ValueTask<Verification?> VerifyStored(TokenId token, VerifyToken query, CancellationToken cancellationToken);
}
