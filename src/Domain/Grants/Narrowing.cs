using System.Collections.Frozen;

namespace TokenActors.Domain.Grants;

/// <summary>What a grant makes of something that is about to be done to one thing.</summary>
public enum Access
{
    /// <summary>It may be done.</summary>
    Allowed,

    /// <summary>It may not be done (403).</summary>
    Refused,

    /// <summary>The thing is not there for who asks: 404, and left out of lists.</summary>
    Hidden,
}

/// <summary>
/// What a narrowed grant may do. Written once, as a function of grant, action and target; docs/decisions/0028 says why
/// each rule is as it is. A part that the target does not have is not covered by a grant that is narrowed in that part,
/// and what belongs to the organization as a whole is changed by grants only that are whole in the organization.
/// </summary>
public static class Narrowing
{
    /// <summary>What a kind of thing asks of a grant, besides the action.</summary>
    private enum Rule
    {
        /// <summary>The caller's own session and password: no narrowing stands in the way.</summary>
        Self,

        /// <summary>
        /// The organization, its roles and the like: a narrowed grant sees them, which tell what there is to work
        /// with; only a whole one changes them.
        /// </summary>
        Shown,

        /// <summary>A member: a narrowed grant sees its own and those within it; only a whole one changes
        /// any.</summary>
        Member,

        /// <summary>A token: a narrowed grant sees and changes its own and those within it.</summary>
        Token,

        /// <summary>
        /// What lies in an account: every part in which the grant is narrowed has to select the target's.
        /// </summary>
        Parted,

        /// <summary>Whatever else: only a whole grant sees or changes it.</summary>
        Whole,
    }

    private const string ForIntegration = "tokens:create_integration";

    private static readonly FrozenDictionary<string, Rule> Rules = new Dictionary<string, Rule>
    {
        ["auth"] = Rule.Self,
        ["organizations"] = Rule.Shown,
        ["permission_set"] = Rule.Shown,
        ["roles"] = Rule.Shown,
        ["integration_points"] = Rule.Shown,
        ["members"] = Rule.Member,
        ["tokens"] = Rule.Token,
        ["accounts"] = Rule.Parted,
        ["integrations"] = Rule.Parted,
        ["credentials"] = Rule.Parted,
        ["audit"] = Rule.Parted,
        ["bridges"] = Rule.Parted,
        ["status"] = Rule.Parted,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (Rule Rule, string Api, bool Reads)> Actions =
        ActionTable.Actions.ToFrozenDictionary(
            action => action,
            action => (RuleOf(action), ApiOf(action), ActionTable.OnlyReads(action)),
            StringComparer.Ordinal);

    /// <summary>What becomes of an action on a target.</summary>
    public static Access AccessTo(this Grant grant, string action, ResourceTarget target)
    {
        if (grant.Covers(action, target))
        {
            return Access.Allowed;
        }

        if (!Actions.TryGetValue(action, out var known) || known.Reads)
        {
            return Access.Hidden;
        }

        // What lies in an account is not there for who may not see it. Whether a token or a member is there tells
        // nothing to who may not change it.
        return known.Rule == Rule.Parted && action != "accounts:create" && !grant.Covers($"{known.Api}:get", target)
            ? Access.Hidden
            : Access.Refused;
    }

    /// <summary>
    /// Whether an action may be done to something in an organization, so that it is worth to look for what it is
    /// about. Where it only can be done to what belongs to the organization as a whole, the grant has to be whole.
    /// </summary>
    public static bool Permits(this Grant grant, string action, string organizationId) =>
        Actions.TryGetValue(action, out var known)
        && (!known.Reads && known.Rule is (Rule.Shown or Rule.Member or Rule.Whole)
            ? grant.IsWholeIn(organizationId, action)
            : grant.Reaches(organizationId, action));

    /// <summary>Whether some clause with one of the actions is not narrowed within an organization.</summary>
    public static bool IsWholeIn(this Grant grant, string organizationId, params ReadOnlySpan<string> actions)
    {
        foreach (var clause in grant.Clauses)
        {
            if (clause.Actions.ContainsAny(actions) && clause.Resources.IsWholeIn(organizationId))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether an action may be done to something in an account: to what of an integration category stays open.
    /// </summary>
    public static bool CoversSomethingIn(this Grant grant, string action, ResourceTarget account) =>
        grant.Any(
            action,
            resources => !resources.IsEmpty
                && (resources with { IntegrationCategories = Selection.All }).Covers(account));

    /// <summary>
    /// The accounts to all of which an action reaches: those that a clause names which is narrowed in nothing else.
    /// </summary>
    public static IEnumerable<string> WholeAccountsIn(this Grant grant, string organizationId, string action) =>
        grant.Clauses
            .Where(clause => clause.Actions.Contains(action)
                && (clause.Resources with { AccountIds = Selection.All }).IsWholeIn(organizationId))
            .SelectMany(clause => clause.Resources.AccountIds.Names ?? [])
            .Distinct(StringComparer.Ordinal);

    /// <summary>The organizations to which, each as a whole, an action may be done.</summary>
    public static Selection OrganizationsWith(this Grant grant, string action)
    {
        var whole = grant.Clauses
            .Where(clause => clause.Actions.Contains(action)
                && (clause.Resources with { OrganizationIds = Selection.All }).IsWholeIn(""))
            .Select(clause => clause.Resources.OrganizationIds)
            .ToList();
        return whole.Exists(ids => ids.IsAll)
            ? Selection.All
            : Selection.Of(whole.SelectMany(ids => ids.Names ?? []));
    }

    /// <summary>The clauses of a grant that are not narrowed within an organization.</summary>
    public static Grant WholeIn(this Grant grant, string organizationId) =>
        grant with { Clauses = [.. grant.Clauses.Where(clause => clause.Resources.IsWholeIn(organizationId))] };

    /// <summary>Something may be done in the organization, and nothing of it to the organization as a whole.</summary>
    public static bool IsNarrowedIn(this Grant grant, string organizationId) =>
        grant.Clauses.Any(clause => !clause.IsEmpty)
        && !grant.Clauses.Any(clause => clause.Resources.IsWholeIn(organizationId));

    /// <summary>See <see cref="Grant.Covers"/>.</summary>
    internal static bool Covers(Grant grant, string action, ResourceTarget target)
    {
        if (!Actions.TryGetValue(action, out var known))
        {
            return false;
        }

        switch (known.Rule)
        {
            case Rule.Self:
                return grant.Reaches(target.OrganizationId, action);
            case Rule.Shown when known.Reads:
                return grant.Any(action, resources => resources.Shows(target));
            case Rule.Member when known.Reads:
                return grant.IsWholeIn(target.OrganizationId, action)
                    || (grant.Permits(action, target.OrganizationId) && (target.IsOwn || HasPowerOf(grant, target)));
            case Rule.Token:
                return target.IsOwn || CoversToken(grant, action, target)
                    || (known.Reads && grant.IsWholeIn(target.OrganizationId, action));
            case Rule.Parted when action is "accounts:list" or "accounts:get":
                return CoversAccount(grant, action, target);
            case Rule.Parted:
                return grant.Any(action, resources => resources.Covers(target));
            default:
                return grant.IsWholeIn(target.OrganizationId, action);
        }
    }

    /// <summary>
    /// A token whose power lies elsewhere than in its grant is in reach of whole grants only: who is narrowed would
    /// get by it at what it may not do itself.
    /// </summary>
    private static bool CoversToken(Grant grant, string action, ResourceTarget target)
    {
        if (target.Power is not { } power)
        {
            return grant.IsWholeIn(target.OrganizationId, action);
        }

        // What a token of an integration opens is the integration, of which its grant says nothing.
        return grant.Permits(action, target.OrganizationId)
            && power.IsWithin(grant)
            && (target.Account is null || grant.Any(ForIntegration, r => r.Covers(target)));
    }

    /// <summary>An account holds integrations of every category: a grant that is narrowed to some of them sees
    /// it.</summary>
    private static bool CoversAccount(Grant grant, string action, ResourceTarget target) =>
        target.Account is null
            ? grant.IsWholeIn(target.OrganizationId, action)
            : grant.CoversSomethingIn(action, target);

    private static bool Reaches(this Grant grant, string organizationId, string action)
    {
        foreach (var clause in grant.Clauses)
        {
            if (clause.Actions.Contains(action) && clause.Resources.Reaches(organizationId))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPowerOf(Grant grant, ResourceTarget target) => target.Power?.IsWithin(grant) == true;

    private static bool Any(this Grant grant, string action, Func<Resources, bool> condition)
    {
        foreach (var clause in grant.Clauses)
        {
            if (clause.Actions.Contains(action) && condition(clause.Resources))
            {
                return true;
            }
        }

        return false;
    }

    private static string ApiOf(string action) => action[..action.IndexOf(':')];

    /// <summary>A token of an integration is made by who may make it there, whatever else the caller may do.</summary>
    private static Rule RuleOf(string action) => action == ForIntegration
        ? Rule.Parted
        : Rules.GetValueOrDefault(ApiOf(action), Rule.Whole);
}
