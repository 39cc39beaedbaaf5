using System.Collections.Immutable;

namespace TokenActors.Domain.Grants;

/// <summary>
/// Everything of one kind, or the named ones. Names are kept sorted and unique, so that equal selections compare
/// equal.
/// </summary>
public sealed record Selection
{
    /// <summary>No narrowing; <c>*</c> on the wire.</summary>
    public static readonly Selection All = new((ImmutableArray<string>?)null);

    private Selection(ImmutableArray<string>? names) => Names = names;

    /// <summary>Null for <see cref="All"/>.</summary>
    public ImmutableArray<string>? Names { get; }

    public bool IsAll => Names is null;

    /// <summary>Nothing at all is selected, so that a grant with this part covers nothing.</summary>
    public bool IsEmpty => Names is { Length: 0 };

    /// <summary>A list in which <c>*</c> stands is <see cref="All"/>.</summary>
    public static Selection Of(params IEnumerable<string> names)
    {
        var sorted = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToImmutableArray();
        return sorted.Contains("*") ? All : new Selection(sorted);
    }

    public bool Covers(string name) => Names is not { } names || names.BinarySearch(name, StringComparer.Ordinal) >= 0;

    /// <summary>At least one of <paramref name="labels"/> is selected.</summary>
    public bool CoversAny(IEnumerable<string> labels) => IsAll || labels.Any(Covers);

    public bool IsWithin(Selection other) => other.IsAll || (Names is { } names && names.All(other.Covers));

    public Selection Intersect(Selection other)
    {
        if (other.IsAll)
        {
            return this;
        }

        return Names is { } names ? new Selection([.. names.Where(other.Covers)]) : other;
    }

    public bool Equals(Selection? other) =>
        other is not null && (Names, other.Names) switch
        {
            (null, null) => true,
            ({ } mine, { } theirs) => mine.SequenceEqual(theirs, StringComparer.Ordinal),
            _ => false,
        };

    public override int GetHashCode() =>
        Names is not { } names ? 1 : names.Aggregate(17, (hash, name) => HashCode.Combine(hash, name));

    public override string ToString() => Names is { } names ? string.Join(',', names) : "*";
}
