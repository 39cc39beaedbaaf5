using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
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
    Clock time)
    : RecordGrain<TokenState>(store, lease, Kinds.Token), IRefreshTokenGrain, IRemindable
{
    private TokenId Id => TokenId.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        active.Add(Id, this);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        active.Remove(Id, this);
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<TokenAnswer> Issue(IssueToken command)
    {
        var caller = command.Context.Caller;
        if (caller is not null && caller.OrganizationId != command.OrganizationId)
        {
            return Refused(TokenRefusal.NotFound);
        }

        GoDuration? ttl = null;
        if (command.Ttl is { } text && !GoDuration.TryParseLife(text, out ttl, out _))
        {
            return Refused(TokenRefusal.LifeOutOfBounds);
        }

        var spec = SpecOf(Id, command, ttl);
        var standing = await Ask(command.OrganizationId, new StandingQuery
        {
            MemberId = command.MemberId,
            Roles = command.Roles,
            Ancestors = spec.Ancestors,
            Within = [.. new[] { command.IntegrationId is { } integration ? Guid.Parse(integration) : (Guid?)null, command.AccountId }.OfType<Guid>()],
        });
        if (StandingRefusal(standing) is { } refusal)
        {
            return Refused(refusal);
        }

        var grant = (spec.Binding as GrantBinding.Own)?.Grant ?? standing.RolesGrant;
        if (caller is not null && !grant.IsWithin(caller.Grant))
        {
            return Refused(TokenRefusal.BeyondGrant);
        }

        if (settings.MostLiveTokens > 0
            && await Store.Count(new(Kinds.Token, spec.OrganizationId.ToString(), Shelf: spec.Profile.Shelf)) >= settings.MostLiveTokens)
        {
            return Refused(TokenRefusal.TooManyTokens);
        }

        return await Execute(command.Context, _ => new TokenCommand.Issue(spec, Digests(command.Secrets)));
    }

    public async Task<TokenAnswer> Refresh(RefreshToken command)
    {
        if (Current is not { } state)
        {
            LeaveIfAbsent();
            return Refused(TokenRefusal.NotFound);
        }

        return StandingRefusal(await Ask(state)) is { } refusal
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

    private static TokenSpec SpecOf(TokenId id, IssueToken command, GoDuration? ttl) => new()
    {
        Id = id,
        OrganizationId = command.OrganizationId,
        MemberId = command.MemberId,
        OwnerType = command.IntegrationId is not null ? TokenOwnerType.Integration
            : command.Principal is not null ? TokenOwnerType.Principal
            : TokenOwnerType.Organization,
        OwnerId = command.IntegrationId ?? command.Principal ?? command.OrganizationId.ToString(),
        Profile = TokenProfile.Named(command.Profile),
        Name = command.Name,
        FullName = command.FullName,
        ParentId = command.Independent ? null : command.Context.Caller?.TokenId,
        Ancestors = command is { Independent: false, Context.Caller: { } caller } ? [caller.TokenId, .. caller.Ancestors] : [],
        Binding = command.PermissionSet is { } set ? new GrantBinding.Adhoc(set, command.Resources ?? Resources.All)
            : command.Actions is { } actions ? new GrantBinding.Listed(ActionSet.Of(actions), command.Resources ?? Resources.All)
            : new GrantBinding.Roles(command.Roles),
        Claims = command.Claims,
        AccountId = command.AccountId,
        Ttl = ttl,
        LongestTtl = command.LongestTtl,
        ExpiresAt = command.ExpiresAt,
        Independent = command.Independent,
        Enabled = !command.Disabled,
        SecretVersion = command.SecretVersion ?? 1,
    };
}
