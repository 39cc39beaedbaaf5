using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// Owns a token's row, its slots, grant and life, and the reminder <c>expiry</c>. The machine decides each command,
/// <see cref="TokenSteps"/> makes the commit and the answer, and every committed state is published to the verifier
/// before the answer.
/// </summary>
public abstract class TokenGrain : RecordGrain<TokenState>, IRemindable
{
    private readonly LocalTokens _local;
    private readonly ReuseAudit _reuse;
    private readonly KnownDue _due = new();
    private bool _isAsked;
    private bool _isDivided;

    private protected TokenGrain(
        IRecordStore store, SiloLease lease, TokenSettings settings, LocalAuthorities authorities, LocalTokens local,
        TokenVerifier verifier, TimeProvider time)
        : base(store, lease, time, Kinds.Token) =>
        (Settings, Owner, _local, Verifier, _reuse) = (
            settings, new OwnerAsking(authorities, () => GrainFactory, time), local, verifier, new ReuseAudit(store, time));

    private protected TokenVerifier Verifier { get; }

    private protected OwnerAsking Owner { get; }

    protected TokenSettings Settings { get; }

    /// <summary>The operator's rules, and the policy of the organization as it was last heard.</summary>
    private TokenRules Rules => Owner.Under(Settings.Rules);

    private TokenMemory Memory =>
        new(Rules.Policy, Settings.DividesRows, Current, _due.At, Verifier.LastUsed, _isDivided);

    protected override bool IsGone => Current is null or { DeletedAt: not null };

    protected TokenId Id => TokenId.Parse(this.GetPrimaryKeyString());

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Deregister();
        Verifier.Close();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task FinishDelete()
    {
        if (Current is not { CascadePending: true } state)
        {
            return;
        }

        // No child commits under a tombstone, so a scan that began after it was stored and finds nothing is the last.
        await TokensBelowThis(state).End();
        await Execute(InternalCommand(), _ => new TokenCommand.FinishCascade(), CancellationToken.None);
        await Owner.Organization(state.OrganizationId).ClearDeleting(state.Id);
    }

    /// <summary>
    /// Expiry, purge and the cascade: derived again from the stored state at every tick, so ticks may repeat.
    /// </summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        DemandOwn(reminderName);
        var isWoken = !_isAsked;
        try
        {
            await TickAll();
        }
        finally
        {
            // Many may be woken within minutes, whom nobody else asks.
            if (isWoken)
            {
                DeactivateOnIdle();
            }
        }
    }

    private async Task TickAll()
    {
        if (Current is { DeletedAt: null } asked)
        {
            Owner.Hear(await Ask(asked, CancellationToken.None));
        }

        if (Current is { } found && TokenMachine.NextDue(found, Rules.Policy) is { } since && since <= Time.GetUtcNow())
        {
            GrainTelemetry.Ticked(Time.GetUtcNow() - since);
        }

        while (Current is not null && await Tick() is { Unchanged: false, Refusal: null })
        {
        }

        await FinishDelete();
        LeaveIfAbsent();
        if (Current is { } state && TokenMachine.NextDue(state, Rules.Policy) is { } due)
        {
            if (_due.At < due)
            {
                await Store.MoveDue(Key, state.Version, due);
                if (Current?.Version != state.Version)
                {
                    // The runtime's next read finds what a command stored meanwhile.
                    return;
                }

                _due.At = due;
            }

            // Also where it is far off: it replaces what just ticked in the runtime's memory.
            await RegisterReminder(Kinds.Expiry, due, _due.TakeTag(CurrentCommand));
        }
    }

    protected override Task OnLoaded()
    {
        if (HasCanonicalKey)
        {
            _local.Add(Id, Verifier);
        }

        return Task.CompletedTask;
    }

    protected override void Publish(TokenState? state) => Verifier.Publish(state);

    /// <summary>Stays registered: the row is not read beside an activation.</summary>
    protected override void Withdraw() => Verifier.Publish(null);

    protected override void Deregister()
    {
        if (HasCanonicalKey)
        {
            _local.Remove(Id, Verifier);
        }
    }

    protected override TokenState Restore(StoredRecord record)
    {
        Verifier.LastUsed = record.LastUsedAt;
        _due.Read(record);
        OnWritten(record);
        return TokenRow.Read(record);
    }

    protected override void OnWritten(StoredRecord row) =>
        (_due.At, _isDivided) = (row.DueAt, row.Hot is not null);

    /// <summary>
    /// Keeps a first presentation that was noted during a commit which left the primary as it was.
    /// </summary>
    protected override TokenState Settle(TokenState before, TokenState committed)
    {
        if (before.PrimaryPresentedAt is not { } presentedAt || committed.PrimaryPresentedAt is not null
            || committed.Primary?.Access.Digest != before.Primary?.Access.Digest)
        {
            return committed;
        }

        Store.NoteUsage(
            new UsageUpdate(Key, committed.Version, presentedAt, presentedAt, EraseSealed: false), soon: true);
        return committed with { PrimaryPresentedAt = presentedAt };
    }

    /// <summary>
    /// Carries a command out: answered from the current state where this very command wrote it, decided by the
    /// machine otherwise.
    /// </summary>
    protected async Task<TokenAnswer> Execute(
        CallContext context, Func<TokenState?, TokenCommand> command, CancellationToken cancellationToken)
    {
        _isAsked = true;
        var (answer, decision) = await Decide(context, command, cancellationToken);
        if (decision is Decision.Reuse && !Settings.Rules.DisableOnReuse && Current is { } reused)
        {
            await _reuse.Note(Key, reused, context);
        }
        else if (decision is Decision.Changed && Current is { CascadePending: false } state
            && TokenMachine.NextDue(state, Rules.Policy) is { } due && due - Time.GetUtcNow() < Settings.ReminderReadPeriod)
        {
            // What falls due before the runtime reads its reminders again is registered with it; the read finds all
            // else in the row.
            await RegisterReminder(Kinds.Expiry, due, _due.TakeTag(CurrentCommand));
        }

        return answer;
    }

    private protected TokenCascade TokensBelowThis(TokenState state) =>
        new(Store, GrainFactory, Time, TokensBelow.Tokens(
            Store, state.OrganizationId.ToString(), [state.Id.ToString()]));

    private async Task<TokenAnswer> Tick() =>
        (await Decide(InternalCommand(), _ => new TokenCommand.Tick(), CancellationToken.None)).Answer;

    private protected async Task<(TokenAnswer Answer, Decision? Decision)> Decide(
        CallContext context, Func<TokenState?, TokenCommand> command, CancellationToken cancellationToken)
    {
        Decision? decision = null;
        var answer = await Apply(() =>
        {
            if (Current is { } own && CurrentCommand == context.CommandId.ToString("N"))
            {
                return Owner.Told(Step<TokenState, TokenAnswer>.Just(Done(own)));
            }

            var now = Time.GetUtcNow();
            decision = TokenMachine.Decide(
                Current, command(Current) with { Idempotency = TokenSteps.TagOf(context) }, Rules, now);
            var step = TokenSteps.Of(decision, Memory, context, now);
            return Owner.Told(step);
        }, cancellationToken, context.IsPreview);
        return (answer, decision);
    }

    protected void NoteUse(TokenState state, Presented presented, DateTimeOffset now)
    {
        _isAsked = true;
        var (update, remembered, isFirst) = Verifier.Use(state, presented, now);
        if (remembered is not null)
        {
            Remember(remembered);
        }

        if (update is not null)
        {
            Store.NoteUsage(update, soon: isFirst);
        }
    }

    /// <summary>The token, where it is made and not deleted. Reads ask, which leave a record without one at
    /// once.</summary>
    private protected async Task<TokenState?> FindLive(CancellationToken cancellationToken)
    {
        _isAsked = true;
        var found = await LoadIfMade(cancellationToken);
        LeaveIfAbsent();
        return found is { DeletedAt: null } ? found : null;
    }

    private protected Presented Identify(TokenState? state, SecretFingerprint fingerprint) =>
        state is null ? new Presented(PresentedKind.Unknown) : Verifier.Identify(state, fingerprint);

    protected virtual TokenAnswer Done(TokenState state) => TokenSteps.Done(state, Verifier.LastUsed, Time.GetUtcNow());

    protected static TokenAnswer Refused(TokenRefusal refusal) => TokenSteps.Refused(refusal);

    /// <summary>Asks the organization about the token as it is current, whose question is made once.</summary>
    private protected ValueTask<OwnerStatus> Ask(TokenState state, CancellationToken cancellationToken) =>
        Owner.Ask(state.OrganizationId, Verifier.OwnerQueryOf(state), cancellationToken);
}
