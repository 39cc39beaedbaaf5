using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>What interleaves: it looks at the last committed state and the organization's authority.</summary>
public sealed partial class RefreshTokenGrain
{
    /// <summary>Times of last use finer than this are not worth a note.</summary>
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromSeconds(1);

    private (GrantBinding Binding, Grant Roles, Grant Member, Grant Effective)? _effective;
    private DateTimeOffset _useNotedAt;
    private (OrganizationId Id, IOrganizationGrain Grain)? _organization;

    public async Task<Verification> Verify(VerifyToken query)
    {
        if (Current is not { } state)
        {
            LeaveIfAbsent();
            return No(TokenRefusal.NotFound);
        }

        var now = time.GetUtcNow();
        var presented = Identify(state, query.Presented);
        if (TokenMachine.Verify(state, presented, now) is { } refusal)
        {
            return No(refusal);
        }

        if (presented.IsRefresh && !query.RefreshToo)
        {
            return No(TokenRefusal.WrongKind);
        }

        var standing = await Ask(state);
        if (StandingRefusal(standing, state.Independent) is { } gone)
        {
            return No(gone);
        }

        NoteUse(presented, now);
        if (TokenMachine.DigestOf(state, presented.Kind)?.PepperId != peppers.Current.Id)
        {
            this.AsReference<IRefreshTokenGrain>().RenewDigest(query.Presented).Forget();
        }

        GrainTelemetry.Verified(null);
        return new Verification
        {
            Caller = new Caller
            {
                TokenId = state.Id,
                OrganizationId = state.OrganizationId,
                MemberId = state.MemberId,
                Grant = EffectiveGrant(state, standing),
                Ancestors = state.Ancestors,
            },
            Token = TokenViews.Of(state, _lastUsed, now),
            Presented = presented.Kind,
            ExpiresAt = TokenMachine.ExpiryOf(state, presented.Kind),
        };
    }

    private static Verification No(TokenRefusal refusal)
    {
        GrainTelemetry.Verified(refusal);
        return new Verification { Refusal = refusal };
    }

    public Task<TokenAnswer> Get(OrganizationId organization)
    {
        LeaveIfAbsent();
        return Task.FromResult(
            Current is { DeletedAt: null } state && state.OrganizationId == organization ? Done(state) : Refused(TokenRefusal.NotFound));
    }

    public Task<TokenAnswer> Recall(byte[] key, byte[] request)
    {
        LeaveIfAbsent();
        var record = Current is { } state ? TokenMachine.FindAnswer(state, new IdempotencyTag(key, request, []), time.GetUtcNow()) : null;
        return Task.FromResult(
            record is null ? Refused(TokenRefusal.NotFound)
            : !record.Request.AsSpan().SequenceEqual(request) ? Refused(TokenRefusal.IdempotencyConflict)
            : Done(record.Answer) with { Secrets = AnswerSecrets.SealedForCaller, Sealed = record.Sealed });
    }

    /// <summary>A presentation that was noted while a commit of the same primary was under way is kept.</summary>
    protected override TokenState Settle(TokenState before, TokenState committed)
    {
        if (before.PrimaryPresentedAt is not { } presentedAt || committed.PrimaryPresentedAt is not null
            || committed.Primary?.Access.Digest != before.Primary?.Access.Digest)
        {
            return committed;
        }

        Store.Touch(new Touch(Key, committed.Version, presentedAt, presentedAt, EraseSealed: false), soon: true);
        return committed with { PrimaryPresentedAt = presentedAt };
    }

    private ValueTask<Standing> Ask(TokenState state) => Ask(state.OrganizationId, new StandingQuery
    {
        MemberId = state.MemberId,
        Roles = state.Binding is GrantBinding.Roles roles ? roles.Names : [],
        Ancestors = state.Ancestors,
        Within = state.Within,
    });

    private ValueTask<Standing> Ask(OrganizationId organization, StandingQuery query) =>
        authorities.Ask(organization, query) is { } standing ? new(standing) : new(Organization(organization).Ask(query));

    /// <summary>Looked up once: it is asked at every verification.</summary>
    private IOrganizationGrain Organization(OrganizationId id)
    {
        if (_organization is not { } known || known.Id != id)
        {
            _organization = known = (id, GrainFactory.GetGrain<IOrganizationGrain>(id.ToString()));
        }

        return known.Grain;
    }

    private static TokenRefusal? StandingRefusal(Standing standing, bool independent = false) => standing switch
    {
        { Exists: false } => TokenRefusal.NotFound,
        { Blocked: true } => TokenRefusal.OrganizationDisabled,
        { MemberStands: false } when !independent => TokenRefusal.OwnerGone,
        { AboveStands: false } => TokenRefusal.OwnerGone,
        _ => null,
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
        _effective = (state.Binding, standing.RolesGrant, standing.MemberGrant, effective);
        return effective;
    }

    /// <summary>
    /// The first presentation of a primary is queued at once, since it decides whether a spent refresh secret is a retry; later uses go
    /// with the next flush. Once nobody can be given the sealed answer any more, it is erased.
    /// </summary>
    private void NoteUse(Presented presented, DateTimeOffset now)
    {
        _lastUsed = now;
        if (Current is not { } state)
        {
            return;
        }

        var first = presented.IsPrimary && state.PrimaryPresentedAt is null;
        var stale = !first && TokenMachine.SealIsStale(state, settings.Rules, now);
        if (first || stale)
        {
            Remember(state with
            {
                PrimaryPresentedAt = state.PrimaryPresentedAt ?? now,
                SealedPrimary = stale ? null : state.SealedPrimary,
            });
        }

        if (first || stale || now - _useNotedAt >= UseNotedEvery)
        {
            _useNotedAt = now;
            Store.Touch(new Touch(Key, state.Version, now, presented.IsPrimary ? now : null, stale), soon: first);
        }
    }
}
