using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tokens;

/// <summary>For gateways that are clients, what <see cref="StoredTokenReads"/> is to one in a silo's process.</summary>
[StatelessWorker]
[GrainType("token-reader")]
public sealed class TokenReaderGrain(StoredTokenReads reads) : Grain, ITokenReaderGrain
{
    public async Task<Verification> Verify(TokenId id, VerifyToken query, CancellationToken cancellationToken) =>
        reads.TryVerify(id, query)
        ?? await reads.VerifyStored(id, query, cancellationToken)
        ?? await GrainFactory.GetGrain<IRefreshTokenGrain>(id.ToString()).Verify(query, cancellationToken);
}
