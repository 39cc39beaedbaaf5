using System.Collections.Immutable;

namespace TokenActors.Domain.Tokens;

/// <summary>What people note of a token. Nothing that it may do depends on it.</summary>
/// <param name="Description">what it is for</param>
/// <param name="Labels">by which it is found again, each once</param>
/// <param name="Contact">whom to ask about it</param>
public sealed record TokenNotes(string? Description, ImmutableArray<string> Labels, string? Contact)
{
    public const int MostLabels = 16;
    public const int LongestLabel = 64;
    public const int LongestDescription = 512;
    public const int LongestContact = 256;

    public static readonly TokenNotes None = new(null, [], null);

    /// <summary>Few and short enough to be stored with every version.</summary>
    public bool IsWithinBounds =>
        (Description?.Length ?? 0) <= LongestDescription && (Contact?.Length ?? 0) <= LongestContact
        && Labels.Length <= MostLabels && Labels.All(label => label.Length is > 0 and <= LongestLabel)
        && Labels.Distinct(StringComparer.Ordinal).Count() == Labels.Length
        && !HasNull(Description) && !HasNull(Contact) && !Labels.Any(HasNull);

    /// <summary>PostgreSQL reads no JSON with it.</summary>
    private static bool HasNull(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    public bool Equals(TokenNotes? other) => other is not null
        && Description == other.Description && Contact == other.Contact && Labels.SequenceEqual(other.Labels);

    public override int GetHashCode() => HashCode.Combine(Description, Labels.Length, Contact);
}
