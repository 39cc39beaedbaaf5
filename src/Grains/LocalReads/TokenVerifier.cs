using System.Net;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Status;
using TokenActors.Grains.Usage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.LocalReads;

/// <summary>
/// Decides whether a presented secret is accepted, for calls to the token's grain and for any thread of the silo's
/// process. One belongs to each activation, which publishes every committed state to it before the command is
/// answered.
/// </summary>
internal sealed class TokenVerifier(
    SiloLease lease, PepperRing peppers, TokenRules rules, LocalAuthorities authorities, StatusBook book,
    UsageBook usage, TimeProvider time)
{
    /// <summary>Times of last use finer than this are not worth a note.</summary>
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromSeconds(1);

    private volatile PublishedToken? _published;
    private volatile KnownGrant? _effective;
    private volatile KnownAnswer? _answer;
    private volatile IntegrationUse? _use;
    private volatile TokenUse? _tokenUse;
    private long _lastUsedTicks;
    private long _useNotedTicks;

    /// <summary>A narrowed grant and what it was made of. Swapped whole, so that no thread sees half of it.</summary>
    private sealed record KnownGrant(
        GrantBinding Binding, AddressRanges Addresses, Grant Roles, Grant Member, Grant Effective);

    /// <summary>
    /// The answer to a secret, given again for as long as nothing that it was made of changes. The first verification
    /// caches nothing; the second does.
    /// </summary>
    private sealed record KnownAnswer(
        TokenState State,
        SecretFingerprint Fingerprint,
        Presented Presented,
        OwnerStatus Owner,
        Verification Answer,
        DateTimeOffset? LastUsed)
    {
        public bool IsFor(TokenState state, SecretFingerprint fingerprint) =>
            ReferenceEquals(State, state) && Fingerprint == fingerprint;

        public bool Holds(OwnerStatus owner, DateTimeOffset? lastUsed, DateTimeOffset now) =>
            ReferenceEquals(Owner, owner) && LastUsed == lastUsed
                && (State.Secondary is not { } secondary || !IsShown || now < secondary.EndsAt);

        private bool IsShown => Answer.Token?.Secondary is not null;
    }

    /// <summary>Kept as ticks, which every thread reads whole; 0 is never.</summary>
    public DateTimeOffset? LastUsed
    {
        get => Volatile.Read(ref _lastUsedTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _lastUsedTicks, value?.UtcTicks ?? 0);
    }

    /// <summary>Makes a committed state the one that is verified against; null where there is no row.</summary>
    public void Publish(TokenState? state)
    {
        _published = state is null ? null : new PublishedToken(state);
        _tokenUse ??= state is null ? null : usage.Open(state.OrganizationId, state.Id);
        if (_use is null && state is { OwnerType: TokenOwnerType.Integration })
        {
            _use = book.Open(state.OrganizationId, Guid.Parse(state.OwnerId));
        }
    }

    /// <summary>The activation ends and counts nothing more.</summary>
    public void Close()
    {
        if (_use is { } use)
        {
            _use = null;
            book.Close(use);
        }
    }

    /// <summary>
    /// Notes what became of a presented secret, accepted or refused. What never was a secret of the token is a
    /// stranger's guess, and no use of an integration.
    /// </summary>
    public void Count(Presented presented, TokenRefusal? refusal, VerifyToken query, DateTimeOffset now)
    {
        if (!query.IsAskedAgain && !query.FromAnywhere && !(query.IsQuestion && refusal is null))
        {
            _tokenUse?.Note(refusal, query.Address, query.Client, now);
        }

        if (_use is not { } use || presented.Kind == PresentedKind.Unknown || query.Uncounted)
        {
            return;
        }

        use.Count(refusal, now);
    }

    /// <summary>What the organization is asked about a state; made once for the one that is published.</summary>
    public OwnerStatusQuery OwnerQueryOf(TokenState state) =>
        _published is { } published && ReferenceEquals(published.State, state)
            ? published.Owner : new PublishedToken(state).Owner;

    /// <summary>
    /// What a call to the grain would answer, from any thread: from the same committed state, under the same lease.
    /// Null where the grain would also note something or send a message, so that it has to be called.
    /// </summary>
    public Verification? TryVerify(VerifyToken query)
    {
        lease.Demand();
        if (_published is not { State: var state } published || state.Limits.Uses is not null)
        {
            // Uses are counted in the grain's turns alone.
            return null;
        }

        var now = time.GetUtcNow();
        var known = _answer is { } answer && answer.IsFor(state, query.Presented) ? answer : null;
        var presented = known?.Presented ?? Identify(state, query.Presented);
        if (RefusalOf(state, presented, query, now) is { } refusal)
        {
            Count(presented, refusal, query, now);
            return Refuse(refusal);
        }

        if ((!query.IsQuestion && HasToNote(state, presented, now)) || IsUnderOldPepper(state, presented)
            || authorities.Ask(state.OrganizationId, published.Owner) is not { } owner)
        {
            return null;
        }

        if (owner.RefusalFor(state.Independent) is { } gone)
        {
            Count(presented, gone, query, now);
            return Refuse(gone);
        }

        var lastUsed = LastUsed;
        if (known is null || !known.Holds(owner, lastUsed, now))
        {
            known = new(
                state, query.Presented, presented, owner, Acceptance(state, presented, owner, lastUsed, now), lastUsed);
            _answer = known;
        }

        Count(presented, null, query, now);
        GrainTelemetry.Verified(null);
        return known.Answer;
    }

    /// <summary>Which of the token's secrets was presented; all of them are compared in constant time.</summary>
    public Presented Identify(TokenState state, SecretFingerprint fingerprint) =>
        Presented.Find(state, peppers.Compare(fingerprint).Matches);

    /// <summary>Why the token itself does not accept what was presented; null where it does.</summary>
    public static TokenRefusal? RefusalOf(
        TokenState state, Presented presented, VerifyToken query, DateTimeOffset now) =>
        TokenMachine.Verify(state, presented, now)
            ?? (IsOfWrongKind(state, presented, query) ? TokenRefusal.WrongKind : (TokenRefusal?)null)
            ?? (!query.FromAnywhere && IsOutside(state, query.Address) ? TokenRefusal.OutsideAddresses : (TokenRefusal?)null)
            ?? (state.Limits.IsNone || query.KnowsLimits ? null : TokenRefusal.UpgradePending);

    private static bool IsOfWrongKind(TokenState state, Presented presented, VerifyToken query) =>
        (presented.IsRefresh && !query.RefreshToo)
        || (state.Profile == TokenProfile.PasswordChange && !query.PasswordChangeToo)
        || (!query.ImportedToo && TokenMachine.IsImported(state, presented.Kind));

    /// <summary>The token has addresses, and an address is none of them or is not known.</summary>
    public static bool IsOutside(TokenState state, IPAddress? address) =>
        !state.Addresses.IsAnywhere && !(address is { } known && state.Addresses.Contains(known));

    public static Verification Refuse(TokenRefusal refusal)
    {
        GrainTelemetry.Verified(refusal);
        return new Verification { Refusal = refusal };
    }

    /// <summary>The answer to an accepted secret.</summary>
    public Verification Acceptance(
        TokenState state, Presented presented, OwnerStatus owner, DateTimeOffset? lastUsed, DateTimeOffset now) => new()
        {
            Caller = new Caller
            {
                TokenId = state.Id,
                OrganizationId = state.OrganizationId,
                MemberId = state.MemberId,
                Grant = EffectiveGrant(state, owner),
                Ancestors = state.Ancestors,
            },
            Token = TokenViews.WithPresentRoles(TokenViews.Of(state, lastUsed, now), owner),
            Presented = presented.Kind,
            ExpiresAt = TokenMachine.ExpiryOf(state, presented.Kind),
            MemberName = owner.MemberName,
        };

    /// <summary>
    /// The token's own grant, cut to what its member may do now unless it is independent, and used from its addresses.
    /// Remembered while the authority gives the same answer.
    /// </summary>
    public Grant EffectiveGrant(TokenState state, OwnerStatus owner)
    {
        if (_effective is { } known && ReferenceEquals(known.Binding, state.Binding)
            && ReferenceEquals(known.Addresses, state.Addresses)
            && ReferenceEquals(known.Roles, owner.RolesGrant) && ReferenceEquals(known.Member, owner.MemberGrant))
        {
            return known.Effective;
        }

        var own = (state.Binding as GrantBinding.Own)?.Grant ?? owner.RolesGrant;
        var effective = (state.Independent ? own : own.Narrow(owner.MemberGrant)).From(state.Addresses);
        _effective = new(state.Binding, state.Addresses, owner.RolesGrant, owner.MemberGrant, effective);
        return effective;
    }

    /// <summary>The presented secret's digest is to be stored again under the pepper in use.</summary>
    public bool IsUnderOldPepper(TokenState state, Presented presented) =>
        TokenMachine.DigestOf(state, presented.Kind)?.PepperId != peppers.Current.Id;

    /// <summary>
    /// What a use leaves behind, to be called in the grain's turn. The first presentation of a primary is remembered
    /// at once and goes with the next group, since it decides whether a spent refresh secret is a retry; later uses
    /// go with the next flush. Once nobody can be given the sealed answer any more, it is erased.
    /// </summary>
    /// <returns>the update to store and the state to remember, either of them null where there is none; whether it is
    /// urgent</returns>
    public (UsageUpdate? Update, TokenState? Remembered, bool IsFirst) Use(
        TokenState state, Presented presented, DateTimeOffset now)
    {
        LastUsed = now;
        if (!HasToNote(state, presented, now))
        {
            return default;
        }

        var first = IsFirst(state, presented);
        var stale = !first && TokenMachine.SealIsStale(state, rules, now);
        Volatile.Write(ref _useNotedTicks, now.UtcTicks);
        var update = new UsageUpdate(
            new(Kinds.Token, state.Id.ToString()), state.Version, now, presented.IsPrimary
                ? now
                : null, EraseSealed: stale);
        return (update, first || stale ? Remembered(state, stale, now) : null, first);
    }

    private static TokenState Remembered(TokenState state, bool stale, DateTimeOffset now) => state with
    {
        PrimaryPresentedAt = state.PrimaryPresentedAt ?? now,
        SealedPrimary = stale ? null : state.SealedPrimary,
    };

    private static bool IsFirst(TokenState state, Presented presented) =>
        presented.IsPrimary && state.PrimaryPresentedAt is null;

    private bool HasToNote(TokenState state, Presented presented, DateTimeOffset now) =>
        IsFirst(state, presented) || TokenMachine.SealIsStale(state, rules, now)
        || now.UtcTicks - Volatile.Read(ref _useNotedTicks) >= UseNotedEvery.Ticks;
}
