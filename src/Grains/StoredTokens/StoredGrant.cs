using TokenActors.Domain.Grants;

namespace TokenActors.Grains.StoredTokens;

/// <summary>A grant as it is stored, with every action by its name.</summary>
internal sealed record StoredGrant(StoredClause[] Clauses, string[]? Addresses)
{
    public static StoredGrant From(Grant grant) => new(
        [.. grant.Clauses.Select(clause => new StoredClause([.. clause.Actions.Names()], StoredResources.From(clause.Resources)))],
        grant.Addresses.Texts is { } addresses ? [.. addresses] : null);

    public Grant ToGrant() =>
        new([.. Clauses.Select(
            clause => new GrantClause(ActionSet.Of(clause.Actions), clause.Resources.ToResources()))])
        {
            Addresses = AddressRanges.Of(Addresses),
        };
}

internal sealed record StoredClause(string[] Actions, StoredResources Resources);
