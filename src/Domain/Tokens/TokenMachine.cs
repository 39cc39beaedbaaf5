using System.Collections.Immutable;
using TokenActors.Domain.Records;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tokens;

/// <summary>
/// The token machine: <c>(state, command, now) → decision</c>. Pure: the time and the digests of minted secrets come
/// in with the command, refusals are returned, nothing is thrown for what a client may do. This half holds the table
/// of commands and states; lives are in <c>TokenMachine.Lives.cs</c>, refreshes in <c>TokenMachine.Refresh.cs</c>.
/// </summary>
public static partial class TokenMachine
{
    /// <summary>How long tombstones and expired records are kept.</summary>
    public static readonly TimeSpan KeptAfterEnd = Records.Tombstone.KeptFor;

    /// <summary>How long an answer can be given again under its idempotency key.</summary>
    public static readonly TimeSpan AnswersKept = TimeSpan.FromMinutes(10);

    /// <summary>Answers with secrets that are kept of a token. Of earlier ones no secret is accepted.</summary>
    private const int MostMinted = 8;

    /// <summary>Answers without secrets that are kept of a token; apart, so that they take no place of the
    /// others.</summary>
    private const int MostOthers = 24;

    /// <summary>Spent secrets that a token remembers.</summary>
    public const int MostSpent = 8;

    /// <param name="state">null where there is no record</param>
    /// <param name="command">what is asked</param>
    /// <param name="rules">the operator's choices about replays, and the organization's policy</param>
    /// <param name="now">the time of the decision</param>
    public static Decision Decide(TokenState? state, TokenCommand command, TokenRules rules, DateTimeOffset now)
    {
        now = now.CutToMicroseconds();
        if (state is not null && command.Idempotency is { Fresh: false } tag
            && FindAnswer(state, tag, now) is { } earlier)
        {
            return earlier.Request.AsSpan().SequenceEqual(tag.Request)
                ? new Decision.Replayed(earlier)
                : new Decision.Refused(TokenRefusal.IdempotencyConflict);
        }

        var decision = (state, command) switch
        {
            (null, TokenCommand.Issue issue) => Issue(issue, rules, now),
            (null, _) => new Decision.Refused(TokenRefusal.NotFound),
            (_, TokenCommand.Issue) => new Decision.Refused(TokenRefusal.IdTaken),
            _ => Apply(state, command, rules, now),
        };
        return decision is Decision.Changed changed ? Stamp(changed, state, command, now) : decision;
    }

    /// <summary>The record of an earlier call under the same idempotency key, while it can be answered again.</summary>
    public static IdempotencyRecord? FindAnswer(TokenState state, IdempotencyTag tag, DateTimeOffset now) =>
        state.Answers.FirstOrDefault(
            answer => answer.Key.AsSpan().SequenceEqual(tag.Key) && now - answer.At < AnswersKept);

    /// <summary>
    /// Null where the presented secret is accepted as a bearer now. Computed when asked; no reminder is needed for it.
    /// Authority (organization, member, tokens above) is asked elsewhere.
    /// </summary>
    public static TokenRefusal? Verify(TokenState state, Presented presented, DateTimeOffset now)
    {
        if (StatusRefusal(state.StatusAt(now)) is { } refusal)
        {
            return refusal;
        }

        return presented.Kind switch
        {
            PresentedKind.Unknown => TokenRefusal.UnknownSecret,
            PresentedKind.Spent => TokenRefusal.Superseded,
            PresentedKind.SecondaryRefresh when state.Secondary is { By: not Supersession.Refreshed } =>
                TokenRefusal.Superseded,
            _ => now >= ExpiryOf(state, presented.Kind) ? TokenRefusal.Expired : null,
        };
    }

    /// <summary>
    /// Until when a presented secret is accepted: its own expiry, its pair's deadline or the record's expiry, whichever
    /// is first. What is no live credential was never accepted.
    /// </summary>
    public static DateTimeOffset ExpiryOf(TokenState state, PresentedKind kind)
    {
        var own = (kind, state) switch
        {
            (PresentedKind.PrimaryAccess, { Primary: { } primary }) => primary.Access.ExpiresAt,
            (PresentedKind.PrimaryRefresh, { Primary.Refresh: { } refresh }) => refresh.ExpiresAt,
            (PresentedKind.SecondaryAccess, { Secondary: { } secondary }) =>
                Instant.Earlier(secondary.Pair.Access.ExpiresAt, secondary.EndsAt),
            (PresentedKind.SecondaryRefresh, { Secondary: { Pair.Refresh: { } refresh } secondary }) =>
                Instant.Earlier(refresh.ExpiresAt, secondary.EndsAt),
            _ => DateTimeOffset.MinValue,
        };
        return Instant.Earlier(own, state.ExpiresAt);
    }

    /// <summary>
    /// A token that was accepted as often as it may be is as good as ended, until it is given more uses. Its
    /// administrator may renew it, its holder may not.
    /// </summary>
    public static bool IsUsedUp(TokenState state) => state.Limits.Uses is not null && state.UsesLeft <= 0;

    private static TokenRefusal? StatusRefusal(TokenStatus status) => status switch
    {
        TokenStatus.Active => null,
        TokenStatus.Disabled => TokenRefusal.Disabled,
        TokenStatus.Expired => TokenRefusal.Expired,
        TokenStatus.Deleted => TokenRefusal.NotFound,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>Every command in every state of an existing record.</summary>
    private static Decision Apply(TokenState state, TokenCommand command, TokenRules rules, DateTimeOffset now)
    {
        var status = state.StatusAt(now);
        return (command, status) switch
        {
            (TokenCommand.Tick, _) => Tick(state, rules.Policy, now),
            (TokenCommand.FinishCascade, TokenStatus.Deleted) => FinishCascade(state),
            (TokenCommand.FinishCascade, _) => new Decision.Unchanged(state),
            (_, TokenStatus.Deleted) => new Decision.Refused(TokenRefusal.NotFound),

            (TokenCommand.Refresh, TokenStatus.Active) when IsUsedUp(state) =>
                new Decision.Refused(TokenRefusal.UsedUp),
            (TokenCommand.Refresh refresh, TokenStatus.Active) => Refresh(state, refresh, rules, now),
            (TokenCommand.Rotate { AsRefresh: true } or TokenCommand.Replace, TokenStatus.Active) when IsForeign(state) =>
                new Decision.Refused(TokenRefusal.NotRefreshable),
            (TokenCommand.Rotate, TokenStatus.Active) or (TokenCommand.Reset, not TokenStatus.Disabled)
                when IsForeign(state) && !rules.Policy.Allows(state.Profile.Renewed) =>
                new Decision.Refused(TokenRefusal.KindBeyondPolicy),
            (TokenCommand.Rotate, TokenStatus.Active) or (TokenCommand.Reset, not TokenStatus.Disabled)
                when state.EndsBy is null && rules.Policy.LeavesEndless(state.Profile, state.Ttl.Value) =>
                new Decision.Refused(TokenRefusal.LifeBeyondPolicy),
            (TokenCommand.Rotate { MintedAt: { } minted }, TokenStatus.Active) when minted != state.Primary?.MintedAt =>
                new Decision.Refused(TokenRefusal.ChangedMeanwhile),
            (TokenCommand.Rotate rotate, TokenStatus.Active) => Rotate(state, rotate, rules, now),
            (TokenCommand.Replace replace, TokenStatus.Active) => Replace(state, replace, now),
            (TokenCommand.Refresh or TokenCommand.Rotate or TokenCommand.Replace, TokenStatus.Disabled) =>
                new Decision.Refused(TokenRefusal.Disabled),
            (TokenCommand.Refresh or TokenCommand.Rotate or TokenCommand.Replace, TokenStatus.Expired) =>
                new Decision.Refused(TokenRefusal.Expired),

            (TokenCommand.ReserveUses, TokenStatus.Active) => ReserveUses(state),
            (TokenCommand.ReserveUses, TokenStatus.Disabled) => new Decision.Refused(TokenRefusal.Disabled),
            (TokenCommand.ReserveUses, TokenStatus.Expired) => new Decision.Refused(TokenRefusal.Expired),
            (TokenCommand.ReturnUses back, _) => ReturnUses(state, back),

            (TokenCommand.Reset, TokenStatus.Disabled) => new Decision.Refused(TokenRefusal.Disabled),
            (TokenCommand.Reset reset, _) => Reset(state, reset, rules, now),

            (TokenCommand.MoveDeadline move, _) => MoveDeadline(state, move, now),
            (TokenCommand.RemoveSecondary, _) => RemoveSecondary(state, now),
            (TokenCommand.SetLife life, _) => SetLife(state, life, rules, now),
            (TokenCommand.Enable, _) => SetEnabled(state, true, TokenEvent.Enabled),
            (TokenCommand.Disable, _) => SetEnabled(state, false, TokenEvent.Disabled),
            (TokenCommand.Describe describe, _) => Describe(state, describe),
            (TokenCommand.Edit edit, _) => Edit(state, edit, rules, now),
            (TokenCommand.Delete, _) => Delete(state, now),
            (TokenCommand.RenewDigest renew, _) => RenewDigest(state, renew),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
        };
    }

    /// <summary>
    /// A new record with one pair. Refused: a life outside the profile's bounds, a kind or a life that the
    /// organization's policy does not allow, too many notes or addresses, limits out of bounds. What belongs to the
    /// organization depends on no member.
    /// </summary>
    private static Decision Issue(TokenCommand.Issue command, TokenRules rules, DateTimeOffset now)
    {
        var spec = command.Spec;
        var ttl = spec.Ttl ?? rules.Policy.DefaultOf(spec.Profile);
        if (spec.Profile.ProblemWith(ttl.Value, spec.LongestTtl) is not null)
        {
            return new Decision.Refused(TokenRefusal.LifeOutOfBounds);
        }

        if (!rules.Policy.Allows(spec.Profile))
        {
            return new Decision.Refused(TokenRefusal.KindBeyondPolicy);
        }

        if (TokenPolicy.CanForbid(spec.Profile)
            && !rules.Policy.Allows(spec.Profile, spec.ExpiresAt is { } asked ? LifeUntil(asked, now) : ttl.Value))
        {
            return new Decision.Refused(TokenRefusal.LifeBeyondPolicy);
        }

        if (!spec.Notes.IsWithinBounds || spec.Addresses.HasTooMany)
        {
            return new Decision.Refused(TokenRefusal.TooManyItems);
        }

        if (!spec.Limits.IsWithinBounds)
        {
            return new Decision.Refused(TokenRefusal.LimitsOutOfBounds);
        }

        var name = spec.Name ?? spec.Id.ToString();
        var longest = Instant.Earlier(
            LongestExpiry(spec.Profile, now, spec.EndsBy), rules.Policy.EndOf(spec.Profile, now));
        if (spec.EndsBy <= now)
        {
            return new Decision.Refused(TokenRefusal.LifeOutOfBounds);
        }

        var lives = spec.ExpiresAt?.CutToMicroseconds() is { } end
            ? LivesUntil(Instant.Earlier(end, spec.EndsBy ?? end))
            : LivesFrom(now, spec.Profile, ttl.Value, longest);
        return new Decision.Changed(
            new TokenState
            {
                Id = spec.Id,
                OrganizationId = spec.OrganizationId,
                MemberId = spec.MemberId,
                OwnerType = spec.OwnerType,
                OwnerId = spec.OwnerId,
                Profile = spec.Profile,
                Name = name,
                FullName = spec.FullName ?? name,
                ParentId = spec.ParentId ?? spec.Id,
                BelongsTo = spec.BelongsTo,
                Ancestors = spec.Ancestors,
                Binding = spec.Binding,
                Claims = spec.Claims,
                Notes = spec.Notes,
                Addresses = spec.Addresses,
                Limits = spec.Limits,
                UsesLeft = spec.Limits.Uses ?? 0,
                AccountId = spec.AccountId,
                Ttl = ttl,
                LongestTtl = spec.LongestTtl,
                Independent = spec.Independent || spec.BelongsTo == TokenBelonging.Organization,
                Enabled = spec.Enabled,
                SecretVersion = spec.SecretVersion,
                CreatedAt = now,
                UpdatedAt = now,
                ExpiresAt = lives.Record,
                EndsBy = spec.EndsBy,
                Primary = Mint(command.Pair, lives, now),
            },
            IssuedAs(spec));
    }

    /// <summary>
    /// New primary, the old one secondary until its expiry or the deadline; the record's life is renewed. The first
    /// rotation of an imported key makes a pair of ours, and the key is the secondary; it has nothing to refresh.
    /// </summary>
    private static Decision.Changed Rotate(
        TokenState state, TokenCommand.Rotate command, TokenRules rules, DateTimeOffset now) =>
        new(
            Supersede(Renewed(state, command.Pair, rules, now), state, Supersession.Rotated, command.Deadline, now),
            TokenEvent.Rotated);

    /// <summary>
    /// New primary within the life there is; the old one is secondary until the deadline, gone without one.
    /// </summary>
    private static Decision.Changed Replace(TokenState state, TokenCommand.Replace command, DateTimeOffset now)
    {
        var next = state with
        {
            Primary = Mint(command.Pair, LivesWithin(state, now), now),
            PrimaryPresentedAt = null,
            SealedPrimary = null,
            SecretVersion = state.SecretVersion + 1,
        };
        if (command.Deadline is not null)
        {
            return new(Supersede(next, state, Supersession.Rotated, command.Deadline, now), TokenEvent.Replaced);
        }

        var bare = DropSecondary(next);
        var spent = Spend(bare.Spent, state.Primary, Supersession.Rotated, now);
        return new(bare with { Spent = spent }, TokenEvent.Replaced);
    }

    /// <summary>
    /// Moves the secondary's deadline, also into the past, which ends it at once. Without a secondary nothing
    /// changes.
    /// </summary>
    private static Decision MoveDeadline(TokenState state, TokenCommand.MoveDeadline command, DateTimeOffset now)
    {
        var deadline = command.Deadline.CutToMicroseconds();
        if (state.Secondary is not { } secondary || secondary.Deadline == deadline)
        {
            return new Decision.Unchanged(state);
        }

        var moved = state with { Secondary = secondary with { Deadline = deadline } };
        return new Decision.Changed(deadline <= now ? TakeSecondaryAway(moved, now) : moved, TokenEvent.DeadlineMoved);
    }

    /// <summary>The secondary's secrets stop working; removing nothing changes nothing.</summary>
    private static Decision RemoveSecondary(TokenState state, DateTimeOffset now) => state.Secondary is null
        ? new Decision.Unchanged(state)
        : new Decision.Changed(TakeSecondaryAway(state, now), TokenEvent.SecondaryRemoved);

    /// <summary>
    /// No secret works while disabled; the record's life runs on. Setting what is set changes nothing.
    /// </summary>
    private static Decision SetEnabled(TokenState state, bool enabled, TokenEvent happened) => state.Enabled == enabled
        ? new Decision.Unchanged(state)
        : new Decision.Changed(state with { Enabled = enabled }, happened);

    private static Decision Describe(TokenState state, TokenCommand.Describe command)
    {
        var next = state with { Name = command.Name ?? state.Name, FullName = command.FullName ?? state.FullName };
        return next.Name == state.Name && next.FullName == state.FullName
            ? new Decision.Unchanged(state)
            : new Decision.Changed(next, TokenEvent.Described);
    }

    /// <summary>
    /// A tombstone without secrets. Its descendants are dead with it: the grain tells the authority before it
    /// answers, and <see cref="TokenState.CascadePending"/> stays until they are cleaned up.
    /// </summary>
    private static Decision.Changed Delete(TokenState state, DateTimeOffset now) => new(
        state with
        {
            Primary = null,
            Secondary = null,
            Spent = [],
            SealedPrimary = null,
            PrimaryPresentedAt = null,
            DeletedAt = now,
            CascadePending = true,
        },
        TokenEvent.Deleted);

    private static Decision FinishCascade(TokenState state) => state.CascadePending
        ? new Decision.Changed(state with { CascadePending = false }, TokenEvent.CascadeFinished)
        : new Decision.Unchanged(state);

    /// <summary>
    /// Makes the old primary the secondary of <paramref name="next"/>; what was the secondary is spent.
    /// </summary>
    private static TokenState Supersede(
        TokenState next, TokenState old, Supersession by, DateTimeOffset? deadline, DateTimeOffset now) =>
        DropSecondary(next) with
        {
            Secondary = old.Primary is { } former
                ? new SecondaryPair(former, by, now, deadline?.CutToMicroseconds())
                : null,
        };

    /// <summary>
    /// Empties the secondary slot and remembers its refresh secret as what it was: a pair that its holder refreshed
    /// away stays a possible replay.
    /// </summary>
    private static TokenState DropSecondary(TokenState state) => state.Secondary is not { } secondary
        ? state
        : state with
        {
            Secondary = null,
            SealedPrimary = null,
            Spent = Spend(state.Spent, secondary.Pair, secondary.By, secondary.SupersededAt),
        };

    /// <summary>The same by somebody's decision: whoever shows it again did nothing wrong.</summary>
    private static TokenState TakeSecondaryAway(TokenState state, DateTimeOffset now)
    {
        var taken = state.Secondary is { } secondary
            ? secondary with { By = Supersession.Removed, SupersededAt = now }
            : null;
        return DropSecondary(state with { Secondary = taken });
    }

    private static ImmutableArray<SpentSecret> Spend(
        ImmutableArray<SpentSecret> spent, CredentialPair? pair, Supersession by, DateTimeOffset at) =>
        pair?.Refresh is not { } refresh
            ? spent
            : [new SpentSecret(refresh.Digest, by, at), .. spent.Take(MostSpent - 1)];

    /// <summary>What every change does: version, time, and the answer kept under an idempotency key.</summary>
    private static Decision.Changed Stamp(
        Decision.Changed changed, TokenState? before, TokenCommand command, DateTimeOffset now)
    {
        var next = changed.Next with
        {
            Version = (before?.Version ?? 0) + 1,
            UpdatedAt = Tombstone.UpdatedAt(changed.Next, before?.UpdatedAt ?? now, now),
        };
        ImmutableArray<IdempotencyRecord> kept = [.. next.Answers.Where(answer => now - answer.At < AnswersKept)];
        if (command.Idempotency is { } tag)
        {
            // The sealed secrets answer this call again only where it minted the primary.
            var hasMinted = next.Primary?.Access.Digest != before?.Primary?.Access.Digest;
            var answer = next with { Answers = [], Spent = [], SealedPrimary = null };
            var own = new IdempotencyRecord(tag.Key, tag.Request, hasMinted ? tag.Sealed : [], now, answer);
            var all = kept.Where(other => !other.Key.AsSpan().SequenceEqual(tag.Key)).Prepend(own)
                .ToLookup(record => record.Sealed.Length > 0);
            kept = [.. all[true].Take(MostMinted), .. all[false].Take(MostOthers)];
        }

        return changed with { Next = next with { Answers = kept } };
    }
}
