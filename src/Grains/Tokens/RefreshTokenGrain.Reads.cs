using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>What interleaves: it looks at the last committed state and the organization's authority.</summary>
public sealed partial class RefreshTokenGrain
{
    private (OrganizationId Id, IOrganizationGrain Grain)? _organization;
    private KnownQuery? _query;

    private sealed record KnownQuery(TokenState State, StandingQuery Query);

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

    private ValueTask<Standing> Ask(TokenState state) => Ask(state.OrganizationId, QueryOf(state));

    /// <summary>Made once for each state: it is asked at every verification.</summary>
    private StandingQuery QueryOf(TokenState state)
    {
        if (_query is { } known && ReferenceEquals(known.State, state))
        {
            return known.Query;
        }

        var query = new StandingQuery
        {
            MemberId = state.MemberId,
            Roles = state.Binding is GrantBinding.Roles roles ? roles.Names : [],
            Ancestors = state.Ancestors,
            Within = state.Within,
        };
        _query = new(state, query);
        return query;
    }

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
}
