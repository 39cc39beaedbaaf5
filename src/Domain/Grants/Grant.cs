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

    /// <summary>
    /// From where it may be used. Of the whole grant: where a use is let in at all is asked before what it is for.
    /// </summary>
    public AddressRanges Addresses { get; init; } = AddressRanges.Anywhere;

    public static Grant Of(ActionSet actions, Resources resources) => new([new GrantClause(actions, resources)]);

    public static Grant Of(string permissionSet, Resources resources) =>
        Of(PermissionSets.ActionsOf(permissionSet), resources);

    /// <summary>Whether an action may be done to a target; <see cref="Narrowing"/> says what narrowing means.</summary>
    public bool Covers(string action, ResourceTarget target) => Narrowing.Covers(this, action, target);

    /// <summary>The same, used from elsewhere.</summary>
    public Grant From(AddressRanges addresses) =>
        Addresses.Equals(addresses) ? this : this with { Addresses = addresses };

    /// <summary>A partial order: reflexive, transitive; empty clauses are within anything, and so is a grant of
    /// them.</summary>
    public bool IsWithin(Grant other) =>
        Clauses.All(mine => mine.IsEmpty || other.Clauses.Any(mine.IsWithin))
        && (Addresses.IsWithin(other.Addresses) || Clauses.All(mine => mine.IsEmpty));

    /// <summary>
    /// What keeps this from being within another, as the wire names it: actions that it lacks, parts of resources in
    /// which it is narrower, addresses. Each clause is compared with that of the other which lacks the fewest actions.
    /// </summary>
    public IEnumerable<string> Beyond(Grant other)
    {
        var clauses = Clauses.Where(mine => !mine.IsEmpty && !other.Clauses.Any(mine.IsWithin)).SelectMany(BeyondClause);
        var isElsewhere = !Addresses.IsWithin(other.Addresses) && Clauses.Any(mine => !mine.IsEmpty);
        return clauses.Concat(isElsewhere ? ["addresses"] : []).Distinct();

        IEnumerable<string> BeyondClause(GrantClause mine)
        {
            var nearest = other.Clauses.MinBy(clause => mine.Actions.Without(clause.Actions).Names().Count());
            var missing = nearest is null ? mine.Actions : mine.Actions.Without(nearest.Actions);
            return nearest is null || !missing.IsEmpty
                ? missing.Names()
                : mine.Resources.WiderThan(nearest.Resources).Select(part => $"resources.{part}");
        }
    }

    /// <summary>
    /// What both allow. A clause that the other has too stays as it is: what else it has in common with the other lies
    /// within it. So a grant is narrowed to its like (a session to its member) in time linear in the clauses.
    /// </summary>
    public Grant Narrow(Grant other)
    {
        HashSet<GrantClause> theirs = [.. other.Clauses];
        HashSet<GrantClause> seen = [];
        var common = ImmutableArray.CreateBuilder<GrantClause>();
        foreach (var mine in Clauses.Distinct())
        {
            if (theirs.Contains(mine))
            {
                Add(mine);
                continue;
            }

            foreach (var clause in theirs)
            {
                if (!mine.Actions.Intersect(clause.Actions).IsEmpty)
                {
                    Add(mine.Intersect(clause));
                }
            }
        }

        return new Grant(common.ToImmutable()) { Addresses = Addresses.Intersect(other.Addresses) };

        void Add(GrantClause clause)
        {
            if (!clause.IsEmpty && seen.Add(clause))
            {
                common.Add(clause);
            }
        }
    }

    public bool Equals(Grant? other) =>
        other is not null && Clauses.SequenceEqual(other.Clauses) && Addresses.Equals(other.Addresses);

    public override int GetHashCode() => Clauses.Aggregate(19, HashCode.Combine);
}
