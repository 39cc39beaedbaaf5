using System.Collections.Immutable;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// One statement of a LaunchDarkly role: it allows or denies actions on resources, each given by what it names or by
/// what it leaves out. Exactly one of <paramref name="Resources"/> and <paramref name="NotResources"/> is there, and
/// one of <paramref name="Actions"/> and <paramref name="NotActions"/>. In all of them <c>*</c> stands for any run of
/// characters.
/// </summary>
internal sealed record RoleStatement(
    bool Allows,
    ImmutableArray<string>? Resources,
    ImmutableArray<string>? NotResources,
    ImmutableArray<string>? Actions,
    ImmutableArray<string>? NotActions)
{
    /// <summary>Whether it says anything about an action on a resource.</summary>
    public bool Concerns(string action, string resource) =>
        Concerns(action) && Holds(Resources, NotResources, resource);

    /// <summary>Whether it says anything about an action on some resource.</summary>
    public bool Concerns(string action) => Holds(Actions, NotActions, action);

    public bool Equals(RoleStatement? other) =>
        other is not null && Allows == other.Allows
        && Same(Resources, other.Resources) && Same(NotResources, other.NotResources)
        && Same(Actions, other.Actions) && Same(NotActions, other.NotActions);

    public override int GetHashCode() => HashCode.Combine(Allows, Resources?.Length, Actions?.Length);

    private static bool Holds(ImmutableArray<string>? named, ImmutableArray<string>? excepted, string value) =>
        named is { } names
            ? names.Any(pattern => Matches(pattern, value))
            : excepted is { } exceptions && !exceptions.Any(pattern => Matches(pattern, value));

    private static bool Same(ImmutableArray<string>? mine, ImmutableArray<string>? others) =>
        (mine, others) switch
        {
            (null, null) => true,
            ({ } a, { } b) => a.SequenceEqual(b, StringComparer.Ordinal),
            _ => false,
        };

    /// <summary>
    /// Goes back to the last <c>*</c> on a mismatch, so that it takes no more than the product of both lengths.
    /// </summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> value)
    {
        int p = 0, v = 0, star = -1, from = 0;
        while (v < value.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (p++, v);
            }
            else if (p < pattern.Length && pattern[p] == value[v])
            {
                (p, v) = (p + 1, v + 1);
            }
            else if (star >= 0)
            {
                (p, v) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
