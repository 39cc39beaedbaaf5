using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Members;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Organizations;

/// <summary>
/// One organization: its row, and the authority that every verification asks. A deleted one says to every
/// verification that it does not exist, which is enough for nothing of it to be accepted.
/// </summary>
[GrainType(Kinds.Organization)]
public sealed class OrganizationGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, LocalAuthorities authorities,
    LogonSettings logonSettings, TimeProvider time)
    : OrganizationAuthorityGrain(store, lease, authorities, time), IOrganizationGrain
{
    private static readonly TimeSpan FailuresWrittenEvery = TimeSpan.FromMinutes(1);

    private LogonAttempts? _logons;
    private IGrainTimer? _writingFailures;

    private LogonAttempts Logons => _logons ??= new LogonAttempts(Id, logonSettings, Store, Time);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // First, since what follows may fail.
        Deregister();
        if (_logons is { } logons)
        {
            await logons.Write();
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<OrganizationView> CreateOrganization(
        CreateOrganization command, CancellationToken cancellationToken) =>
        (await CreateSubOrganization(command, cancellationToken)).Organization
        ?? throw new InvalidOperationException($"organization {Id} cannot be made: its name is taken");

    public async Task<OrganizationAnswer> CreateSubOrganization(
        CreateOrganization command, CancellationToken cancellationToken)
    {
        if (!OrganizationRights.MayCreate(command.Context.Caller, Id))
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.BeyondGrant);
        }

        var spec = OrganizationSpecs.Of(Id, command) with { Founding = true };
        return await Execute(
            command.Context, (current, now) => OrganizationMachine.Create(current, spec, now), cancellationToken);
    }

    public async Task<ProvisionedOrganization> Provision(
        ProvisionOrganization command, CancellationToken cancellationToken)
    {
        var create = command.Organization;
        if (!OrganizationRights.MayCreate(create.Context.Caller, Id))
        {
            LeaveIfAbsent();
            return new ProvisionedOrganization { Refusal = ResourceRefusal.BeyondGrant };
        }

        // All three rows or none: a crash leaves no organization that nobody can open.
        var spec = OrganizationSpecs.Of(Id, create);
        var wasMade = CurrentCommand == create.Context.CommandId.ToString("N");
        var answer = await Execute(
            create.Context,
            (current, now) =>
                current is null
                    ? OrganizationMachine.Create(current, spec, now)
                    : OrganizationParts.Repeated(current, command),
            next => OrganizationParts.Of(command, peppers, settings, next.CreatedAt).Commits,
            cancellationToken);
        if (answer.Refusal is not null || CurrentCommand != create.Context.CommandId.ToString("N")
            || Current is not { } made)
        {
            return new ProvisionedOrganization
            {
                Refusal = answer.Refusal, Organization = answer.Organization, Repeated = answer.Refusal is null,
            };
        }

        // Made again from what is stored: a command that is asked again after a lost answer gets the same.
        var parts = OrganizationParts.Of(command, peppers, settings, made.CreatedAt);
        var member = parts.Member;

        // Of one that was made before, the authority knows what became of the member since, perhaps that there is
        // none any more.
        if (!wasMade)
        {
            Authority.Note(member.Id, member.Name, member.Status, member.RoleBinding, member.Version);
        }

        return new ProvisionedOrganization
        {
            Organization = answer.Organization,
            Member = MemberViews.Of(member),
            Token = parts.Token.Answer(CommitOutcome.Done).Token,
        };
    }

    public async Task<OrganizationView> FinishFounding(CallContext context, CancellationToken cancellationToken) =>
        (await Execute(context, OrganizationMachine.FinishFounding, cancellationToken)).Organization
        ?? throw new InvalidOperationException($"organization {Id} was never founded");

    public async Task<OrganizationAnswer> Replace(ReplaceOrganization command, CancellationToken cancellationToken)
    {
        if (OrganizationRights.RefusalOf(command.Context.Caller, Id) is { } refusal)
        {
            LeaveIfAbsent();
            return Refused(refusal);
        }

        var edit = OrganizationSpecs.Of(command);
        return await Execute(
            command.Context,
            (current, now) => OrganizationMachine.Replace(current, edit, command.ExpectedVersion, now),
            cancellationToken);
    }

    public async Task<OrganizationView?> SetStatus(
        CallContext context, OrganizationStatus status, CancellationToken cancellationToken)
    {
        var answer = await Execute(
            context, (current, now) => OrganizationMachine.SetStatus(current, status, now), cancellationToken);
        return answer.Organization;
    }

    public async Task<OrganizationAnswer> Delete(DeleteResource command, CancellationToken cancellationToken)
    {
        var answer = await Execute(
            command.Context,
            (current, now) => OrganizationRights.MayDelete(command.Context.Caller, Id, current)
                ? OrganizationMachine.Delete(current, now)
                : Transition<OrganizationState>.Refuse(TransitionRefusal.NotFound),
            cancellationToken);
        if (answer.Refusal is null)
        {
            this.AsReference<IOrganizationGrain>().FinishDelete().Forget();
        }

        return answer;
    }

    public Task<OrganizationView?> Get(CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { DeletedAt: null } state ? OrganizationViews.Of(state) : null);
    }

    public Task<ResolvedRoles> ResolveRoles(ImmutableArray<string> roles, CancellationToken cancellationToken) =>
        Task.FromResult(
        Current is { DeletedAt: null } state
            ? Authority.ResolveAll(state, roles)
            : new ResolvedRoles { Grant = Grant.Nothing, Unknown = roles });

    public async Task<PasswordChallenge> Challenge(string memberName, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();

        var known = Current is { DeletedAt: null }
            ? Authority.Find(memberName) ?? (MemberNames.Composed(memberName) is { } composed ? Authority.Find(composed) : null)
            : null;

        // An unknown name gets the same kind of answer, the same at every attempt, and the same number of grain calls.
        var fake = peppers.Derive($"member {Id} {memberName.ToLowerInvariant()}");
        var member = known ?? new MemberId(new Guid(fake.AsSpan(0, 16), bigEndian: true));
        return await GrainFactory.GetGrain<IMemberGrain>(member.ToString()).Challenge(cancellationToken)
            ?? new PasswordChallenge { MemberId = member, Salt = fake[16..], Iterations = PasswordRules.Iterations };
    }

    public async Task<LogonChallenge> BeginLogon(LogonAttempt attempt, CancellationToken cancellationToken) =>
        Current is { DeletedAt: null } && Logons.Take(attempt.Name) is { } wait
            ? new LogonChallenge { Wait = wait }
            : new LogonChallenge { Challenge = await Challenge(attempt.Name, cancellationToken) };

    public Task LogonFailed(LogonAttempt attempt)
    {
        if (Current is not { DeletedAt: null })
        {
            LeaveIfAbsent();
            return Task.CompletedTask;
        }

        _writingFailures ??= this.RegisterGrainTimer(WriteFailures, FailuresWrittenEvery, FailuresWrittenEvery);
        return Logons.NoteFailure(attempt);
    }

    /// <summary>Writes a minute's failures, and ends with the first minute that had none.</summary>
    private async Task WriteFailures()
    {
        if (!await Logons.Write())
        {
            _writingFailures?.Dispose();
            _writingFailures = null;
        }
    }
}
