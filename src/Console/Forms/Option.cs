namespace TokenActors.WebConsole.Forms;

/// <summary>One value that can be chosen.</summary>
public sealed record Option(string Value, string Text)
{
    /// <summary>Words that are shown as they are.</summary>
    public static IReadOnlyList<Option> Of(params IEnumerable<string> words) =>
        [.. words.Select(word => new Option(word, word))];

    /// <summary>Words, or none of them.</summary>
    public static IReadOnlyList<Option> OrNone(string none, params IEnumerable<string> words) =>
        [new("", none), .. Of(words)];
}
