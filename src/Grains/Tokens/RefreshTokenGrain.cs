using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// One refresh token. It owns the token's row, its slots, grant and life, and the reminder <c>expiry</c>. This file holds the commands;
/// <c>.Execution</c> how they are decided and committed, <c>.Verification</c> and <c>.Reads</c> what interleaves, <c>.Time</c> reminder and cascade.
/// </summary>
[GrainType(Kinds.Token)]
public sealed partial class RefreshTokenGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, Authorities authorities, ActiveTokens active,
    TimeProvider time)
    : RecordGrain<TokenState>(store, lease, Kinds.Token), IRefreshTokenGrain, IRemindable
{
    private TokenId Id => TokenId.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (HasCanonicalKey)
        {
            active.Add(Id, this);
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (HasCanonicalKey)
        {
            active.Remove(Id, this);
        }

        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<TokenAnswer> Issue(IssueToken command)
    {
        var (spec, refusal) = await TokenIssuing.Admit(Id, command, Store, settings, Ask);
        return spec is null
            ? Refused(refusal)
            : await Execute(command.Context, _ => new TokenCommand.Issue(spec, Digests(command.Secrets)));
    }

    public async Task<TokenAnswer> Refresh(RefreshToken command)
    {
        if (Current is not { } state)
        {
            LeaveIfAbsent();
            return Refused(TokenRefusal.NotFound);
        }

        return TokenIssuing.RefusalOf(await Ask(state)) is { } refusal
            ? Refused(refusal)
            : await Execute(
                command.Context,
                current => new TokenCommand.Refresh(Identify(current, command.Presented), Digests(command.Secrets), command.Sealed));
    }

    public Task<TokenAnswer> Rotate(RenewToken command) => Guard(
        command.Context, () => Execute(command.Context, _ => new TokenCommand.Rotate(Digests(command.Secrets), command.Deadline)), command.OwnerId);

    public Task<TokenAnswer> Reset(RenewToken command) => Guard(
        command.Context, () => Execute(command.Context, _ => new TokenCommand.Reset(Digests(command.Secrets))), command.OwnerId);

    public Task<TokenAnswer> Replace(RenewToken command) => Guard(
        command.Context, () => Execute(command.Context, _ => new TokenCommand.Replace(Digests(command.Secrets), command.Deadline)), command.OwnerId);

    public Task<TokenAnswer> MoveDeadline(MoveTokenDeadline command) =>
        Guard(command.Context, () => Execute(command.Context, _ => new TokenCommand.MoveDeadline(command.Deadline)));

    public Task<TokenAnswer> RemoveSecondary(ChangeToken command) =>
        Guard(command.Context, () => Execute(command.Context, _ => new TokenCommand.RemoveSecondary()));

    public Task<TokenAnswer> SetLife(SetTokenLife command) => GoDuration.TryParseLife(command.Life, out var life, out _)
        ? Guard(command.Context, () => Execute(command.Context, _ => new TokenCommand.SetLife(life)))
        : Task.FromResult(Refused(TokenRefusal.LifeOutOfBounds));

    public Task<TokenAnswer> Enable(ChangeToken command) =>
        Guard(command.Context, () => Execute(command.Context, _ => new TokenCommand.Enable()));

    public Task<TokenAnswer> Disable(ChangeToken command) =>
        Guard(command.Context, () => Execute(command.Context, _ => new TokenCommand.Disable()));

    public Task<TokenAnswer> Describe(DescribeToken command) =>
        Guard(command.Context, () => Execute(command.Context, _ => new TokenCommand.Describe(command.Name, command.FullName)));

    public Task<TokenAnswer> Edit(EditToken command) => Guard(command.Context, () => EditWithin(command));

    public Task<TokenAnswer> Delete(ChangeToken command) => Guard(command.Context, () => Delete(command.Context), takesAway: true);

    public Task<TokenAnswer> EndWithOwner(ChangeToken command) => command.Context.Caller is null
        ? Guard(command.Context, () => End(command.Context))
        : Task.FromResult(Refused(TokenRefusal.NotFound));

    public Task<TokenAnswer> Revoke(RevokeToken command) => Guard(command.Context, () => Identify(Current!, command.Presented).Kind switch
    {
        PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh when Current!.Profile == TokenProfile.Default =>
            Execute(command.Context, _ => new TokenCommand.Disable()),
        PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh => Delete(command.Context),
        PresentedKind.SecondaryAccess or PresentedKind.SecondaryRefresh =>
            Execute(command.Context, _ => new TokenCommand.RemoveSecondary()),
        _ => Task.FromResult(Refused(TokenRefusal.UnknownSecret)),
    });

    public Task RenewDigest(SecretFingerprint presented) => Execute(
        new CallContext { CommandId = NewCommandId() },
        current => new TokenCommand.RenewDigest(Identify(current, presented).Kind, peppers.Digest(presented)));

    private Task<TokenAnswer> Delete(CallContext context) => Current is { Profile: var profile } && profile == TokenProfile.Default
        ? Task.FromResult(Refused(TokenRefusal.DefaultTokenStays))
        : End(context);

    private async Task<TokenAnswer> End(CallContext context)
    {
        var answer = await Execute(context, _ => new TokenCommand.Delete());
        if (Current is { CascadePending: true } state)
        {
            await BeginCascade(state);
        }

        return answer;
    }
}
