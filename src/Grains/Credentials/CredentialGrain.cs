using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Credentials;

/// <summary>
/// One credential. It owns the encrypted secret, which only the operator's own code gets to see again.
/// </summary>
[GrainType(Kinds.Credential)]
public sealed class CredentialGrain(IRecordStore store, SiloLease lease, PepperRing ring, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Credential), ICredentialGrain
{
    private readonly SecretBox _box = new(ring);

    public async Task<ProtectedText?> Open(CallContext context, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        if (context.Caller is not null || Current is not { DeletedAt: null, Sealed: { } sealedText } state)
        {
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var organization = state.OrganizationId.ToString();
        await Store.Append(
            AuditEntries.Of(
                Key, context, context.CommandId.ToString("N"), organization, "credential.opened", state.Version, Now));
        return _box.Open(sealedText, Id);
    }

    public Task<ProtectedText?> Use(CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Task.FromResult(
            Current is { DeletedAt: null, Sealed: { } sealedText } ? _box.Open(sealedText, Id) : null);
    }

    public Task Rewrap() => Current is { DeletedAt: null }
        ? Execute(
            InternalCommand(),
            (current, now) => ResourceMachine.Rewrap(current, Rewrapped, now),
            CancellationToken.None)
        : Task.CompletedTask;

    /// <summary>
    /// Encrypts a secret that is under an older pepper anew, by a call that runs after the activation.
    /// </summary>
    protected override Task OnLoaded()
    {
        if (Current is { DeletedAt: null, Sealed: { } sealedText } && !_box.IsCurrent(sealedText))
        {
            this.AsReference<ICredentialGrain>().Rewrap().Forget();
        }

        return Task.CompletedTask;
    }

    protected override ResourceState Protect(ResourceState state, ProtectedText? secret) =>
        secret is null ? state : state with { Sealed = _box.Seal(secret, Id) };

    protected override async ValueTask<ResourceTarget?> TargetOf(
        ResourceState state, CancellationToken cancellationToken)
    {
        if (state.Content.Credential is not { } content)
        {
            return null;
        }

        var organization = state.OrganizationId;
        switch (content.OwnerType)
        {
            case CredentialOwner.Account:
                return await InAccount(organization, content.OwnerId, category: null, cancellationToken);
            case CredentialOwner.Integration:
                return await GrainFactory.Integration(organization, content.OwnerId, cancellationToken) is { } owner
                    ? await InAccount(organization, owner.AccountId, owner.Category, cancellationToken)
                    : null;
            default:
                return await GrainFactory.HasOwner(organization, content, cancellationToken)
                    ? new ResourceTarget(organization.ToString())
                    : null;
        }
    }

    /// <summary>Its account, also where it hangs on an integration; else its owner.</summary>
    protected override async ValueTask<string> NameScopeOf(ResourceState state, CancellationToken cancellationToken) =>
        state.Content.Credential switch
        {
            null => "",
            { OwnerType: CredentialOwner.Integration } content =>
                (await GrainFactory.Integration(state.OrganizationId, content.OwnerId, cancellationToken))
                ?.AccountId.ToString() ?? content.OwnerId.ToString(),
            var content => content.OwnerId.ToString(),
        };

    /// <summary>A managed credential is deleted with its owner, and not before.</summary>
    protected override ValueTask<ResourceAnswer?> RefuseDeletion(ResourceState state, Caller? caller) =>
        ValueTask.FromResult(
        caller is not null && state.Content.Credential is { Managed: true } ? Refused(ResourceRefusal.Managed) : null);

    private async Task<ResourceTarget?> InAccount(
        OrganizationId organization, Guid id, string? category, CancellationToken cancellationToken) =>
        await GrainFactory.Account(organization, id, cancellationToken) is { } account
            ? ResourceTargets.InAccount(organization, id, account, category)
            : null;

    private ResourceState Rewrapped(ResourceState state) =>
        state.Sealed is { } sealedText && !_box.IsCurrent(sealedText)
        ? state with { Sealed = _box.Rewrap(sealedText, Id) }
        : state;
}
