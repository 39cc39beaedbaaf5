using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>Decide in the machine, commit, then answer.</summary>
public sealed partial class RefreshTokenGrain
{
    private static readonly TimeSpan ReuseAuditedEvery = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _dueAt;
    private DateTimeOffset _reuseAuditedAt;

    protected override TokenState Restore(StoredRecord record)
    {
        LastUsed = record.LastUsedAt;
        _dueAt = record.DueAt;
        return TokenRecord.FromRecord(record);
    }

    /// <summary>
    /// Carries a command out: answered from the current state where this very command wrote it, decided by the machine otherwise, again
    /// from the start where another activation was faster.
    /// </summary>
    private async Task<TokenAnswer> Execute(CallContext context, Func<TokenState, TokenCommand> command)
    {
        var commandId = context.CommandId.ToString("N");
        var tag = context.Idempotency is { } i ? new IdempotencyTag(i.Key, i.Request, i.Sealed, i.Fresh) : null;
        Decision? decision = null;
        var answer = await Apply(() =>
        {
            if (Current is { } current && CurrentCommand == commandId)
            {
                return Step<TokenState, TokenAnswer>.Just(Done(current));
            }

            var now = time.GetUtcNow();
            decision = TokenMachine.Decide(Current, command(Current!) with { Idempotency = tag }, settings.Rules, now);
            return StepOf(decision, context, commandId, now);
        });
        if (decision is Decision.Reuse)
        {
            await AuditReuse(context, commandId);
        }
        else if (decision is Decision.Changed)
        {
            await RegisterIfDueSoon();
        }

        return answer;
    }

    private Step<TokenState, TokenAnswer> StepOf(Decision decision, CallContext? context, string commandId, DateTimeOffset now) => decision switch
    {
        Decision.Changed changed => CommitOf(changed.Next, changed.Event, context, commandId, now, Done(changed.Next)),
        Decision.Unchanged unchanged => Just(Done(unchanged.State) with { Unchanged = true }),
        Decision.SameAnswer same => Just(Done(same.State) with { Secrets = AnswerSecrets.SealedForHolder, Sealed = same.Sealed }),
        Decision.Replayed { Record: var record } =>
            Just(Done(record.Answer) with { Secrets = AnswerSecrets.SealedForCaller, Sealed = record.Sealed }),
        Decision.Refused refused => Just(Refused(refused.Refusal)),
        Decision.Reuse { Disabled: { } disabled } =>
            CommitOf(disabled, TokenEvent.ReuseDetected, context, commandId, now, Refused(TokenRefusal.Reused)),
        Decision.Reuse => Just(Refused(TokenRefusal.Reused)),
        Decision.Purge purge => new(null, PurgeOf(purge.State, commandId, now), _ => Refused(TokenRefusal.NotFound)),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, null),
    };

    private Step<TokenState, TokenAnswer> CommitOf(
        TokenState next, TokenEvent happened, CallContext? context, string commandId, DateTimeOffset now, TokenAnswer done)
    {
        var dueAt = TokenMachine.DueToStore(next, _dueAt, now);
        var commit = TokenCommits.Of(next, Current, happened, context, commandId, dueAt, LastUsed, now);
        return new(next, commit, outcome => outcome switch
        {
            CommitOutcome.Done => Stored(happened, dueAt, done),
            CommitOutcome.NameTaken => Refused(TokenRefusal.NameTaken),
            CommitOutcome.ParentGone => Refused(TokenRefusal.OwnerGone),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        });
    }

    private Commit PurgeOf(TokenState state, string commandId, DateTimeOffset now)
    {
        var next = state with { Version = state.Version + 1 };
        return TokenCommits.Of(next, state, TokenEvent.Purged, null, commandId, _dueAt, LastUsed, now) with { Purges = true };
    }

    /// <summary>
    /// Refuses what the caller may not touch: a token of another organization or owner looks as if it did not exist, and a token that
    /// may do more than the caller is out of its reach. The operator's own code (no caller) and the token itself pass, and so does whoever
    /// takes a facade's token away: their APIs name who may delete which tokens.
    /// </summary>
    private async Task<TokenAnswer> Guard(
        CallContext context, Func<Task<TokenAnswer>> command, string? ownerId = null, bool takesAway = false)
    {
        if (Current is not { DeletedAt: null } state
            || (ownerId is not null && state.OwnerId != ownerId)
            || (context.Caller is { } caller && caller.OrganizationId != state.OrganizationId))
        {
            // A repeated delete is answered by its own command below; everything else finds nothing.
            var own = Current is not null && CurrentCommand == context.CommandId.ToString("N");
            LeaveIfAbsent();
            return own ? await command() : Refused(TokenRefusal.NotFound);
        }

        var free = takesAway && state.Profile.IsFacade;
        return !free && context.Caller is { } other && other.TokenId != Id && !await IsInReach(state, other.Grant)
            ? Refused(TokenRefusal.BeyondGrant)
            : await command();
    }

    /// <summary>
    /// The token may do nothing that the caller may not. What an integration's token opens is its integration, of which its grant says nothing:
    /// that is in reach of whoever could make such a token.
    /// </summary>
    private async Task<bool> IsInReach(TokenState state, Grant caller)
    {
        if (!EffectiveGrant(state, await Ask(state)).IsWithin(caller))
        {
            return false;
        }

        if (state.OwnerType != TokenOwnerType.Integration)
        {
            return true;
        }

        var read = new ReadResource { OrganizationId = state.OrganizationId };
        return (await GrainFactory.GetGrain<IIntegrationGrain>(state.OwnerId).Get(read)).Resource is { Content.Integration: { } integration } found
            && (await GrainFactory.GetGrain<IAccountGrain>(integration.AccountId.ToString()).Get(read)).Resource is { Content.Account: { } account }
            && caller.Covers("tokens:create_integration", ResourceTargets.InAccount(found.OrganizationId, integration.AccountId, account, integration.Category));
    }

    /// <summary>Replays that disable nothing leave an audit row, at most one a minute.</summary>
    private async Task AuditReuse(CallContext context, string commandId)
    {
        var now = time.GetUtcNow();
        if (settings.Rules.DisableOnReuse || Current is not { } state || now - _reuseAuditedAt < ReuseAuditedEvery)
        {
            return;
        }

        _reuseAuditedAt = now;
        GrainTelemetry.Happened(GrainTelemetry.Words.Of(TokenEvent.ReuseDetected));
        await Guarded(async () =>
        {
            await Store.Append(Audit(
                context, commandId, state.OrganizationId.ToString(), TokenCommits.EventName(TokenEvent.ReuseDetected), state.Version, now, "refused"));
            return true;
        });
    }

    private MintedPair Digests(MintedSecrets secrets) => TokenIssuing.Digests(secrets, peppers);

    private Presented Identify(TokenState state, SecretFingerprint fingerprint)
    {
        var comparer = peppers.Compare(fingerprint);
        return Presented.Find(state, comparer.Matches);
    }

    private TokenAnswer Done(TokenState state) =>
        new() { Token = state.DeletedAt is null ? TokenViews.Of(state, LastUsed, time.GetUtcNow()) : null };

    private static Step<TokenState, TokenAnswer> Just(TokenAnswer answer) => Step<TokenState, TokenAnswer>.Just(answer);

    private static TokenAnswer Refused(TokenRefusal refusal) => new() { Refusal = refusal };

    private TokenAnswer Stored(TokenEvent happened, DateTimeOffset? dueAt, TokenAnswer done)
    {
        _dueAt = dueAt;
        GrainTelemetry.Happened(GrainTelemetry.Words.Of(happened));
        return done;
    }
}
