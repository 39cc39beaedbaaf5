using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.ResourceModel;

namespace TokenActors.Grains.Tokens;

/// <summary>Whether a caller may command a token: the token may do nothing that the caller may not.</summary>
internal static class TokenReach
{
    /// <param name="grains">asks what the token opens</param>
    /// <param name="token">the token</param>
    /// <param name="effective">what the token may do now</param>
    /// <param name="caller">what the caller may do</param>
    /// <param name="cancellationToken">ends the questions</param>
    public static async ValueTask<bool> Covers(
        IGrainFactory grains, TokenState token, Grant effective, Grant caller, CancellationToken cancellationToken) =>
        effective.IsWithin(caller)
        && (token.OwnerType != TokenOwnerType.Integration || await CoversIntegration(grains, token, caller, cancellationToken));

    /// <summary>
    /// What an integration's token opens is its integration, of which its grant says nothing: that is in reach of whoever could make such a token.
    /// </summary>
    private static async Task<bool> CoversIntegration(
        IGrainFactory grains, TokenState token, Grant caller, CancellationToken cancellationToken)
    {
        var read = new ReadResource { OrganizationId = token.OrganizationId };
        return (await grains.GetGrain<IIntegrationGrain>(token.OwnerId).Get(read, cancellationToken)).Resource is { Content.Integration: { } integration } found
            && (await grains.GetGrain<IAccountGrain>(integration.AccountId.ToString()).Get(read, cancellationToken)).Resource is { Content.Account: { } account }
            && caller.Covers(
                "tokens:create_integration",
                ResourceTargets.InAccount(found.OrganizationId, integration.AccountId, account, integration.Category));
    }
}
