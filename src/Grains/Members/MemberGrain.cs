using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Members;

/// <summary>
/// One member: its row with the password's digest. It tells its organization's authority of every change before it answers. Its roles, before
/// and after a change, lie within what the caller may do; the last one who can administer the organization stays.
/// </summary>
[GrainType(Kinds.Member)]
public sealed class MemberGrain(IRecordStore store, SiloLease lease, PepperRing peppers, TimeProvider time)
    : TombstoneGrain<MemberState, MemberAnswer>(store, lease, time, Kinds.Member), IMemberGrain
{
    private const int TokensAtOnce = 1000;

    private MemberId Id => MemberId.Parse(this.GetPrimaryKeyString());

    public async Task<MemberView?> Create(CreateMember command, CancellationToken cancellationToken) =>
        (await Add(command, cancellationToken)).Member;

    public async Task<MemberAnswer> Add(CreateMember command, CancellationToken cancellationToken)
    {
        var caller = command.Context.Caller;
        if (caller is not null && caller.OrganizationId != command.OrganizationId)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        if (caller is not null
            && await MemberRights.RefusalOf(command.RoleBinding, caller, Organization(command.OrganizationId), cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var spec = MemberSpecs.Of(Id, command, await LongestPassword(command.OrganizationId, cancellationToken), peppers);
        return await Execute(command.Context, (current, now) => MemberMachine.Create(current, spec, now), cancellationToken);
    }

    public async Task<MemberAnswer> Replace(ReplaceMember command, CancellationToken cancellationToken)
    {
        if (Find(command.Context.Caller) is not { } before)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        var edit = new MemberEdit(
            command.Name, command.FullName, command.Nickname, command.Picture, command.Status, command.RoleBinding,
            GoDuration.Of(command.Ttl), GoDuration.Of(command.TokenTtl));
        var after = MemberMachine.Edited(before, edit);
        if (await MemberRights.RefusalOf(before, after, command.Context.Caller, Authority(before), cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return command.ExpectedVersion is { } expected && expected != before.Version && CurrentCommand != command.Context.CommandId.ToString("N")
            ? Refused(ResourceRefusal.ChangedMeanwhile)
            : await AskingLeave(
                before,
                after,
                token => Execute(command.Context, (current, now) => MemberMachine.Replace(current, edit, before.Version, now), token),
                cancellationToken);
    }

    public async Task<MemberAnswer> Delete(DeleteResource command, CancellationToken cancellationToken)
    {
        // The same command again after a lost answer: the authority may not have been told.
        if (Current is { DeletedAt: not null } gone && CurrentCommand == command.Context.CommandId.ToString("N"))
        {
            await OnCommitted(gone);
            return new MemberAnswer();
        }

        if (Find(command.Context.Caller) is not { } before)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        var answer = await MemberRights.RefusalOf(before, command.Context.Caller, Authority(before), cancellationToken)
            ?? await AskingLeave(
                before,
                after: null,
                token => Execute(command.Context, (current, now) => MemberMachine.Delete(current, before.Version, now), token),
                cancellationToken);
        if (answer.Refusal is null)
        {
            this.AsReference<IMemberGrain>().FinishDelete().Forget();
        }

        return answer;
    }

    public async Task<MemberAnswer> EndWithOrganization(DeleteResource command) => command.Context.Caller is null
        ? await Execute(command.Context, MemberMachine.EndWithOrganization, CancellationToken.None)
        : Refused(ResourceRefusal.NotFound);

    public Task<MemberView?> Get(CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { DeletedAt: null } state ? MemberViews.Of(state) : null);
    }

    public Task<PasswordChallenge?> Challenge(CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { DeletedAt: null } state
            ? new PasswordChallenge { MemberId = Id, Salt = state.Password.Salt, Iterations = state.Password.Iterations }
            : null);
    }

    public async Task<AuthAnswer> Logon(PasswordProof proof, CancellationToken cancellationToken)
    {
        var outcome = Prove(proof.Derived);
        if (outcome != AuthOutcome.Success)
        {
            return new AuthAnswer
            {
                Outcome = outcome, Member = outcome != AuthOutcome.Failure && Current is { } known ? MemberViews.Of(known) : null,
            };
        }

        var answer = await Execute(
            proof.Context,
            (current, now) => MemberMachine.LogOn(
                current, current?.Password.Digest.PepperId == peppers.Current.Id ? null : peppers.Digest(proof.Derived), now),
            cancellationToken);
        return new AuthAnswer { Outcome = AuthOutcome.Success, Member = answer.Member };
    }

    public async Task<AuthAnswer> ChangePassword(PasswordProof proof, CancellationToken cancellationToken)
    {
        // An expired password may be changed: that is what the member is asked to do.
        var outcome = Prove(proof.Derived);
        if (outcome is not (AuthOutcome.Success or AuthOutcome.Expired) || proof.Next is not { } next || Current is not { } state)
        {
            return new AuthAnswer { Outcome = outcome };
        }

        var longest = await LongestPassword(state.OrganizationId, cancellationToken);
        var answer = await Execute(
            proof.Context,
            (current, now) => MemberMachine.ChangePassword(current, MemberSpecs.Verifier(next, peppers), longest, now),
            cancellationToken);
        return new AuthAnswer { Outcome = AuthOutcome.Success, Member = answer.Member };
    }

    public async Task<MemberView?> SetStatus(CallContext context, MemberStatus status, CancellationToken cancellationToken) =>
        (await Execute(context, (current, now) => MemberMachine.SetStatus(current, status, now), cancellationToken)).Member;

    public async Task<MemberView?> ResetPassword(CallContext context, DerivedPassword password, CancellationToken cancellationToken)
    {
        var verifier = MemberSpecs.Verifier(password, peppers);
        return (await Execute(context, (current, now) => MemberMachine.ResetPassword(current, verifier, now), cancellationToken)).Member;
    }

    public async Task<MemberView?> BindRoles(CallContext context, ImmutableArray<string> roles, CancellationToken cancellationToken) =>
        (await Execute(context, (current, now) => MemberMachine.BindRoles(current, roles, now), cancellationToken)).Member;

    /// <summary>A crash between a commit and its word to the authority is made good before anyone is shown what was committed.</summary>
    protected override Task OnLoaded() => Current is { } state ? OnCommitted(state) : Task.CompletedTask;

    protected override MemberState Restore(StoredRecord record) => MemberRow.Read(record);

    protected override StoredRecord RowOf(MemberState state, string commandId) => MemberRow.Of(state, commandId);

    protected override string NameOf(MemberState state) => state.Name;

    protected override string AuditedIn(MemberState state, CallContext context) => state.OrganizationId.ToString();

    protected override IReadOnlyList<RecordKey> ParentsOf(MemberState state) => [new(Kinds.Organization, state.OrganizationId.ToString())];

    protected override Transition<MemberState> FinishCascade(MemberState? current, DateTimeOffset now) => MemberMachine.FinishCascade(current, now);

    protected override Task DeleteBelow(MemberState state) => DeleteAll(
        () => Store.Live(Kinds.Token, state.OrganizationId.ToString(), state.Id.ToString(), TokensAtOnce),
        token => GrainFactory.GetGrain<IRefreshTokenGrain>(token.Id).EndWithOwner(new ChangeToken { Context = InternalCommand() }));

    protected override MemberAnswer Done(MemberState state) => new() { Member = state.DeletedAt is null ? MemberViews.Of(state) : null };

    protected override MemberAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };

    /// <summary>The authority knows a change before it is answered.</summary>
    protected override Task OnCommitted(MemberState state) => state.DeletedAt is null
        ? Authority(state).MemberChanged(state.Id, state.Name, state.Status, state.RoleBinding, state.Version)
        : Authority(state).MemberGone(state.Id, state.Version);

    private AuthOutcome Prove(SecretFingerprint derived)
    {
        if (Current is not { DeletedAt: null } state || !peppers.Matches(derived, state.Password.Digest))
        {
            LeaveIfAbsent();
            return AuthOutcome.Failure;
        }

        return state.Status switch
        {
            MemberStatus.Disabled => AuthOutcome.Disabled,
            MemberStatus.Locked => AuthOutcome.Locked,
            MemberStatus.Invited => AuthOutcome.Invited,
            _ => Time.GetUtcNow() >= state.ExpiresAt ? AuthOutcome.Expired : AuthOutcome.Success,
        };
    }

    /// <summary>The live member, where the caller may know of it.</summary>
    private MemberState? Find(Caller? caller)
    {
        LeaveIfAbsent();
        return Current is { DeletedAt: null } state && (caller is null || caller.OrganizationId == state.OrganizationId) ? state : null;
    }

    private async Task<TimeSpan?> LongestPassword(OrganizationId organization, CancellationToken cancellationToken) =>
        (await Organization(organization).Get(cancellationToken))?.PasswordDuration is { } text ? GoDuration.Of(text).Value : null;

    /// <summary>
    /// Asks leave first where the member ceases to be one that can administer the organization. A change for which leave was asked is not called
    /// off any more: the authority counts on it.
    /// </summary>
    private async Task<MemberAnswer> AskingLeave(
        MemberState before,
        MemberState? after,
        Func<CancellationToken, Task<MemberAnswer>> change,
        CancellationToken cancellationToken)
    {
        if (!MemberRights.Administers(before) || MemberRights.Administers(after))
        {
            return await change(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!await Authority(before).TryReleaseAdministrator(Id))
        {
            return Refused(ResourceRefusal.LastAdministrator);
        }

        var answer = await change(CancellationToken.None);
        if (answer.Refusal is not null)
        {
            await Authority(before).RestoreAdministrator(Id);
        }

        return answer;
    }

    private IOrganizationGrain Organization(OrganizationId id) => GrainFactory.GetGrain<IOrganizationGrain>(id.ToString());

    private IOrganizationGrain Authority(MemberState state) => Organization(state.OrganizationId);
}
