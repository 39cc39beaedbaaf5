using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// Custom roles under the names that they have now: a token is bound to them by their ids, and they may have been
/// renamed since. One that is deleted keeps the name that it had.
/// </summary>
internal static class PresentRoles
{
    public static async Task<TokenView> Of(TokenView token, IGrainFactory grains, CancellationToken aborted)
    {
        var details = AccessTokenDetails.Of(token);
        var bound = token.RoleReferences;
        if (details.CustomRoleIds is null || bound.All(role => RoleReference.IdOf(role) is null))
        {
            return token;
        }

        var resolved = await grains.GetGrain<IOrganizationGrain>(token.OrganizationId.ToString())
            .ResolveRoles(bound, aborted);
        var gone = resolved.Unknown;
        if (resolved.Names.Length + bound.Count(gone.Contains) != bound.Length)
        {
            return token;
        }

        Queue<string> names = new(resolved.Names);
        List<string> now = [.. bound.Select(role => gone.Contains(role) ? RoleReference.NameOf(role) : names.Dequeue())];
        return token with { Claims = (details with { CustomRoleIds = now }).ToClaims() };
    }
}
