using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
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
        && (token.OwnerType != TokenOwnerType.Integration
            || await CoversIntegration(grains, token, caller, cancellationToken));

    /// <summary>
    /// A token of an integration opens that integration, of which its grant says nothing. Whoever could make such a
    /// token may command it.
    /// </summary>
    private static async Task<bool> CoversIntegration(
        IGrainFactory grains, TokenState token, Grant caller, CancellationToken cancellationToken)
    {
        var organization = token.OrganizationId;
        return await grains.Integration(organization, Guid.Parse(token.OwnerId), cancellationToken) is { } integration
            && await grains.Account(organization, integration.AccountId, cancellationToken) is { } account
            && caller.Covers(
                "tokens:create_integration",
                ResourceTargets.InAccount(organization, integration.AccountId, account, integration.Category));
    }
}
