using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Grains.ResourceModel;

namespace TokenActors.Grains.Catalog;

/// <summary>
/// What a query can say of a narrowed grant: where every clause names accounts, labels, environments or categories,
/// rows with others are not looked at.
/// </summary>
internal sealed class ReachFilters
{
    private readonly List<Resources> _reaches;

    public ReachFilters(ResourceKind kind, Grant grant, string action, string organizationId)
    {
        _reaches =
        [
            .. grant.Clauses.Where(clause => clause.Actions.Contains(action))
                .Select(clause => clause.Resources)
                .Where(resources => resources.Reaches(organizationId) && resources.OrganizationLabels.IsAll)
                .Distinct(),
        ];
        var parts = kind.Parts.Where(part => part.Field is not null || IsNarrowed(part)).ToList();
        Filters = [.. parts.Where(CanBeAsked).Select(FilterOf)];

        // Of several reaches the filters say no more than each part's union: exact where they differ in one part alone.
        AreExact = kind.AccountField is not null && parts.TrueForAll(part => !IsNarrowed(part) || CanBeAsked(part))
            && parts.Count(part => _reaches.Select(part.Of).Distinct().Count() > 1) <= 1;
    }

    /// <summary>Every row that may be seen passes them.</summary>
    public IReadOnlyList<ListFilter> Filters { get; }

    /// <summary>Every row that passes may be seen.</summary>
    public bool AreExact { get; }

    private bool IsNarrowed(ReachPart part) => _reaches.Exists(resources => !part.Of(resources).IsAll);

    /// <summary>A grant without a reach finds nothing: no account has the empty id.</summary>
    private bool CanBeAsked(ReachPart part) =>
        part.Field is not null && _reaches.TrueForAll(resources => !part.Of(resources).IsAll);

    private ListFilter FilterOf(ReachPart part)
    {
        var names = _reaches.SelectMany(resources => part.Of(resources).Names ?? []).Distinct(StringComparer.Ordinal);
        return part.Field is { } field
            ? new ListFilter(field, ListOperator.In, [.. names.DefaultIfEmpty("")])
            : throw new ArgumentException("no query can say the part", nameof(part));
    }
}
