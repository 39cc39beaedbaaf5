using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// Custom roles under the names that they have now: a token is bound to them by their ids, and they may have been
/// renamed since. One that is deleted is shown by its id, so that it keeps its place and is taken for no other of its
/// name.
/// </summary>
internal static class PresentRoles
{
    public static async Task<TokenView> Of(TokenView token, IGrainFactory grains, CancellationToken aborted) =>
        (await Of([token], grains, aborted))[0];

    /// <summary>The same of tokens of one organization, which is asked once.</summary>
    public static async Task<IReadOnlyList<TokenView>> Of(
        IReadOnlyList<TokenView> tokens, IGrainFactory grains, CancellationToken aborted)
    {
        ImmutableArray<string> bound = [.. tokens.Where(HasCustomRoles).SelectMany(token => token.RoleReferences).Distinct()];
        if (bound.IsEmpty)
        {
            return tokens;
        }

        var resolved = await grains.GetGrain<IOrganizationGrain>(tokens[0].OrganizationId.ToString()).ResolveRoles(bound, aborted);
        var there = bound.Where(role => !resolved.Unknown.Contains(role)).ToList();
        if (resolved.Names.Length != there.Count)
        {
            return tokens;
        }

        var names = there.Zip(resolved.Names).ToDictionary(role => role.First, role => role.Second);
        return
        [
            .. tokens.Select(token => HasCustomRoles(token)
                ? token with
                {
                    Claims = (AccessTokenDetails.Of(token) with
                    {
                        CustomRoleIds = [.. token.RoleReferences.Select(
                            role => names.GetValueOrDefault(role) ?? RoleReference.IdOf(role)?.ToString() ?? role)],
                    }).ToClaims(),
                }
                : token),
        ];
    }

    /// <summary>It is shown with roles that may be called otherwise by now.</summary>
    private static bool HasCustomRoles(TokenView token) =>
        AccessTokenDetails.Of(token).CustomRoleIds is not null
            && token.RoleReferences.Any(role => RoleReference.IdOf(role) is not null);

    /// <summary>
    /// How a token is bound to a role that it is shown with, so that keeping it does not bind to another role that has
    /// come to bear the name; the name where it is not bound to such.
    /// </summary>
    public static string BoundAs(TokenView token, string name)
    {
        var shown = AccessTokenDetails.Of(token).CustomRoleIds?.ToList() ?? [];
        var place = shown.IndexOf(name);
        return place >= 0 && shown.Count == token.RoleReferences.Length ? token.RoleReferences[place] : name;
    }
}
