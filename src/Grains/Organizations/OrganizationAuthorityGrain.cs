using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Organizations;

/// <summary>
/// What an organization's grain knows of its members, roles and listeners, and of what is being deleted: other grains
/// tell it before they answer, and every verification asks it.
/// </summary>
public abstract class OrganizationAuthorityGrain : OrganizationRecordGrain
{
    private const int ToldAtOnce = 64;

    private readonly LocalAuthorities _authorities;

    private protected OrganizationAuthorityGrain(
        IRecordStore store, SiloLease lease, LocalAuthorities authorities, TimeProvider time)
        : base(store, lease, time) =>
        (_authorities, Authority) = (authorities, new Authority(lease, time));

    private protected Authority Authority { get; }

    protected OrganizationId Id => OrganizationId.Parse(this.GetPrimaryKeyString());

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Deregister();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task<OwnerStatus> Ask(OwnerStatusQuery query, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Task.FromResult(Authority.Ask(query));
    }

    public Task MemberChanged(
        MemberId member, string name, MemberStatus status, ImmutableArray<string> roles, long version) =>
        Noted(() => Authority.Note(member, name, status, roles, version));

    public Task MemberGone(MemberId member, long version) => Noted(() => Authority.Forget(member, version));

    public Task RoleChanged(Guid role, string name, RoleContent? content, long version) =>
        Noted(() => Authority.Note(role, name, content, version));

    public Task ListenerChanged(Guid endpoint, EventListener? listener, long version) =>
        Noted(() => Authority.Listeners.Note(endpoint, listener, version));

    /// <summary>
    /// All suborganizations are told before the policy's grain answers, so that none goes on under what was before.
    /// </summary>
    public async Task PolicyChanged(PolicyContent? policy, long version)
    {
        await Noted(() => Authority.NotePolicy(policy, version));
        if (Current is not { Type: OrganizationType.Root })
        {
            return;
        }

        foreach (var some in (await Store.Owned(Kinds.Organization, Key.Id, int.MaxValue)).Chunk(ToldAtOnce))
        {
            await Task.WhenAll(some.Select(row =>
                GrainFactory.GetGrain<IOrganizationGrain>(row.Key.Id).PolicyAboveChanged(policy, version)));
        }
    }

    public Task PolicyAboveChanged(PolicyContent? policy, long version) =>
        Noted(() => Authority.NotePolicyAbove(policy, version));

    public Task<PolicyContent?> GetPolicy(CancellationToken cancellationToken)
    {
        DemandMemory();
        LeaveIfAbsent();
        return Task.FromResult(Authority.Policy);
    }

    public Task<ImmutableArray<EventListener>> GetListeners(CancellationToken cancellationToken)
    {
        DemandMemory();
        LeaveIfAbsent();
        return Task.FromResult(Authority.Listeners.Current);
    }

    public Task MarkDeleting(TokenId token) => MarkDeleting(token.Value);

    public Task ClearDeleting(TokenId token) => ClearDeleting(token.Value);

    public Task MarkDeleting(Guid resource) => Noted(() => Authority.MarkDeleting(resource));

    public Task ClearDeleting(Guid resource) => Noted(() => Authority.ClearDeleting(resource));

    public Task<bool> TryReleaseAdministrator(MemberId member)
    {
        DemandMemory();
        return Task.FromResult(Authority.TryReleaseAdministrator(member, isPreview: false));
    }

    public Task<bool> MayReleaseAdministrator(MemberId member)
    {
        DemandMemory();
        return Task.FromResult(Authority.TryReleaseAdministrator(member, isPreview: true));
    }

    public Task RestoreAdministrator(MemberId member)
    {
        Authority.RestoreAdministrator(member);
        return Task.CompletedTask;
    }

    protected override async Task OnLoaded()
    {
        await AuthorityLoader.Load(Authority, Store, this.GetPrimaryKeyString(), Current?.ParentId);
        if (HasCanonicalKey)
        {
            _authorities.Add(Id, Authority);
        }
    }

    protected override void Publish(OrganizationState? state) => Authority.Publish(state);

    protected override void Withdraw() => Deregister();

    protected override void Deregister()
    {
        if (HasCanonicalKey)
        {
            _authorities.Remove(Id, Authority);
        }
    }

    /// <summary>
    /// What another grain tells is noted under the lease, like everything that is answered from memory.
    /// </summary>
    private Task Noted(Action note)
    {
        DemandMemory();
        note();
        return Task.CompletedTask;
    }
}
