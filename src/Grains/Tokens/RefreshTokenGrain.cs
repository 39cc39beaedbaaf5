using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Status;
using TokenActors.Grains.StoredTokens;
using TokenActors.Grains.Usage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// One refresh token: its commands. <see cref="TokenGrain"/> carries them out;
/// <see cref="TokenVerifier"/> says whether a secret is accepted.
/// </summary>
[GrainType(Kinds.Token)]
[Knows(Knowledge.Restrictions)]
[Knows(Knowledge.Belonging)]
[Knows(Knowledge.Imports)]
public sealed class RefreshTokenGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, LocalAuthorities authorities,
    LocalTokens local, StatusBook status, UsageBook usage, RestrictionGate gate, TimeProvider time)
    : EditedTokenGrain(
        store, lease, settings, authorities, local,
        new TokenVerifier(lease, peppers, settings.Rules, authorities, status, usage, time), peppers, gate, time),
        IRefreshTokenGrain
{
    public async Task<TokenAnswer> Issue(IssueToken command, CancellationToken cancellationToken)
    {
        TokenPlace place = new(GrainFactory, Store);
        var (spec, refusal) = await TokenAdmission.Admit(
            Id, command, Store, place, Settings, Gate, Owner.AskBefore, cancellationToken);
        if (spec is null)
        {
            return Refused(refusal);
        }

        return await place.Around(Execute(
            command.Context, _ => new TokenCommand.Issue(spec, Peppers.Digests(command.Secrets)), cancellationToken));
    }

    public async Task<TokenAnswer> Refresh(RefreshToken command, CancellationToken cancellationToken)
    {
        if (Current is not { } state)
        {
            LeaveIfAbsent();
            return Refused(TokenRefusal.NotFound);
        }

        if (command.Name is { } name && !string.Equals(name, state.Name, StringComparison.OrdinalIgnoreCase))
        {
            return Refused(TokenRefusal.WrongKind);
        }

        // Whoever only tries secrets is not told of addresses, and a replay is one wherever it comes from.
        var identified = Identify(state, command.Presented);
        if (identified.Kind is PresentedKind.PrimaryRefresh or PresentedKind.SecondaryRefresh
            && TokenVerifier.IsOutside(state, command.Address))
        {
            return Refused(TokenRefusal.OutsideAddresses);
        }

        return (await Owner.AskBefore(
            state.OrganizationId, Verifier.OwnerQueryOf(state), cancellationToken)).RefusalFor() is { } refusal
            ? Refused(refusal)
            : await Execute(
                command.Context,
                current => new TokenCommand.Refresh(
                    ReferenceEquals(current, state) ? identified : Identify(current, command.Presented),
                    Peppers.Digests(command.Secrets),
                    command.Sealed),
                cancellationToken);
    }

    public Task<TokenAnswer> Rotate(RenewToken command, CancellationToken cancellationToken) =>
        Renew(
            command,
            new TokenCommand.Rotate(
                Peppers.Digests(command.Secrets), command.Deadline, command.IsRefresh, command.MintedAt),
            cancellationToken);

    public Task<TokenAnswer> Reset(RenewToken command, CancellationToken cancellationToken) =>
        Renew(command, new TokenCommand.Reset(Peppers.Digests(command.Secrets)), cancellationToken);

    public Task<TokenAnswer> Replace(RenewToken command, CancellationToken cancellationToken) =>
        Renew(command, new TokenCommand.Replace(Peppers.Digests(command.Secrets), command.Deadline), cancellationToken);

    public Task<TokenAnswer> MoveDeadline(MoveTokenDeadline command, CancellationToken cancellationToken) =>
        Guard(command.Context, new TokenCommand.MoveDeadline(command.Deadline), cancellationToken);

    public Task<TokenAnswer> RemoveSecondary(ChangeToken command, CancellationToken cancellationToken) =>
        Guard(command.Context, new TokenCommand.RemoveSecondary(), cancellationToken, TokenReach.Stopping);

    public Task<TokenAnswer> SetLife(SetTokenLife command, CancellationToken cancellationToken) =>
        GoDuration.TryParseLife(command.Life, out var life, out _)
            ? GuardLife(command.Context, new TokenCommand.SetLife(life, command.KeepsTtl), cancellationToken)
            : Task.FromResult(Refused(TokenRefusal.LifeOutOfBounds));

    public Task<TokenAnswer> Enable(ChangeToken command, CancellationToken cancellationToken) =>
        Guard(command.Context, new TokenCommand.Enable(), cancellationToken);

    public Task<TokenAnswer> Disable(ChangeToken command, CancellationToken cancellationToken) =>
        Guard(command.Context, new TokenCommand.Disable(), cancellationToken, TokenReach.Stopping);

    public Task<TokenAnswer> Describe(DescribeToken command, CancellationToken cancellationToken) =>
        Guard(command.Context, new TokenCommand.Describe(command.Name, command.FullName), cancellationToken);

    public Task<TokenAnswer> Delete(ChangeToken command, CancellationToken cancellationToken) =>
        Guard(
            command.Context,
            state => state.Profile == TokenProfile.Default
                ? Task.FromResult(Refused(TokenRefusal.DefaultTokenStays))
                : End(command.Context, cancellationToken),
            cancellationToken,
            actions: TokenReach.Deleting);

    public async Task<TokenAnswer> EndWithOwner(ChangeToken command)
    {
        if (command.Context.Caller is not null)
        {
            return Refused(TokenRefusal.NotFound);
        }

        var answer = await Guard(
            command.Context, _ => End(command.Context, CancellationToken.None), CancellationToken.None);
        if (IsGone)
        {
            ScheduleLeaving();
        }

        return answer;
    }

    public Task<TokenAnswer> Revoke(RevokeToken command, CancellationToken cancellationToken) =>
        GuardRevocation(command, state => Revoke(state, command, cancellationToken), cancellationToken);

    public async Task<TokenAnswer> Get(OrganizationId organization, CancellationToken cancellationToken) =>
        await FindLive(cancellationToken) is { } state && state.OrganizationId == organization
            ? Done(state)
            : Refused(TokenRefusal.NotFound);

    public async Task<TokenAnswer> GetIdempotentAnswer(byte[] key, byte[] request, CancellationToken cancellationToken)
    {
        var found = await LoadIfMade(cancellationToken);
        LeaveIfAbsent();
        return found is { } state
            ? TokenSteps.EarlierAnswer(state, new IdempotencyTag(key, request, []), Verifier.LastUsed, Time.GetUtcNow())
            : Refused(TokenRefusal.NotFound);
    }

    private Task<TokenAnswer> Renew(RenewToken renewal, TokenCommand command, CancellationToken cancellationToken) =>
        GuardLife(renewal.Context, command, cancellationToken, renewal.OwnerId);

    private Task<TokenAnswer> Revoke(TokenState state, RevokeToken command, CancellationToken cancellationToken)
    {
        switch (Identify(state, command.Presented).Kind)
        {
            case PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh:
                return state.Profile == TokenProfile.Default
                    ? Execute(command.Context, _ => new TokenCommand.Disable(), cancellationToken)
                    : End(command.Context, cancellationToken);
            case PresentedKind.SecondaryAccess or PresentedKind.SecondaryRefresh:
                return Execute(command.Context, _ => new TokenCommand.RemoveSecondary(), cancellationToken);
            default:
                return Task.FromResult(Refused(TokenRefusal.UnknownSecret));
        }
    }

    /// <summary>
    /// Before a delete is answered the authority is told where there is anything below, so that nothing below is
    /// accepted from then on, and the names below are freed. What is left to do is done by a call that runs after the
    /// answer; the reminder finishes it after a crash. Where a cascade from above wrote the tombstone, it does that.
    /// </summary>
    private async Task<TokenAnswer> End(CallContext context, CancellationToken cancellationToken)
    {
        var answer = await Execute(context, _ => new TokenCommand.Delete(), cancellationToken);
        if (answer.Refusal is null && Current is { CascadePending: true } state)
        {
            if (await Store.Children(Kinds.Token, [state.Id.ToString()], 1) is { Count: > 0 })
            {
                await Owner.Organization(state.OrganizationId).MarkDeleting(state.Id);
                await TokensBelowThis(state).BuryBeforeAnswer();
            }

            this.AsReference<IRefreshTokenGrain>().FinishDelete().Forget();
        }

        return answer;
    }
}
