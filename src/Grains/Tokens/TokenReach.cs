using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// Tokens as targets of grants. Whoever commands a token may do all that it may do; what else is asked stands in
/// <see cref="Narrowing"/>.
/// </summary>
internal static class TokenReach
{
    /// <summary>Any of them is needed to make a token.</summary>
    public static readonly string[] Making =
        ["tokens:create", "tokens:create_integration", "tokens:create_synqly_integrations"];

    /// <summary>Any of them is needed to renew or change a token; which, the gateway asks of each route.</summary>
    public static readonly string[] Changing =
        ["tokens:rotate", "tokens:reset", "tokens:refresh", "tokens:remove_secondary"];

    /// <summary>Needed to take a token away.</summary>
    public static readonly string[] Deleting = ["tokens:delete"];

    /// <summary>Any of them is needed to take secrets out of use, for good or until it is enabled.</summary>
    public static readonly string[] Stopping = [.. Changing, .. Deleting];

    private static readonly string[] ForIntegration = ["tokens:create_integration"];

    /// <summary>Whether a caller may command a token.</summary>
    /// <param name="grains">asks what the token opens</param>
    /// <param name="token">the token</param>
    /// <param name="effective">what the token may do now</param>
    /// <param name="caller">who asks</param>
    /// <param name="actions">any of them is needed</param>
    /// <param name="cancellationToken">ends the questions</param>
    public static async ValueTask<bool> Covers(
        IGrainFactory grains, TokenState token, Grant effective, Caller caller, string[] actions,
        CancellationToken cancellationToken) =>
        TakesAway(token, caller, actions)
        || Covers(
            caller, actions, token.OwnerType == TokenOwnerType.Integration ? null : token.Profile, token.Binding,
            effective, await TargetOf(grains, token, cancellationToken));

    /// <summary>Whether a caller may make a token.</summary>
    public static async ValueTask<bool> CoversNew(
        IRecordStore store, TokenSpec token, Grant wanted, Caller caller, CancellationToken cancellationToken) =>
        token.OwnerType != TokenOwnerType.Integration
            ? Covers(caller, Making, token.Profile, token.Binding, wanted, new(token.OrganizationId.ToString()))
            : await OwnerTargets.OfIntegration(store, token.OwnerId).UntilCanceled(cancellationToken) is { } target
                && target.OrganizationId == token.OrganizationId.ToString()
                && Covers(caller, ForIntegration, null, token.Binding, wanted, target);

    /// <summary>Whether a caller sees a token. From where that may be used is no matter of seeing it.</summary>
    /// <param name="caller">who asks</param>
    /// <param name="action">what for</param>
    /// <param name="token">the token</param>
    /// <param name="roles">what its roles allow now, where it is bound to roles</param>
    /// <param name="target">what it opens; null where that is gone</param>
    public static bool Shows(
        Caller caller, string action, TokenState token, Grant roles, ResourceTarget? target) =>
        caller.OrganizationId == token.OrganizationId
        && caller.Grant.From(AddressRanges.Anywhere).Covers(action, (target ?? new(token.OrganizationId.ToString())) with
        {
            IsOwn = caller.TokenId == token.Id,
            Power = target is null || IsElsewhere(token) ? null : (token.Binding as GrantBinding.Own)?.Grant ?? roles,
        });

    /// <summary>What the token may do is no matter of its grant.</summary>
    private static bool IsElsewhere(TokenState token) => token.Profile.IsFacade
        || token.OwnerType == TokenOwnerType.Bridge
        || (token.Profile == TokenProfile.Default && token.OwnerType != TokenOwnerType.Integration);

    /// <summary>What a token opens beyond its grant; null where it is gone.</summary>
    public static async ValueTask<ResourceTarget?> TargetOf(
        IGrainFactory grains, TokenState token, CancellationToken cancellationToken)
    {
        var organization = token.OrganizationId;
        if (token.OwnerType != TokenOwnerType.Integration)
        {
            return new ResourceTarget(organization.ToString());
        }

        return await grains.Integration(organization, Guid.Parse(token.OwnerId), cancellationToken) is { } integration
            && await grains.Account(organization, integration.AccountId, cancellationToken) is { } account
                ? ResourceTargets.InAccount(organization, integration.AccountId, account, integration.Category)
                : null;
    }

    /// <summary>
    /// A facade's token is taken away by whoever may delete tokens of the organization, also where it may do more than
    /// the caller: its API names who may delete which tokens.
    /// </summary>
    private static bool TakesAway(TokenState token, Caller caller, string[] actions) =>
        actions == Deleting && token.Profile.IsFacade
        && caller.Grant.IsWholeIn(token.OrganizationId.ToString(), actions);

    /// <param name="caller">who asks</param>
    /// <param name="actions">any of them is needed</param>
    /// <param name="profile">of a token that opens no integration</param>
    /// <param name="binding">where its grant comes from</param>
    /// <param name="effective">what it may do now</param>
    /// <param name="target">what it opens; null where that is gone</param>
    private static bool Covers(
        Caller caller, string[] actions, TokenProfile? profile, GrantBinding binding, Grant effective,
        ResourceTarget? target)
    {
        // A token may do something also where its grant holds nothing, so that its addresses are compared apart.
        if (target is null || !effective.IsWithin(caller.Grant)
            || !effective.Addresses.IsWithin(caller.Grant.Addresses))
        {
            return false;
        }

        var powered = target with { Power = PowerOf(profile, binding, effective, caller, target.OrganizationId) };
        var grant = ReachOf(caller.Grant, actions);
        return actions.Any(action => grant.Covers(action, powered));
    }

    /// <summary>
    /// The clauses that hold one of the actions. Whether a caller has any is asked of each route by the gateway; of one
    /// that has none, only the reach is asked.
    /// </summary>
    private static Grant ReachOf(Grant grant, string[] actions) =>
        grant.Clauses.Any(clause => clause.Actions.ContainsAny(actions))
            ? grant
            : grant with
            {
                Clauses = [.. grant.Clauses.Select(clause => clause with { Actions = clause.Actions.Union(actions) })],
            };

    /// <summary>
    /// What a token may do now can be less than its grant, since its member's roles are less: they may be given back.
    /// So a narrowed caller reaches only what its grant lies within altogether.
    /// </summary>
    private static Grant? PowerOf(
        TokenProfile? profile, GrantBinding binding, Grant effective, Caller caller, string organization)
    {
        if (profile is { IsFacade: true } || profile == TokenProfile.Default || profile == TokenProfile.Bridge
            || binding is not GrantBinding.Own own)
        {
            return null;
        }

        return caller.Grant.IsNarrowedIn(organization) ? own.Grant.From(effective.Addresses) : effective;
    }
}
