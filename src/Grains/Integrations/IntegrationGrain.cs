using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Jobs;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Integrations;

/// <summary>
/// One integration, in reach of the grants that reach its account. Its tokens and credentials are deleted with it. What
/// is made with it is written in one transaction, so that a crash leaves all of it or nothing.
/// </summary>
[GrainType(Kinds.Integration)]
public sealed class IntegrationGrain(
    IRecordStore store, SiloLease lease, PepperRing ring, TokenSettings settings, RestrictionGate gate,
    TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Integration), IIntegrationGrain
{
    private const int MostCredentials = 1_000;

    private readonly SecretBox _box = new(ring);
    private readonly IntegrationParts _parts = new(ring, settings);

    public async Task<ProvisionedIntegration> Provision(
        ProvisionIntegration command, CancellationToken cancellationToken)
    {
        // Whoever is bound to addresses makes no token that is not.
        var context = command.Integration.Context;
        command = command with { Token = command.Token.From(context.Caller) };
        TokenPlace place = new(GrainFactory, Store);
        var (spec, refusal) = command.Integration.Content.Integration is { } content
            ? await TokenAdmission.Admit(
                content.RefreshTokenId, command.Token, Store, place, settings, gate, Ask, cancellationToken)
            : throw new ArgumentException("the content is no integration's", nameof(command));
        if (spec is null)
        {
            LeaveIfAbsent();
            return new ProvisionedIntegration { Answer = Refused(ResourceRefusal.OwnerGone), TokenRefusal = refusal };
        }

        await Expect(context, command.Integration.OrganizationId, content, Scheduled);
        var answer = await place.Around(Create(
            command.Integration,
            next =>
            [
                .. IntegrationParts.CommitsOf(_parts.Credentials(next, command.Credentials, next.CreatedAt), context),
                .. TokenOf(next).Commit is { } token ? [token] : (ReadOnlySpan<Commit>)[],
            ],
            cancellationToken));
        await GrainFactory.SettleChange(Id, content, current: null);
        if (answer is not { Refusal: null, Repeated: false } || !IsOwn(context) || Current is not { } made)
        {
            return new ProvisionedIntegration { Answer = answer };
        }

        // Made again from what is stored: a command that is asked again after a lost answer gets the same.
        return new ProvisionedIntegration
        {
            Answer = answer,
            Credentials = ViewsOf(_parts.Credentials(made, command.Credentials, made.CreatedAt)),
            Token = TokenOf(made).Answer(CommitOutcome.Done).Token,
        };

        Step<TokenState, TokenAnswer> TokenOf(ResourceState integration) =>
            _parts.Token(spec, command.Token, context, integration.CreatedAt);
    }

    public async Task<ProvisionedIntegration> ReplaceWithCredentials(
        ReplaceIntegration command, CancellationToken cancellationToken)
    {
        var context = command.Integration.Context;
        var (wanted, current) = (command.Integration.Content.Integration, Scheduled);
        if (Current is { } known)
        {
            await Expect(context, known.OrganizationId, wanted, current);
        }

        var answer = await Update(
            command.Integration,
            next =>
                [.. IntegrationParts.CommitsOf(_parts.Credentials(next, command.Credentials, next.UpdatedAt), context)],
            cancellationToken);
        await GrainFactory.SettleChange(Id, wanted, current);
        if (answer.Refusal is null && !context.IsPreview)
        {
            await DropUnused([.. command.Credentials.Select(credential => credential.Id)]);
        }

        return answer.Refusal is null && IsOwn(context) && Current is { } made
            ? new ProvisionedIntegration
            {
                Answer = answer,
                Credentials = ViewsOf(_parts.Credentials(made, command.Credentials, made.UpdatedAt)),
            }
            : new ProvisionedIntegration { Answer = answer };
    }

    /// <summary>What it schedules is told of its deletion; after a crash it finds out by itself.</summary>
    protected override Task OnCommitted(ResourceState state) => state.DeletedAt is null
        ? Task.CompletedTask
        : GrainFactory.SettleChange(Id, wanted: null, state.Content.Integration);

    /// <summary>The keys of its webhooks. What a change leaves out stays, while there are webhooks.</summary>
    protected override ResourceState Protect(ResourceState state, ProtectedText? secret) => (secret, state.Sealed) switch
    {
        (null, _) => state.Content.Integration?.WebhookConfig is null ? state with { Sealed = null } : state,
        (_, { } before) => state with { Sealed = _box.Seal(WebhookKeys.Merge(secret, _box.Open(before, Id)), Id) },
        _ => state with { Sealed = _box.Seal(secret, Id) },
    };

    protected override async ValueTask<ResourceTarget?> TargetOf(
        ResourceState state, CancellationToken cancellationToken)
    {
        return state.Content.Integration is { } content
            && await GrainFactory.Account(state.OrganizationId, content.AccountId, cancellationToken) is { } account
                ? ResourceTargets.InAccount(state.OrganizationId, content.AccountId, account, content.Category)
                : null;
    }

    /// <summary>
    /// Deletes the credentials that stood inline in a configuration and that nothing in it refers to any more. What a
    /// fault leaves goes with the next change, or with the integration.
    /// </summary>
    /// <param name="made">credentials of the change that was just made</param>
    private async Task DropUnused(HashSet<Guid> made)
    {
        var config = Current?.Content.Integration?.ProviderConfig ?? "";
        var rows = await Store.Owned(Kinds.Credential, Id.ToString(), MostCredentials);
        var unused = rows.Where(row => ResourceState.FromRecord(row).Content.Credential is { Managed: true }
            && !made.Contains(Guid.Parse(row.Key.Id))
            && !config.Contains(row.Key.Id, StringComparison.OrdinalIgnoreCase));
        await Task.WhenAll(unused.Select(row => GrainFactory.Delete(row.Key, InternalCommand())));
    }

    protected override async ValueTask<ResourceAnswer?> RefuseLast(
        ResourceState next, ResourceState? current, CallContext context) =>
        await gate.Admits(next.Content.Integration?.ScheduledOperations, context)
            ? null
            : Refused(ResourceRefusal.UpgradePending);

    /// <summary>Its account.</summary>
    protected override ValueTask<string> NameScopeOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult(state.Content.Integration?.AccountId.ToString() ?? "");

    /// <summary>What it schedules hears of a change before it is made, unless it is only looked at.</summary>
    private Task Expect(
        CallContext context, OrganizationId organization, IntegrationContent? wanted, IntegrationContent? current) =>
        context.IsPreview ? Task.CompletedTask : GrainFactory.ExpectChange(organization, Id, wanted, current);

    private static ImmutableArray<Resource> ViewsOf(IReadOnlyList<ResourceState> credentials) =>
        [.. credentials.Select(credential => credential.ToView())];

    private IntegrationContent? Scheduled => Current is { DeletedAt: null } state ? state.Content.Integration : null;

    private bool IsOwn(CallContext context) => CurrentCommand == context.CommandId.ToString("N");

    private ValueTask<OwnerStatus> Ask(
        OrganizationId organization, OwnerStatusQuery query, CancellationToken cancellationToken) =>
        new(Organization(organization).Ask(query, cancellationToken));
}
