using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Imports;

/// <summary>
/// How keys that something else issued look: by it a gateway tells whether a text may be one, before it asks anybody.
/// </summary>
/// <param name="Id">names it in the index of imported keys</param>
/// <param name="Name">unique in the organization</param>
/// <param name="Prefix">with which every key begins</param>
/// <param name="Length">of a whole key, in characters</param>
/// <param name="AcceptsLowEntropy">somebody accepts that who has database and pepper may guess the keys</param>
/// <param name="CreatedAt">when it was made</param>
public sealed record ImportScheme(
    Guid Id, string Name, string Prefix, int Length, bool AcceptsLowEntropy, DateTimeOffset CreatedAt)
{
    public const int ShortestPrefix = 4;
    public const int LongestPrefix = 64;
    public const int LongestKey = 256;

    /// <summary>Fewer random characters have to be accepted: 20 of 62 are some 119 bits.</summary>
    public const int EnoughRandom = 20;

    /// <summary>An organization has no more schemes.</summary>
    public const int Most = 32;

    /// <summary>Characters after the prefix.</summary>
    public int RandomCharacters => Length - Prefix.Length;

    /// <summary>Its keys could be guessed where they are presented, were guesses not counted.</summary>
    public bool CanBeGuessed => RandomCharacters < EnoughRandom;

    /// <summary>Whether a text may be a key of it.</summary>
    public bool Fits(ReadOnlySpan<char> text) =>
        text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal) && IsPrintable(text);

    /// <summary>The field that is wrong, and what is wrong with it; null where nothing is.</summary>
    public (string Field, string Message)? Problem => this switch
    {
        { Prefix.Length: < ShortestPrefix or > LongestPrefix } =>
            ("prefix", $"must have {ShortestPrefix} to {LongestPrefix} characters"),
        _ when !IsPrintable(Prefix) => ("prefix", "must be of printable ASCII characters without spaces"),
        _ when IsOurs(Prefix) => ("prefix", "must not be that of this service's own tokens"),
        { RandomCharacters: < 1, Length: <= LongestKey } => ("length", "must be more than that of the prefix"),
        { Length: > LongestKey } => ("length", $"must be at most {LongestKey}"),
        { RandomCharacters: < EnoughRandom, AcceptsLowEntropy: false } => (
            "accept_low_entropy",
            $"must be true for keys with fewer than {EnoughRandom} random characters: "
            + "who has the database and the pepper may guess them"),
        _ => null,
    };

    /// <summary>Whether a text could be of both.</summary>
    public bool Overlaps(ImportScheme other) =>
        Prefix.StartsWith(other.Prefix, StringComparison.Ordinal)
            || other.Prefix.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Every prefix under <c>ta_</c> is ours, and those of the facades are.</summary>
    private static bool IsOurs(string prefix) =>
        prefix.StartsWith("ta_", StringComparison.Ordinal)
        || TokenProfile.All.Where(profile => profile.IsMinted).Any(profile =>
            prefix.StartsWith(profile.Prefix, StringComparison.Ordinal)
                || profile.Prefix.StartsWith(prefix, StringComparison.Ordinal));

    private static bool IsPrintable(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('!', '~') < 0;
}
