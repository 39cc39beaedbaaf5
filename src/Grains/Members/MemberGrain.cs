using System.Collections.Immutable;
using System.Text.Json;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Members;

/// <summary>One member: its row with the password's digest. It tells its organization's authority of every change before it answers.</summary>
[GrainType(Kinds.Member)]
public sealed partial class MemberGrain(IRecordStore store, SiloLease lease, PepperRing peppers, TimeProvider time)
    : RecordGrain<MemberState>(store, lease, Kinds.Member), IMemberGrain, IRemindable
{
    private static readonly GoDuration DefaultTtl = GoDuration.Of("87600h");
    private static readonly GoDuration DefaultTokenTtl = GoDuration.Of("1h");

    private MemberId Id => MemberId.Parse(this.GetPrimaryKeyString());

    /// <summary>A crash between a commit and its word to the authority is made good before anyone is shown what was committed.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await TellAuthority();
    }

    public async Task<MemberView?> Create(CreateMember command) => (await Add(command)).Member;

    public Task<MemberView?> Get()
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { DeletedAt: null } state ? MemberRecord.View(state) : null);
    }

    public Task<PasswordChallenge?> Challenge()
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { DeletedAt: null } state
            ? new PasswordChallenge { MemberId = Id, Salt = state.Password.Salt, Iterations = state.Password.Iterations }
            : null);
    }

    public async Task<AuthAnswer> Logon(PasswordProof proof)
    {
        var outcome = Prove(proof.Derived);
        if (outcome != AuthOutcome.Success)
        {
            return new AuthAnswer { Outcome = outcome, Member = outcome == AuthOutcome.Failure ? null : MemberRecord.View(Current!) };
        }

        var now = time.GetUtcNow().CutToMicroseconds();
        var member = await Committed(proof.Context, "member.logged_on", current => current is null ? null : current with
        {
            LastLogon = now,
            Password = current.Password.Digest.PepperId == peppers.Current.Id
                ? current.Password
                : current.Password with { Digest = peppers.Digest(proof.Derived) },
        });
        return new AuthAnswer { Outcome = AuthOutcome.Success, Member = member };
    }

    public async Task<AuthAnswer> ChangePassword(PasswordProof proof)
    {
        // An expired password may be changed: that is what the member is asked to do.
        var outcome = Prove(proof.Derived);
        if (outcome is not (AuthOutcome.Success or AuthOutcome.Expired) || proof.Next is not { } next)
        {
            return new AuthAnswer { Outcome = outcome };
        }

        var expires = await PasswordExpiry(Current!.OrganizationId, Current.Ttl.Value);
        var member = await Committed(proof.Context, "member.password_changed", current =>
            current is null ? null : current with { Password = Verifier(next), ExpiresAt = expires });
        return new AuthAnswer { Outcome = AuthOutcome.Success, Member = member };
    }

    public Task<MemberView?> SetStatus(CallContext context, MemberStatus status) =>
        Committed(context, "member.status_set", current => current is null ? null : current with { Status = status });

    public Task<MemberView?> ResetPassword(CallContext context, DerivedPassword password)
    {
        var now = time.GetUtcNow().CutToMicroseconds();
        return Committed(context, "member.password_reset", current => current is null ? null : current with
        {
            Password = Verifier(password),
            Status = MemberStatus.Enabled,
            ExpiresAt = now + current.Ttl.Value,
        });
    }

    public Task<MemberView?> BindRoles(CallContext context, ImmutableArray<string> roles) =>
        Committed(context, "member.roles_bound", current => current is null ? null : current with { RoleBinding = roles });

    protected override MemberState Restore(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, IdentityJson.Default.MemberState)! with { Version = record.Version };

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
            _ => time.GetUtcNow() >= state.ExpiresAt ? AuthOutcome.Expired : AuthOutcome.Success,
        };
    }

    /// <summary>Commits a change (none where the state is the same or null) and tells the authority before the answer.</summary>
    private async Task<MemberView?> Committed(CallContext context, string eventName, Func<MemberState?, MemberState?> change)
    {
        var commandId = context.CommandId.ToString("N");
        var view = await Apply(() =>
        {
            var next = Current is { DeletedAt: not null } ? null : change(Current);
            if (next is null || next == Current)
            {
                return Step<MemberState, MemberView?>.Just(next is null ? null : MemberRecord.View(next));
            }

            var now = time.GetUtcNow().CutToMicroseconds();
            next = next with { UpdatedAt = now, Version = (Current?.Version ?? 0) + 1 };
            var audit = Audit(context, commandId, next.OrganizationId.ToString(), eventName, next.Version, now);
            return new Step<MemberState, MemberView?>(
                next,
                new Commit(MemberRecord.Of(next, commandId), next.Version - 1, [audit])
                {
                    LiveParents = Current is null ? [new(Kinds.Organization, next.OrganizationId.ToString())] : [],
                },
                outcome => outcome == CommitOutcome.Done ? MemberRecord.View(next) : null);
        });
        await TellAuthority();
        return view;
    }

    private async Task TellAuthority()
    {
        if (Current is { } state)
        {
            await (state.DeletedAt is null
                ? Organization(state).MemberChanged(state.Id, state.Name, state.Status, state.RoleBinding, state.Version)
                : Organization(state).MemberGone(state.Id, state.Version));
        }
    }

    private PasswordVerifier Verifier(DerivedPassword password) => new(password.Salt, password.Iterations, peppers.Digest(password.Derived));
}
