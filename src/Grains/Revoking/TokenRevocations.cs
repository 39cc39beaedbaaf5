using System.Security.Cryptography;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.DurableJobs;

namespace TokenActors.Grains.Revoking;

/// <summary>Asks the tokens of a job, each with the rights of who started it.</summary>
internal sealed class TokenRevocations(IGrainFactory grains, RevocationJob job)
{
    private static readonly CallOrigin Origin = new() { Method = "POST", Path = "/lifecycle/v1/tokens/revoke", Code = "202" };

    private readonly Caller _caller = JobCallers.Of(job);

    /// <exception cref="ServiceUnavailableException">one did not answer; all may be asked again</exception>
    public async Task<RevokedShare> Ask(IEnumerable<TokenId> tokens)
    {
        var refusals = await Task.WhenAll(tokens.Select(Revoke));
        return new RevokedShare(
            refusals.Count(refusal => refusal is null),
            refusals.Count(refusal => refusal is TokenRefusal.NotFound),
            refusals.Count(refusal => refusal is not null and not TokenRefusal.NotFound));
    }

    /// <summary>A default token cannot be deleted: it is disabled.</summary>
    private async Task<TokenRefusal?> Revoke(TokenId id)
    {
        var grain = grains.GetGrain<IRefreshTokenGrain>(id.ToString());
        var deleted = await grain.Delete(Command(id, "delete"));
        return deleted.Refusal is TokenRefusal.DefaultTokenStays
            ? (await grain.Disable(Command(id, "disable"))).Refusal
            : deleted.Refusal;
    }

    /// <summary>The same command whenever it is asked again, so that it is recognised as done.</summary>
    private ChangeToken Command(TokenId id, string verb)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. job.Id.ToByteArray(), .. id.Value.ToByteArray(), (byte)verb.Length], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new ChangeToken
        {
            Context = new CallContext { CommandId = new Guid(hash[..16], bigEndian: true), Caller = _caller, Origin = Origin },
        };
    }
}
