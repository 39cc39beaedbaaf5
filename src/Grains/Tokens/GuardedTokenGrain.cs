using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>Who may give a token which command.</summary>
public abstract class GuardedTokenGrain : TokenGrain
{
    /// <summary>Of what a caller lacks, so many are named.</summary>
    private const int MostNamed = 5;

    private protected GuardedTokenGrain(
        IRecordStore store, SiloLease lease, TokenSettings settings, LocalAuthorities authorities, LocalTokens local,
        TokenVerifier verifier, TimeProvider time)
        : base(store, lease, settings, authorities, local, verifier, time)
    {
    }

    public async Task<TokenAnswer> See(SeeToken query, CancellationToken cancellationToken) =>
        await FindSeen(query, cancellationToken) is var (state, owner)
            ? Named(Done(state), owner)
            : Refused(TokenRefusal.NotFound);

    private static TokenAnswer Named(TokenAnswer answer, OwnerStatus owner) =>
        answer.Token is { } token ? answer with { Token = TokenViews.WithPresentRoles(token, owner) } : answer;

    public async Task<TokenGrantAnswer> GetGrant(SeeToken query, CancellationToken cancellationToken)
    {
        if (await FindSeen(query, cancellationToken) is not var (state, owner))
        {
            return new TokenGrantAnswer { Refusal = TokenRefusal.NotFound };
        }

        return new TokenGrantAnswer
        {
            Token = Done(state).Token,
            Grant = Verifier.EffectiveGrant(state, owner),
            Hindrance = state.StatusAt(Time.GetUtcNow()) switch
            {
                TokenStatus.Disabled => TokenRefusal.Disabled,
                TokenStatus.Expired => TokenRefusal.Expired,
                _ when TokenMachine.IsUsedUp(state) => TokenRefusal.UsedUp,
                _ => owner.RefusalFor(state.Independent),
            },
        };
    }

    private protected Task<TokenAnswer> Guard(
        CallContext context, TokenCommand command, CancellationToken cancellationToken, string[]? actions = null) =>
        Guard(context, _ => Execute(context, _ => command, cancellationToken), cancellationToken, actions: actions);

    /// <summary>
    /// Refuses what the caller may not touch: a token of another organization or owner looks as if it did not exist,
    /// and a token that may do more than the caller is out of its reach. The operator's own code (no caller) and the
    /// token itself pass.
    /// </summary>
    private protected async Task<TokenAnswer> Guard(
        CallContext context,
        Func<TokenState, Task<TokenAnswer>> command,
        CancellationToken cancellationToken,
        string? ownerId = null,
        string[]? actions = null)
    {
        if (Current is not { DeletedAt: null } state
            || (ownerId is not null && state.OwnerId != ownerId)
            || (context.Caller is { } caller && caller.OrganizationId != state.OrganizationId))
        {
            // A repeated delete is answered by its own command below; everything else finds nothing.
            LeaveIfAbsent();
            return Current is { } own && CurrentCommand == context.CommandId.ToString("N")
                ? await command(own)
                : Refused(TokenRefusal.NotFound);
        }

        if (context.ExpectedVersion is { } expected && expected != state.Version
            && CurrentCommand != context.CommandId.ToString("N"))
        {
            return Refused(TokenRefusal.ChangedMeanwhile);
        }

        return context.Caller is { } other && other.TokenId != Id
            && await RefusalOf(state, other, actions ?? TokenReach.Changing, cancellationToken) is { } refused
            ? refused
            : await command(state);
    }

    /// <summary>
    /// Revocation is guarded like every command. For a secret that leaked it is enough that the token is of the
    /// caller's organization, where there is a caller: possession alone would do, and a scanner that may do little is
    /// to end what may do much. The organization's policy says what becomes of it.
    /// </summary>
    private protected async Task<TokenAnswer> GuardRevocation(
        RevokeToken command, Func<TokenState, Task<TokenAnswer>> revoke, CancellationToken cancellationToken)
    {
        if (!command.Leaked)
        {
            return await Guard(command.Context, revoke, cancellationToken, actions: TokenReach.Deleting);
        }

        if (await FindLive(cancellationToken) is not { } state
            || (command.Context.Caller is { } caller && caller.OrganizationId != state.OrganizationId))
        {
            return Refused(TokenRefusal.NotFound);
        }

        if (Identify(state, command.Presented).Kind is not (PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh
            or PresentedKind.SecondaryAccess or PresentedKind.SecondaryRefresh))
        {
            return Refused(TokenRefusal.UnknownSecret);
        }

        // Before it is revoked: a crash in between leaves a note and a scanner that asks again, not a silent end.
        await Store.Append(AuditEntries.Of(
            Key,
            command.Context,
            command.Context.CommandId.ToString("N"),
            state.OrganizationId.ToString(),
            "token.leaked",
            state.Version,
            Now));
        return (await Ask(state, cancellationToken)).Policy?.OnLeak switch
        {
            "notice" => Done(state),
            "disable" => await Execute(command.Context, _ => new TokenCommand.Disable(), cancellationToken),
            _ => await revoke(state),
        };
    }

    private protected Task<TokenAnswer> GuardLife(
        CallContext context, TokenCommand command, CancellationToken cancellationToken, string? ownerId = null) =>
        GuardLife(context, _ => Execute(context, _ => command, cancellationToken), cancellationToken, ownerId);

    /// <summary>The same for a command that gives the token another life, which its organization's policy
    /// limits.</summary>
    private protected Task<TokenAnswer> GuardLife(
        CallContext context,
        Func<TokenState, Task<TokenAnswer>> command,
        CancellationToken cancellationToken,
        string? ownerId = null) =>
        Guard(
            context,
            async state =>
            {
                Owner.Hear(await Ask(state, cancellationToken));
                return await command(state);
            },
            cancellationToken,
            ownerId);

    /// <summary>The token and what is said of its owner, where the caller sees it.</summary>
    private async Task<(TokenState State, OwnerStatus Owner)?> FindSeen(
        SeeToken query, CancellationToken cancellationToken)
    {
        if (await FindLive(cancellationToken) is not { } state)
        {
            return null;
        }

        var owner = await Ask(state, cancellationToken);
        var target = await TokenReach.TargetOf(GrainFactory, state, cancellationToken);
        return TokenReach.Shows(query.Caller, query.Action, state, owner.RolesGrant, target) ? (state, owner) : null;
    }

    /// <summary>
    /// Why a caller may not command the token, with the first things that it lacks; null where it may. Any of the
    /// actions is needed.
    /// </summary>
    private async ValueTask<TokenAnswer?> RefusalOf(
        TokenState state, Caller caller, string[] actions, CancellationToken cancellationToken)
    {
        var effective = Verifier.EffectiveGrant(state, await Ask(state, cancellationToken));
        return await TokenReach.Covers(GrainFactory, state, effective, caller, actions, cancellationToken)
            ? null
            : Refused(TokenRefusal.BeyondGrant) with { TooMuch = [.. effective.Beyond(caller.Grant).Take(MostNamed)] };
    }
}
