using System.Collections.Immutable;

namespace TokenActors.Domain.Grants;

/// <summary>
/// How a member or a token is bound to a role: by the role's id, with the name that it had then. A role that is made
/// anew under the name of a deleted one is another role. Written <c>name#id</c>, which no name can be; a built-in role,
/// and a binding of before there were ids, is its name alone.
/// </summary>
public static class RoleReference
{
    private const char Separator = '#';

    public static string Of(string name, Guid id) => $"{name}{Separator}{id:D}";

    public static string NameOf(string reference) =>
        reference.IndexOf(Separator) is var at and >= 0 ? reference[..at] : reference;

    /// <summary>Null for what is bound by name alone.</summary>
    public static Guid? IdOf(string reference) =>
        reference.IndexOf(Separator) is var at and >= 0 && Guid.TryParseExact(reference[(at + 1)..], "D", out var id)
            ? id
            : null;

    public static ImmutableArray<string> NamesOf(ImmutableArray<string> references) =>
        references.All(reference => !reference.Contains(Separator)) ? references : [.. references.Select(NameOf)];

    /// <summary>The ids, in the places of their references; null where there is none at all.</summary>
    public static ImmutableArray<Guid?>? IdsOf(ImmutableArray<string> references) =>
        references.All(reference => !reference.Contains(Separator)) ? null : [.. references.Select(IdOf)];

    /// <summary>From names and ids, as rows hold them.</summary>
    /// <param name="names">of the roles</param>
    /// <param name="ids">in the same places; null for a row of before there were ids</param>
    public static ImmutableArray<string> From(ImmutableArray<string> names, ImmutableArray<Guid?>? ids) =>
        ids is not { IsDefault: false } known
            ? names
            : [.. names.Select((name, i) => i < known.Length && known[i] is { } id ? Of(name, id) : name)];

    /// <summary>
    /// What was found, and for names that no role has any more what is bound under them.
    /// </summary>
    /// <param name="found">references, and names of which there is no role</param>
    /// <param name="unknown">the names of which there is none</param>
    /// <param name="bound">references as they are</param>
    public static ImmutableArray<string> Keep(
        ImmutableArray<string> found, ImmutableArray<string> unknown, ImmutableArray<string> bound) =>
    [
        .. found.Select(role => unknown.Contains(role)
            ? bound.FirstOrDefault(reference => NameOf(reference) == role) ?? role
            : role),
    ];
}
