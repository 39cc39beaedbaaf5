using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>What a token's grain asks of itself, in a turn of its own.</summary>
[Alias("TokenActors.ITokenUsesGrain")]
internal interface ITokenUsesGrain : IGrainWithStringKey
{
    /// <summary>Writes a block of uses ahead; null, or why none can be had.</summary>
    [Alias("ReserveUses")]
    Task<TokenRefusal?> ReserveUses();
}

/// <summary>
/// Verifies secrets, and counts the uses of a token that has a number of them. A block of uses is written ahead and
/// given out from memory: what is in memory is lost with the process, given back where the activation ends in order,
/// and never given twice.
/// </summary>
public abstract class CountedTokenGrain : GuardedTokenGrain, ITokenUsesGrain
{
    private long _reserved;
    private Task<TokenRefusal?>? _reserving;

    private protected CountedTokenGrain(
        IRecordStore store, SiloLease lease, TokenSettings settings, LocalAuthorities authorities, LocalTokens local,
        TokenVerifier verifier, PepperRing peppers, TimeProvider time)
        : base(store, lease, settings, authorities, local, verifier, time) => Peppers = peppers;

    private protected PepperRing Peppers { get; }

    public Task RenewDigest(SecretFingerprint presented) => Execute(
        InternalCommand(),
        current => new TokenCommand.RenewDigest(Identify(current, presented).Kind, Peppers.Digest(presented)),
        CancellationToken.None);

    public async Task<Verification> Verify(VerifyToken query, CancellationToken cancellationToken)
    {
        if (await LoadIfMade(cancellationToken) is not { } state)
        {
            LeaveIfAbsent();
            return TokenVerifier.Refuse(TokenRefusal.NotFound);
        }

        var now = Time.GetUtcNow();
        var presented = Verifier.Identify(state, query.Presented);
        if (TokenVerifier.RefusalOf(state, presented, query, now) is { } refusal)
        {
            Verifier.Count(presented, refusal, query, now);
            return TokenVerifier.Refuse(refusal);
        }

        // A command may be committed while the organization is asked. The secret may then have left the primary slot,
        // and its use is noted for the slot it is in now.
        var owner = await Ask(state, cancellationToken);
        if (owner.RefusalFor(state.Independent) is { } gone)
        {
            Verifier.Count(presented, gone, query, now);
            return TokenVerifier.Refuse(gone);
        }

        if (state.Limits.Uses is not null && await RefusalOfUse(query, now) is { } used)
        {
            Verifier.Count(presented, used, query, now);
            return TokenVerifier.Refuse(used);
        }

        if (!query.IsQuestion && Current is { } current)
        {
            NoteUse(current, ReferenceEquals(current, state) ? presented : Identify(current, query.Presented), now);
        }

        if (Verifier.IsUnderOldPepper(state, presented))
        {
            this.AsReference<IRefreshTokenGrain>().RenewDigest(query.Presented).Forget();
        }

        if (state.Limits.Uses is null || query.IsUse)
        {
            // Whoever asks before a use may find none left.
            Verifier.Count(presented, null, query, now);
        }

        GrainTelemetry.Verified(null);
        return Verifier.Acceptance(state, presented, owner, query.IsQuestion ? Verifier.LastUsed : now, now);
    }

    async Task<TokenRefusal?> ITokenUsesGrain.ReserveUses()
    {
        if (_reserved > 0)
        {
            return null;
        }

        // Remembered from the decision: after an unknown outcome this very command may be found written.
        var before = 0L;
        var answer = await Execute(
            InternalCommand(),
            current =>
            {
                before = current?.UsesLeft ?? 0;
                return new TokenCommand.ReserveUses();
            },
            CancellationToken.None);
        if (answer is { Refusal: null, Unchanged: false } && Current is { } state)
        {
            _reserved += before - state.UsesLeft;
        }

        return answer.Refusal;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // First, since what follows may fail.
        Deregister();
        if (TakeUnspent() is var unspent and > 0)
        {
            await Return(unspent);
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>With the uses that are in memory: only the grain knows of them.</summary>
    protected override TokenAnswer Done(TokenState state) =>
        base.Done(state) is { Token: { Limits: { UsesLeft: { } left } limits } token } answer
            ? answer with { Token = token with { Limits = limits with { UsesLeft = left + _reserved } } }
            : base.Done(state);

    protected override TokenState Restore(StoredRecord record)
    {
        // What another activation wrote counts: what this one had taken before is lost.
        _reserved = 0;
        return base.Restore(record);
    }

    /// <summary>Uses that are not given out. Whoever takes them gives them back, or counts them as left.</summary>
    private protected long TakeUnspent() => Interlocked.Exchange(ref _reserved, 0);

    private protected void GiveBack(long unspent) => _reserved += unspent;

    /// <summary>
    /// Counts a use; null, or why there is none. Verifications interleave: all that find nothing wait for one block,
    /// and what changed meanwhile is asked again, so that no secret is accepted after an answer that ended it.
    /// </summary>
    private async Task<TokenRefusal?> RefusalOfUse(VerifyToken query, DateTimeOffset now)
    {
        if (!query.IsUse)
        {
            return _reserved == 0 && Current is { } asked && TokenMachine.IsUsedUp(asked) ? TokenRefusal.UsedUp : null;
        }

        while (_reserved == 0)
        {
            if (await Reserve() is { } refusal)
            {
                return refusal;
            }

            if (Current is { } state
                && TokenVerifier.RefusalOf(state, Verifier.Identify(state, query.Presented), query, now) is { } ended)
            {
                return ended;
            }

            if (Current?.Limits.Uses is null)
            {
                break;
            }
        }

        _reserved -= _reserved > 0 ? 1 : 0;
        return Current is null ? TokenRefusal.NotFound : null;
    }

    /// <summary>One block for all that wait.</summary>
    private async Task<TokenRefusal?> Reserve()
    {
        var reserving = _reserving ??= this.AsReference<ITokenUsesGrain>().ReserveUses();
        try
        {
            return await reserving;
        }
        finally
        {
            if (ReferenceEquals(_reserving, reserving))
            {
                _reserving = null;
            }
        }
    }

    /// <summary>Where that fails, they are as lost as with a process that was killed.</summary>
    private async Task Return(long unspent)
    {
        try
        {
            await Decide(InternalCommand(), _ => new TokenCommand.ReturnUses(unspent), CancellationToken.None);
        }
        catch (Exception e) when (e is StorageUnavailableException or ServiceUnavailableException)
        {
            return;
        }
    }
}
