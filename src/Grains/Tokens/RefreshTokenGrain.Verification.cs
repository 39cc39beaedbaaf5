using TokenActors.Domain.Grants;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>Whether a secret is accepted: by a call, or at a glance from any thread of this silo's process.</summary>
public sealed partial class RefreshTokenGrain
{
    /// <summary>Times of last use finer than this are not worth a note.</summary>
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromSeconds(1);

    private KnownGrant? _effective;
    private KnownAnswer? _answer;
    private long _lastUsedTicks;
    private long _useNotedTicks;

    /// <summary>An object, so that glances see all of it or nothing.</summary>
    private sealed record KnownGrant(GrantBinding Binding, Grant Roles, Grant Member, Grant Effective);

    /// <summary>What a glance at the same secret gets for as long as nothing changes. Those that were verified once keep none.</summary>
    private sealed record KnownAnswer(
        TokenState State, SecretFingerprint Fingerprint, Presented Presented, Standing Standing, Verification Answer)
    {
        public bool IsFor(TokenState state, SecretFingerprint fingerprint) => ReferenceEquals(State, state) && Fingerprint == fingerprint;

        public bool IsStill(Standing standing, DateTimeOffset? lastUsed, DateTimeOffset now) =>
            ReferenceEquals(Standing, standing) && Answer.Token!.LastUsedAt == lastUsed
            && (Answer.Token.Secondary is null || now < State.Secondary!.EndsAt);
    }

    /// <summary>As ticks in memory, which glances read whole; none is never.</summary>
    private DateTimeOffset? LastUsed
    {
        get => Volatile.Read(ref _lastUsedTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _lastUsedTicks, value?.UtcTicks ?? 0);
    }

    public async Task<Verification> Verify(VerifyToken query)
    {
        if (Current is not { } state)
        {
            LeaveIfAbsent();
            return No(TokenRefusal.NotFound);
        }

        var now = time.GetUtcNow();
        var presented = Identify(state, query.Presented);
        if (RefusalOf(state, presented, query, now) is { } refusal)
        {
            return No(refusal);
        }

        var standing = await Ask(state);
        if (TokenIssuing.RefusalOf(standing, state.Independent) is { } gone)
        {
            return No(gone);
        }

        NoteUse(presented, now);
        if (IsUnderOldPepper(state, presented))
        {
            this.AsReference<IRefreshTokenGrain>().RenewDigest(query.Presented).Forget();
        }

        GrainTelemetry.Verified(null);
        return Acceptance(state, presented, standing, now, now);
    }

    /// <summary>
    /// What <see cref="Verify"/> would answer, from any thread: the same committed state under the same lease. Null where it would also note
    /// something or send a message, so that the grain has to be called.
    /// </summary>
    internal Verification? Glance(VerifyToken query)
    {
        if (Current is not { } state)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var known = _answer is { } answer && answer.IsFor(state, query.Presented) ? answer : null;
        var presented = known?.Presented ?? Identify(state, query.Presented);
        if (RefusalOf(state, presented, query, now) is { } refusal)
        {
            return No(refusal);
        }

        if (HasToNote(state, presented, now) || IsUnderOldPepper(state, presented)
            || authorities.Ask(state.OrganizationId, QueryOf(state)) is not { } standing)
        {
            return null;
        }

        if (TokenIssuing.RefusalOf(standing, state.Independent) is { } gone)
        {
            return No(gone);
        }

        var lastUsed = LastUsed;
        if (known is null || !known.IsStill(standing, lastUsed, now))
        {
            _answer = known = new(state, query.Presented, presented, standing, Acceptance(state, presented, standing, lastUsed, now));
        }

        GrainTelemetry.Verified(null);
        return known.Answer;
    }

    private static TokenRefusal? RefusalOf(TokenState state, Presented presented, VerifyToken query, DateTimeOffset now) =>
        TokenMachine.Verify(state, presented, now) ?? (presented.IsRefresh && !query.RefreshToo ? TokenRefusal.WrongKind : null);

    private static Verification No(TokenRefusal refusal)
    {
        GrainTelemetry.Verified(refusal);
        return new Verification { Refusal = refusal };
    }

    private Verification Acceptance(TokenState state, Presented presented, Standing standing, DateTimeOffset? lastUsed, DateTimeOffset now) => new()
    {
        Caller = new Caller
        {
            TokenId = state.Id,
            OrganizationId = state.OrganizationId,
            MemberId = state.MemberId,
            Grant = EffectiveGrant(state, standing),
            Ancestors = state.Ancestors,
        },
        Token = TokenViews.Of(state, lastUsed, now),
        Presented = presented.Kind,
        ExpiresAt = TokenMachine.ExpiryOf(state, presented.Kind),
    };

    /// <summary>
    /// The token's own grant, cut to what its member may do now unless it is independent. Remembered while the authority gives the same
    /// answer.
    /// </summary>
    private Grant EffectiveGrant(TokenState state, Standing standing)
    {
        if (_effective is { } known && ReferenceEquals(known.Binding, state.Binding)
            && ReferenceEquals(known.Roles, standing.RolesGrant) && ReferenceEquals(known.Member, standing.MemberGrant))
        {
            return known.Effective;
        }

        var own = (state.Binding as GrantBinding.Own)?.Grant ?? standing.RolesGrant;
        var effective = state.Independent ? own : own.Narrow(standing.MemberGrant);
        _effective = new(state.Binding, standing.RolesGrant, standing.MemberGrant, effective);
        return effective;
    }

    private bool IsUnderOldPepper(TokenState state, Presented presented) =>
        TokenMachine.DigestOf(state, presented.Kind)?.PepperId != peppers.Current.Id;

    private static bool IsFirst(TokenState state, Presented presented) => presented.IsPrimary && state.PrimaryPresentedAt is null;

    private bool HasToNote(TokenState state, Presented presented, DateTimeOffset now) =>
        IsFirst(state, presented) || TokenMachine.SealIsStale(state, settings.Rules, now)
        || now.UtcTicks - Volatile.Read(ref _useNotedTicks) >= UseNotedEvery.Ticks;

    /// <summary>
    /// The first presentation of a primary is queued at once, since it decides whether a spent refresh secret is a retry; later uses go
    /// with the next flush. Once nobody can be given the sealed answer any more, it is erased.
    /// </summary>
    private void NoteUse(Presented presented, DateTimeOffset now)
    {
        LastUsed = now;
        if (Current is not { } state || !HasToNote(state, presented, now))
        {
            return;
        }

        var first = IsFirst(state, presented);
        var stale = !first && TokenMachine.SealIsStale(state, settings.Rules, now);
        if (first || stale)
        {
            Remember(state with
            {
                PrimaryPresentedAt = state.PrimaryPresentedAt ?? now,
                SealedPrimary = stale ? null : state.SealedPrimary,
            });
        }

        Volatile.Write(ref _useNotedTicks, now.UtcTicks);
        Store.Touch(new Touch(Key, state.Version, now, presented.IsPrimary ? now : null, stale), soon: first);
    }
}
