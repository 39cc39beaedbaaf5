using TokenActors.Domain.Grants;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Records;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Credentials;

/// <summary>One credential. It owns the encrypted secret, which only the operator's own code gets to see again.</summary>
[GrainType(Kinds.Credential)]
public sealed class CredentialGrain(IRecordStore store, SiloLease lease, PepperRing ring, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Credential), ICredentialGrain
{
    private readonly SecretBox _box = new(ring);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (Current is { DeletedAt: null, Sealed: { } sealedText } && !_box.IsCurrent(sealedText))
        {
            this.AsReference<ICredentialGrain>().Rewrap().Forget();
        }
    }

    public async Task<ProtectedText?> Open(CallContext context)
    {
        LeaveIfAbsent();
        if (context.Caller is not null || Current is not { DeletedAt: null, Sealed: { } sealedText } state)
        {
            return null;
        }

        await Guarded(async () =>
        {
            await Store.Append(Audit(context, context.CommandId.ToString("N"), state.OrganizationId.ToString(), "credential.opened", state.Version, Now));
            return true;
        });
        return _box.Open(sealedText, Id);
    }

    public Task Rewrap() => Rewrite("rewrapped", state =>
        state.Sealed is { } sealedText && !_box.IsCurrent(sealedText) ? state with { Sealed = _box.Rewrap(sealedText, Id) } : state);

    protected override ResourceState Protect(ResourceState state, ProtectedText? secret) =>
        secret is null ? state : state with { Sealed = _box.Seal(secret, Id) };

    protected override string? OwnerOf(ResourceState state) => state.Content.Credential!.OwnerId.ToString();

    protected override IReadOnlyList<RecordKey> ParentsOf(ResourceState state) =>
        [new(KindOf(state.Content.Credential!.OwnerType), state.Content.Credential.OwnerId.ToString())];

    protected override async ValueTask<ResourceTarget?> TargetOf(ResourceState state)
    {
        var content = state.Content.Credential!;
        var read = new ReadResource { OrganizationId = state.OrganizationId };
        var id = content.OwnerId.ToString();
        switch (content.OwnerType)
        {
            case CredentialOwner.Account:
                return (await GrainFactory.GetGrain<IAccountGrain>(id).Get(read)).Resource is { } account
                    ? ResourceTargets.InAccount(state, account.Id, account.Content.Account!)
                    : null;
            case CredentialOwner.Integration:
                return (await GrainFactory.GetGrain<IIntegrationGrain>(id).Get(read)).Resource is { Content.Integration: { } integration }
                    && (await GrainFactory.GetGrain<IAccountGrain>(integration.AccountId.ToString()).Get(read)).Resource is { } owner
                        ? ResourceTargets.InAccount(state, owner.Id, owner.Content.Account!, integration.Category)
                        : null;
            default:
                return new ResourceTarget(state.OrganizationId.ToString());
        }
    }

    /// <summary>What follows its owner is deleted with it, and not before.</summary>
    protected override ValueTask<ResourceAnswer?> RefuseDeletion(ResourceState state, Caller? caller) => ValueTask.FromResult(
        caller is not null && state.Content.Credential!.Managed ? Refused(ResourceRefusal.Managed) : null);

    private static string KindOf(CredentialOwner owner) => owner switch
    {
        CredentialOwner.Account => Kinds.Account,
        CredentialOwner.Integration => Kinds.Integration,
        CredentialOwner.IntegrationPoint => Kinds.IntegrationPoint,
        _ => throw new ArgumentOutOfRangeException(nameof(owner), owner, null),
    };
}
