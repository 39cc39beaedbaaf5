using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>What is in memory of a token when a decision about it is made.</summary>
/// <param name="Policy">what its organization demands</param>
/// <param name="State">the last committed state; null where there is none</param>
/// <param name="DueAt">the due time in its row</param>
/// <param name="LastUsed">when a secret of it was last presented</param>
/// <param name="IsDivided">its row is divided (<see cref="RowDivision"/>)</param>
/// <param name="Divides">its next row may be</param>
internal readonly record struct TokenMemory(
    TokenPolicy Policy, bool Divides, TokenState? State = null, DateTimeOffset? DueAt = null,
    DateTimeOffset? LastUsed = null,
    bool IsDivided = false)
{
    public RowDivision Division => new(Divides, IsDivided ? State : null);
}

/// <summary>
/// Turns a decision of the token machine into a commit and an answer, for every grain that writes tokens.
/// </summary>
internal static class TokenSteps
{
    /// <param name="decision">what the machine decided</param>
    /// <param name="before">what was decided about</param>
    /// <param name="context">names the command and its caller</param>
    /// <param name="now">the time of the decision</param>
    public static Step<TokenState, TokenAnswer> Of(
        Decision decision, TokenMemory before, CallContext context, DateTimeOffset now)
    {
        switch (decision)
        {
            case Decision.Changed changed:
                return Commit(
                    changed.Next, changed.Event, before, context, now, Done(changed.Next, before.LastUsed, now));
            case Decision.Unchanged unchanged:
                return Just(Done(unchanged.State, before.LastUsed, now) with { Unchanged = true });
            case Decision.SameAnswer same:
                return Just(Done(same.State, before.LastUsed, now) with
                {
                    Secrets = AnswerSecrets.SealedForHolder,
                    Sealed = same.Sealed,
                });
            case Decision.Replayed { Record: var record }:
                return Just(Replayed(record, before.LastUsed, now));
            case Decision.Refused refused:
                return Just(Refused(refused.Refusal));
            case Decision.Reuse { Disabled: { } disabled }:
                return Commit(disabled, TokenEvent.ReuseDetected, before, context, now, Refused(TokenRefusal.Reused));
            case Decision.Reuse:
                return Just(Refused(TokenRefusal.Reused));
            case Decision.Purge purge:
                return new(null, Purge(purge.State, before, context, now), _ => Refused(TokenRefusal.NotFound));
            default:
                throw new ArgumentOutOfRangeException(nameof(decision), decision, null);
        }
    }

    /// <summary>The tag under which the machine finds the same call again; null where the call has none.</summary>
    public static IdempotencyTag? TagOf(CallContext context) =>
        context.Idempotency is { } call ? new IdempotencyTag(call.Key, call.Request, call.Sealed, call.Fresh) : null;

    /// <summary>The answer to a command that was done.</summary>
    public static TokenAnswer Done(TokenState state, DateTimeOffset? lastUsed, DateTimeOffset now) =>
        new() { Token = state.DeletedAt is null ? TokenViews.Of(state, lastUsed, now) : null };

    /// <summary>The answer that was given before under the same idempotency key.</summary>
    public static TokenAnswer Replayed(IdempotencyRecord record, DateTimeOffset? lastUsed, DateTimeOffset now) =>
        Done(record.Answer, lastUsed, now) with { Secrets = AnswerSecrets.SealedForCaller, Sealed = record.Sealed };

    /// <summary>
    /// What was answered under an idempotency key while that is kept; refused where there is nothing, or where the
    /// request was another.
    /// </summary>
    public static TokenAnswer EarlierAnswer(
        TokenState state, IdempotencyTag tag, DateTimeOffset? lastUsed, DateTimeOffset now) =>
        TokenMachine.FindAnswer(state, tag, now) switch
        {
            null => Refused(TokenRefusal.NotFound),
            var record when record.Request.AsSpan().SequenceEqual(tag.Request) => Replayed(record, lastUsed, now),
            _ => Refused(TokenRefusal.IdempotencyConflict),
        };

    public static TokenAnswer Refused(TokenRefusal refusal) => new() { Refusal = refusal };

    public static string EventName(TokenEvent happened) => "token." + GrainTelemetry.Words.Of(happened);

    private static Step<TokenState, TokenAnswer> Just(TokenAnswer answer) => Step<TokenState, TokenAnswer>.Just(answer);

    private static Step<TokenState, TokenAnswer> Commit(
        TokenState next,
        TokenEvent happened,
        TokenMemory before,
        CallContext context,
        DateTimeOffset now,
        TokenAnswer done)
    {
        var commandId = context.CommandId.ToString("N");
        var row = TokenRow.Of(
            next, commandId, TokenMachine.DueToStore(next, before.DueAt, now, before.Policy), before.LastUsed,
            before.Division);
        var audit = AuditOf(next, happened, context, next.Version, now);
        var commit = before.State is { } state
            ? RowWriter.Update(row, TokenRow.NameKeyOf(state), audit)
            : RowWriter.Create(row, audit, ParentsOf(next));
        if (KeysToIndex(before.State, next) is { } keys)
        {
            commit = commit with { ImportedKeys = keys };
        }

        return new(next, commit, outcome =>
        {
            switch (outcome)
            {
                case CommitOutcome.Done:
                    GrainTelemetry.Happened(GrainTelemetry.Words.Of(happened));
                    return done;
                case CommitOutcome.NameTaken:
                    return Refused(TokenRefusal.NameTaken);
                case CommitOutcome.ParentGone:
                    return Refused(TokenRefusal.OwnerGone);
                case CommitOutcome.KeyTaken:
                    return Refused(TokenRefusal.KeyTaken);
                default:
                    throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null);
            }
        });
    }

    private static Commit Purge(TokenState state, TokenMemory before, CallContext context, DateTimeOffset now)
    {
        var row = TokenRow.Of(
            state with { Version = state.Version + 1 }, context.CommandId.ToString("N"), before.DueAt, before.LastUsed, before.Division);
        return RowWriter.Purge(row, AuditOf(state, TokenEvent.Purged, context, row.Version, now)) with
        {
            ImportedKeys = KeysToIndex(state, null),
        };
    }

    /// <summary>What the index of imported keys is to have of a token; null where that does not change.</summary>
    private static IReadOnlyList<ImportedKey>? KeysToIndex(TokenState? before, TokenState? next)
    {
        var (had, has) = (TokenMachine.ImportedKeyOf(before), TokenMachine.ImportedKeyOf(next));
        if (had?.Digest == has?.Digest)
        {
            return null;
        }

        return has is { Scheme: { } scheme, Digest: var digest }
            ? [new ImportedKey(scheme, digest.PepperId, Convert.ToBase64String(digest.Mac))]
            : [];
    }

    private static AuditEntry AuditOf(
        TokenState state, TokenEvent happened, CallContext context, long version, DateTimeOffset now) =>
        AuditEntries.Of(
            new(Kinds.Token, state.Id.ToString()),
            context,
            context.CommandId.ToString("N"),
            state.OrganizationId.ToString(),
            EventName(happened),
            version,
            now,
            about: (state.AccountId, IntegrationOf(state)));

    private static Guid? IntegrationOf(TokenState state) =>
        state.OwnerType == TokenOwnerType.Integration ? Guid.Parse(state.OwnerId) : null;

    /// <summary>Of the resource that a token opens; null for one that opens no resource.</summary>
    private static string? KindOf(TokenOwnerType owner) => owner switch
    {
        TokenOwnerType.Integration => Kinds.Integration,
        TokenOwnerType.Bridge => Kinds.Bridge,
        _ => null,
    };

    /// <summary>The rows that have to be live, in the same transaction, for the token to be created.</summary>
    private static List<RecordKey> ParentsOf(TokenState state)
    {
        List<RecordKey> parents = [new(Kinds.Organization, state.OrganizationId.ToString())];
        if (KindOf(state.OwnerType) is { } kind)
        {
            parents.Add(new(kind, state.OwnerId));
        }

        if (state.AccountId is { } account)
        {
            parents.Add(new(Kinds.Account, account.ToString()));
        }

        if (state.ParentId != state.Id)
        {
            parents.Add(new(Kinds.Token, state.ParentId.ToString()));
        }

        return parents;
    }
}
