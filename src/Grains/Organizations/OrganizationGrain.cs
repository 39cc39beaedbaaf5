using System.Collections.Immutable;
using System.Text.Json;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Roles;
using TokenActors.Grains.Records;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Organizations;

/// <summary>One organization: its row, and the authority that every verification asks.</summary>
[GrainType(Kinds.Organization)]
public sealed partial class OrganizationGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, Authorities authorities, TimeProvider time)
    : RecordGrain<OrganizationState>(store, lease, Kinds.Organization), IOrganizationGrain, IRemindable
{
    private static readonly Standing Nowhere = new()
    {
        Exists = false, Blocked = false, MemberStands = false, AboveStands = false, MemberGrant = Grant.Nothing, RolesGrant = Grant.Nothing,
    };

    private readonly Authority _authority = new();

    private OrganizationId Id => OrganizationId.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await Guarded(async () =>
        {
            foreach (var row in await Store.OfKind(Kinds.Member, this.GetPrimaryKeyString()))
            {
                var member = JsonSerializer.Deserialize(row.State, IdentityJson.Default.MemberState)!;
                if (member.DeletedAt is null)
                {
                    _authority.Note(member.Id, member.Name, member.Status, member.RoleBinding, row.Version);
                }
                else
                {
                    _authority.Forget(member.Id, row.Version);
                }
            }

            foreach (var row in await Store.OfKind(Kinds.Role, this.GetPrimaryKeyString()))
            {
                var role = ResourceState.FromRecord(row);
                _authority.Note(role.Id, role.Name, role.DeletedAt is null ? role.Content.Role : null, row.Version);
            }

            foreach (var row in await Store.WithStatus(this.GetPrimaryKeyString(), StoredRecord.Deleting))
            {
                _authority.Dying(Guid.Parse(row.Key.Id));
            }

            return true;
        });
        if (HasCanonicalKey)
        {
            authorities.Add(Id, this);
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (HasCanonicalKey)
        {
            authorities.Remove(Id, this);
        }

        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<OrganizationView> Found(FoundOrganization command) => await FoundWithin(command) is { Organization: { } organization }
        ? organization
        : throw new InvalidOperationException($"organization {Id} cannot be founded: its name is taken");

    public async Task<OrganizationView> FinishFounding(CallContext context) =>
        await Change(context, "organization.founding_finished", s => s.Founding ? s with { Founding = false } : s)
        ?? throw new InvalidOperationException($"organization {Id} was never founded");

    public Task<OrganizationView?> Get()
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { DeletedAt: null } state ? View(state) : null);
    }

    public Task<OrganizationView?> SetStatus(CallContext context, OrganizationStatus status) =>
        Change(context, "organization.status_set", state => state.Status == status ? state : state with { Status = status });

    public Task<Standing> Ask(StandingQuery query)
    {
        LeaveIfAbsent();
        return Task.FromResult(StandingOf(query));
    }

    /// <summary>May be asked from any thread.</summary>
    internal Standing StandingOf(StandingQuery query) =>
        Current is { DeletedAt: null } state ? _authority.Ask(state, query, time.GetUtcNow()) : Nowhere;

    public Task MemberChanged(MemberId member, string name, MemberStatus status, ImmutableArray<string> roles, long version)
    {
        DemandLease();
        _authority.Note(member, name, status, roles, version);
        return Task.CompletedTask;
    }

    public Task TokenDying(TokenId token)
    {
        DemandLease();
        _authority.Dying(token.Value);
        return Task.CompletedTask;
    }

    public Task TokenGone(TokenId token)
    {
        DemandLease();
        _authority.Gone(token.Value);
        return Task.CompletedTask;
    }

    public Task MemberGone(MemberId member, long version)
    {
        DemandLease();
        _authority.Forget(member, version);
        return Task.CompletedTask;
    }

    public Task RoleChanged(Guid role, string name, RoleContent? content, long version)
    {
        DemandLease();
        _authority.Note(role, name, content, version);
        return Task.CompletedTask;
    }

    public Task Dying(Guid resource)
    {
        DemandLease();
        _authority.Dying(resource);
        return Task.CompletedTask;
    }

    public Task Gone(Guid resource)
    {
        DemandLease();
        _authority.Gone(resource);
        return Task.CompletedTask;
    }

    public Task<bool> LetAdministratorGo(MemberId member)
    {
        DemandLease();
        return Task.FromResult(_authority.LetGo(member));
    }

    public Task KeepAdministrator(MemberId member)
    {
        _authority.Keep(member);
        return Task.CompletedTask;
    }

    public Task<ResolvedRoles> ResolveRoles(ImmutableArray<string> roles) => Task.FromResult(
        Current is { DeletedAt: null } state ? _authority.ResolveAll(state, roles) : new ResolvedRoles { Grant = Grant.Nothing, Unknown = roles });

    public async Task<PasswordChallenge> Challenge(string memberName)
    {
        LeaveIfAbsent();
        var known = Current is { DeletedAt: null } ? _authority.Find(memberName) : null;

        // An unknown name gets the same kind of answer, the same at every attempt, and the same number of grain calls.
        var fake = peppers.Derive($"member {Id} {memberName.ToLowerInvariant()}");
        var member = known ?? new MemberId(new Guid(fake.AsSpan(0, 16), bigEndian: true));
        return await GrainFactory.GetGrain<IMemberGrain>(member.ToString()).Challenge()
            ?? new PasswordChallenge { MemberId = member, Salt = fake[16..], Iterations = PasswordRules.Iterations };
    }

    protected override OrganizationState Restore(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, IdentityJson.Default.OrganizationState)! with { Version = record.Version };

    private Task<OrganizationView?> Change(CallContext context, string eventName, Func<OrganizationState, OrganizationState> change) =>
        Apply(() =>
        {
            var next = Current is { DeletedAt: null } current ? change(current) : null;
            if (next is null || next == Current)
            {
                return Step<OrganizationState, OrganizationView?>.Just(next is null ? null : View(next));
            }

            var now = time.GetUtcNow().CutToMicroseconds();
            return StepTo(next with { UpdatedAt = now }, context, eventName, now);
        });

    private Step<OrganizationState, OrganizationView?> StepTo(OrganizationState state, CallContext context, string eventName, DateTimeOffset now)
    {
        var (next, commit) = CommitOf(state, context, eventName, now);
        return new(next, commit, outcome => outcome == CommitOutcome.Done ? View(next) : throw new InvalidOperationException($"organization {Id}: {outcome}"));
    }

    private static OrganizationView View(OrganizationState state) => OrganizationViews.Of(state);
}
