using TokenActors.Client.Tokens;

namespace TokenActors.WebConsole.Tokens;

/// <summary>What a token may do, in words.</summary>
internal static class GrantWords
{
    private const int Named = 3;

    /// <summary>For a cell of a table.</summary>
    public static string Short(TokenGrant grant)
    {
        var what = What(grant);
        return Narrowings(grant).Any() ? what + ", narrowed" : what;
    }

    /// <summary>What it may do, where it is narrowed to nothing.</summary>
    public static string What(TokenGrant grant) => grant switch
    {
        { PermissionSet: { } set } => set,
        { Roles: { Count: > 0 } roles } => (roles.Count == 1 ? "role " : "roles ") + string.Join(", ", roles),
        { Actions: { Count: > 0 } actions } => actions.Count <= Named
            ? string.Join(", ", actions)
            : $"{string.Join(", ", actions.Take(Named))} and {actions.Count - Named} more",
        _ => "what its owner is for",
    };

    /// <summary>What it is narrowed to, a sentence for each kind of resource.</summary>
    public static IEnumerable<string> Narrowings(TokenGrant grant)
    {
        if (grant.Resources is not { } resources)
        {
            yield break;
        }

        if (resources.Accounts is { } accounts)
        {
            foreach (var line in Lines("accounts", (accounts.Ids, ""), (accounts.Labels, "labelled "), (accounts.Environments, "in ")))
            {
                yield return line;
            }
        }

        if (resources.Integrations is { } integrations)
        {
            foreach (var line in Lines("integrations", (integrations.Categories, "of category ")))
            {
                yield return line;
            }
        }

        if (resources.Organizations is { } organizations)
        {
            foreach (var line in Lines("organizations", (organizations.Ids, ""), (organizations.Labels, "labelled ")))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Lines(string kind, params (IReadOnlyList<string>? Values, string How)[] parts) =>
        parts.Where(part => part.Values is { Count: > 0 } values && !values.Contains("*"))
            .Select(part => $"Only {kind} {part.How}{string.Join(", ", part.Values ?? [])}");
}
