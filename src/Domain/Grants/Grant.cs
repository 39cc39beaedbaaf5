using System.Collections.Immutable;

namespace TokenActors.Domain.Grants;

/// <summary>Some actions on some resources; one line of a grant.</summary>
public sealed record GrantClause(ActionSet Actions, Resources Resources)
{
    public bool IsEmpty => Actions.IsEmpty || Resources.IsEmpty;

    public bool IsWithin(GrantClause other) => Actions.IsWithin(other.Actions) && Resources.IsWithin(other.Resources);

    public GrantClause Intersect(GrantClause other) =>
        new(Actions.Intersect(other.Actions), Resources.Intersect(other.Resources));
}

/// <summary>
/// What a token may do: the union of its clauses. There is no operation that widens. Comparison is clause by clause,
/// so a grant that is within another only by the union of several clauses counts as not within: the safe side.
/// </summary>
public sealed record Grant(ImmutableArray<GrantClause> Clauses)
{
    public static readonly Grant Nothing = new([]);

    public static Grant Of(ActionSet actions, Resources resources) => new([new GrantClause(actions, resources)]);

    public static Grant Of(string permissionSet, Resources resources) =>
        Of(PermissionSets.ActionsOf(permissionSet), resources);

    public bool Covers(string action, ResourceTarget target)
    {
        foreach (var clause in Clauses)
        {
            if (clause.Actions.Contains(action) && clause.Resources.Covers(target))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A partial order: reflexive, transitive; empty clauses are within anything.</summary>
    public bool IsWithin(Grant other) => Clauses.All(mine => mine.IsEmpty || other.Clauses.Any(mine.IsWithin));

    /// <summary>What both allow.</summary>
    public Grant Narrow(Grant other) => new(
    [
        .. Clauses.SelectMany(mine => other.Clauses.Select(mine.Intersect)).Where(clause => !clause.IsEmpty).Distinct(),
    ]);

    public bool Equals(Grant? other) => other is not null && Clauses.SequenceEqual(other.Clauses);

    public override int GetHashCode() => Clauses.Aggregate(19, HashCode.Combine);
}
