using TokenActors.Domain.Grants;

namespace TokenActors.Grains.StoredTokens;

/// <summary>A grant as it is stored, with every action by its name.</summary>
internal sealed record StoredGrant(StoredClause[] Clauses)
{
    public static StoredGrant From(Grant grant) => new(
        [.. grant.Clauses.Select(clause => new StoredClause([.. clause.Actions.Names()], StoredResources.From(clause.Resources)))]);

    public Grant ToGrant() => new(
        [.. Clauses.Select(clause => new GrantClause(ActionSet.Of(clause.Actions), clause.Resources.ToResources()))]);
}

internal sealed record StoredClause(string[] Actions, StoredResources Resources);
