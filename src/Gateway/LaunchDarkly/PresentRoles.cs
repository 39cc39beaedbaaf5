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

    /// <summary>
    /// How a token is bound to a role that it is shown with, so that keeping it does not bind to another role that has come
    /// to bear the name; the name where it is not bound to such.
    /// </summary>
    public static string BoundAs(TokenView token, string name)
    {
        var shown = AccessTokenDetails.Of(token).CustomRoleIds?.ToList() ?? [];
        var place = shown.IndexOf(name);
        return place >= 0 && shown.Count == token.RoleReferences.Length ? token.RoleReferences[place] : name;
    }
}
