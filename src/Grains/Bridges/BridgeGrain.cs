using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Bridges;

/// <summary>
/// One bridge, in reach of the grants that reach its account. Its credential is made with it, in one transaction, and
/// deleted with it. What its agents report is in its memory only.
/// </summary>
[GrainType(Kinds.Bridge)]
public sealed class BridgeGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, RestrictionGate gate,
    TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Bridge), IBridgeGrain
{
    private readonly ReportingAgents _agents = new();

    public async Task<ProvisionedBridge> Provision(ProvisionBridge command, CancellationToken cancellationToken)
    {
        command = command with { Token = command.Token.From(command.Bridge.Context.Caller) };
        TokenPlace place = new(GrainFactory, Store, Id.ToString());
        var (spec, refusal) = await TokenAdmission.Admit(
            command.TokenId, command.Token, Store, place, settings, gate, Ask, cancellationToken);
        if (spec is null)
        {
            LeaveIfAbsent();
            return new ProvisionedBridge { Answer = Refused(ResourceRefusal.OwnerGone), TokenRefusal = refusal };
        }

        var context = command.Bridge.Context;
        spec = spec with { Profile = TokenProfile.Bridge, OwnerType = TokenOwnerType.Bridge, OwnerId = Id.ToString() };
        var answer = await place.Around(Create(
            command.Bridge, next => TokenOf(next).Commit is { } token ? [token] : [], cancellationToken));
        var isOwn = answer is { Refusal: null, Repeated: false } && CurrentCommand == context.CommandId.ToString("N");

        // Made again from what is stored: a command that is asked again after a lost answer gets the same.
        return new ProvisionedBridge
        {
            Answer = answer,
            Token = isOwn && Current is { } made ? TokenOf(made).Answer(CommitOutcome.Done).Token : null,
        };

        Step<TokenState, TokenAnswer> TokenOf(ResourceState bridge) =>
            FirstTokens.Of(spec, command.Token, peppers, settings, bridge.CreatedAt);
    }

    public Task<ResourceRefusal?> Report(AgentReport report, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        ResourceRefusal? refusal = Current is not { DeletedAt: null } ? ResourceRefusal.NotFound : null;
        if (refusal is null && !_agents.TryTake(report, Now))
        {
            refusal = ResourceRefusal.TooManyItems;
        }

        return Task.FromResult(refusal);
    }

    public async Task<BridgeStatusAnswer> GetStatus(ReadResource query, CancellationToken cancellationToken) =>
        (await Get(query with { Verb = "status" }, cancellationToken)).Refusal is { } refusal
            ? new BridgeStatusAnswer { Refusal = refusal }
            : new BridgeStatusAnswer { Agents = _agents.At(Now) };

    protected override async ValueTask<ResourceTarget?> TargetOf(
        ResourceState state, CancellationToken cancellationToken) =>
        state.Content.Bridge is { } content
        && await GrainFactory.Account(state.OrganizationId, content.AccountId, cancellationToken) is { } account
            ? ResourceTargets.InAccount(state.OrganizationId, content.AccountId, account)
            : null;

    /// <summary>Its account.</summary>
    protected override ValueTask<string> NameScopeOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult(state.Content.Bridge?.AccountId.ToString() ?? "");

    private ValueTask<OwnerStatus> Ask(
        OrganizationId organization, OwnerStatusQuery query, CancellationToken cancellationToken) =>
        new(Organization(organization).Ask(query, cancellationToken));
}
