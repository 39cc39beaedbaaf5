using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Members;

/// <summary>
/// One member: its row with the password's digest. It tells its organization's authority of every change before it
/// answers. Its roles, before and after a change, lie within what the caller may do; the last one who can administer
/// the organization stays.
/// </summary>
[GrainType(Kinds.Member)]
public sealed class MemberGrain(IRecordStore store, SiloLease lease, PepperRing peppers, TimeProvider time)
    : MemberRecordGrain(store, lease, time), IMemberGrain
{
    private MemberId Id => MemberId.Parse(this.GetPrimaryKeyString());

    public async Task<MemberView?> Create(CreateMember command, CancellationToken cancellationToken) =>
        (await Add(command, cancellationToken)).Member;

    public async Task<MemberAnswer> Add(CreateMember command, CancellationToken cancellationToken) =>
        await Shown(await Make(command, cancellationToken));

    public async Task<MemberAnswer> Replace(ReplaceMember command, CancellationToken cancellationToken) =>
        await Shown(await Change(command, cancellationToken));

    private async Task<MemberAnswer> Make(CreateMember command, CancellationToken cancellationToken)
    {
        var caller = command.Context.Caller;
        if (caller is not null && caller.OrganizationId != command.OrganizationId)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        if (!MemberRights.MayChange(caller, command.OrganizationId, "members:create"))
        {
            return Refused(ResourceRefusal.BeyondGrant);
        }

        if (await LoadIfMade(cancellationToken) is { } existing
            && MemberRepetition.AnswerTo(command, existing, Now) is { } answer)
        {
            return answer;
        }

        var organization = Organization(command.OrganizationId);
        var (roles, refusal) = await MemberRights.Bind(
            command.RoleBinding, bound: [], caller, organization, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var lives = await LivesIn(command.OrganizationId, cancellationToken);
        var spec = MemberSpecs.Of(Id, command, lives, peppers) with { RoleBinding = roles };
        return await Execute(
            command.Context, (current, now) => MemberMachine.Create(current, spec, now), cancellationToken);
    }

    private async Task<MemberAnswer> Change(ReplaceMember command, CancellationToken cancellationToken)
    {
        if (Find(command.Context.Caller, "members:update", "members:patch") is not { } before)
        {
            return NotReached(command.Context.Caller);
        }

        var caller = command.Context.Caller;
        if (await MemberRights.RefusalOf(before, caller, Authority(before), cancellationToken) is { } beyond)
        {
            return beyond;
        }

        var (roles, refusal) = await MemberRights.Bind(
            command.RoleBinding, before.RoleBinding, caller, Authority(before), cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var edit = new MemberEdit(
            command.Name, command.FullName, command.Nickname, command.Picture, command.Status, roles,
            GoDuration.Of(command.Ttl), GoDuration.Of(command.TokenTtl), await LivesIn(
                before.OrganizationId, cancellationToken));
        var after = MemberMachine.Edited(before, edit);

        return command.ExpectedVersion is { } expected && expected != before.Version
            && CurrentCommand != command.Context.CommandId.ToString("N")
            ? Refused(ResourceRefusal.ChangedMeanwhile)
            : await AdministratorRelease.Around(
                Authority(before),
                before,
                after, command.Context.IsPreview,
                token => Execute(
                    command.Context,
                    (current, now) => MemberMachine.Replace(current, edit, before.Version, now),
                    token),
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

        if (Find(command.Context.Caller, "members:delete") is not { } before)
        {
            return NotReached(command.Context.Caller);
        }

        var answer = await MemberRights.RefusalOf(before, command.Context.Caller, Authority(before), cancellationToken)
            ?? await AdministratorRelease.Around(
                Authority(before),
                before,
                after: null, command.Context.IsPreview,
                token => Execute(
                    command.Context, (current, now) => MemberMachine.Delete(current, before.Version, now), token),
                cancellationToken);
        if (answer.Refusal is null)
        {
            await TokensBelowThis(before).BuryBeforeAnswer();
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
        var password = Current is { DeletedAt: null } state ? state.Password : null;
        return Task.FromResult(password is null
            ? null
            : new PasswordChallenge { MemberId = Id, Salt = password.Salt, Iterations = password.Iterations });
    }

    public async Task<AuthAnswer> Logon(PasswordProof proof, CancellationToken cancellationToken)
    {
        var outcome = Prove(proof.Derived);
        if (outcome != AuthOutcome.Success)
        {
            var known = outcome == AuthOutcome.Failure ? null : Current;
            return new AuthAnswer { Outcome = outcome, Member = known is null ? null : MemberViews.Of(known) };
        }

        var answer = await Execute(
            proof.Context,
            (current, now) => MemberMachine.LogOn(current, RenewedDigest(current, proof.Derived), now),
            cancellationToken);
        return new AuthAnswer { Outcome = AuthOutcome.Success, Member = answer.Member };
    }

    public async Task<AuthAnswer> ChangePassword(PasswordProof proof, CancellationToken cancellationToken)
    {
        // An expired password may be changed, and so may that of an invitation: the member is asked to.
        var outcome = Prove(proof.Derived);
        if (outcome is not (AuthOutcome.Success or AuthOutcome.Expired or AuthOutcome.Invited)
            || proof.Next is not { } next
            || Current is not { } state)
        {
            return new AuthAnswer { Outcome = outcome };
        }

        // Whoever knows the old password loses what was opened with it. Sessions go first: cut off between, the member
        // logs on anew with the old password. A log-on that was proved before and opens its session now is found after.
        await MemberSessions.End(GrainFactory, Store, state, proof);
        var lives = await LivesIn(state.OrganizationId, cancellationToken);
        var answer = await Execute(
            proof.Context,
            (current, now) =>
                MemberMachine.ChangePassword(current, MemberSpecs.Verifier(next, peppers), lives.Longest, now),
            cancellationToken);

        // What is not ended now, since another silo does not answer, ends by itself: the change is stored.
        await MemberSessions.EndAfterChange(GrainFactory, Store, state, proof).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return new AuthAnswer { Outcome = AuthOutcome.Success, Member = answer.Member };
    }

    public async Task<MemberAnswer> See(ReadResource query, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        if (Current is not { DeletedAt: null } state || state.OrganizationId != query.OrganizationId)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        return query.Caller is not { } caller
            || MemberRights.Shows(
                caller,
                $"members:{query.Verb}",
                state,
                (await Authority(state).ResolveRoles(state.RoleBinding, cancellationToken)).Grant)
            ? await Shown(Done(state))
            : Refused(ResourceRefusal.NotFound);
    }

    public Task<MemberView?> SetStatus(
        CallContext context, MemberStatus status, CancellationToken cancellationToken) =>
        Change(context, (current, now) => MemberMachine.SetStatus(current, status, now), cancellationToken);

    public Task<MemberView?> ResetPassword(
        CallContext context, DerivedPassword password, CancellationToken cancellationToken)
    {
        var verifier = MemberSpecs.Verifier(password, peppers);
        return Change(
            context, (current, now) => MemberMachine.ResetPassword(current, verifier, now), cancellationToken);
    }

    public Task<MemberView?> BindRoles(
        CallContext context, ImmutableArray<string> roles, CancellationToken cancellationToken) =>
        Change(context, (current, now) => MemberMachine.BindRoles(current, roles, now), cancellationToken);

    private async Task<MemberView?> Change(
        CallContext context,
        Func<MemberState?, DateTimeOffset, Transition<MemberState>> change,
        CancellationToken cancellationToken) => (await Execute(context, change, cancellationToken)).Member;

    private AuthOutcome Prove(SecretFingerprint derived)
    {
        LeaveIfAbsent();
        return Current is { DeletedAt: null } state
            ? PasswordProofs.OutcomeOf(state, derived, peppers, Time.GetUtcNow())
            : AuthOutcome.Failure;
    }

    /// <summary>The proved password under the pepper in use; null where it already is.</summary>
    private SecretDigest? RenewedDigest(MemberState? state, SecretFingerprint derived) =>
        state?.Password.Digest.PepperId == peppers.Current.Id ? null : peppers.Digest(derived);

    /// <summary>The live member, where the caller may change it; any of the actions is needed.</summary>
    private MemberState? Find(Caller? caller, params string[] actions)
    {
        LeaveIfAbsent();
        return Current is { DeletedAt: null } state && IsOf(caller, state)
            && MemberRights.MayChange(caller, state.OrganizationId, actions)
                ? state
                : null;
    }

    /// <summary>Whether there is such a member tells nothing to who may change none.</summary>
    private MemberAnswer NotReached(Caller? caller) => Refused(
        Current is { DeletedAt: null } state && IsOf(caller, state)
            ? ResourceRefusal.BeyondGrant
            : ResourceRefusal.NotFound);

    private static bool IsOf(Caller? caller, MemberState state) =>
        caller is null || caller.OrganizationId == state.OrganizationId;
}
