using System.Text.RegularExpressions;

namespace TokenActors.Cluster.Tests;

/// <summary>Commands of the silo's program that the documents tell an operator to run, read off their blocks of
/// shell.</summary>
internal static partial class DocumentedCommands
{
    /// <summary>What follows the program's name, or stands as the arguments of its pod, in the order of the
    /// document.</summary>
    public static IEnumerable<string> In(string document)
    {
        var isShell = false;
        foreach (var line in File.ReadLines(Path.Combine(Build.Root, document)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isShell = line == "```sh";
            }
            else if (isShell && Command().Match(line) is { Success: true } command)
            {
                yield return command.Groups["arguments"].Value.Trim();
            }
            else if (isShell && Arguments().Match(line) is { Success: true } arguments)
            {
                yield return arguments.Groups["list"].Value.Replace("\"", "", StringComparison.Ordinal).Replace(',', ' ');
            }
        }
    }

    /// <summary>Words of the command without what may be left out, then with it.</summary>
    /// <param name="command">as it is written, with brackets around what may be left out</param>
    /// <param name="meant">what stands for a word, or for its beginning; asked only when the form is wanted</param>
    public static IEnumerable<string[]> Forms(string command, IReadOnlyDictionary<string, string> meant)
    {
        yield return Words(Optional().Replace(command, ""));
        if (Optional().IsMatch(command))
        {
            yield return Words(
                command.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal));
        }

        string[] Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Meant)];

        string Meant(string word) => meant.TryGetValue(word, out var value)
            ? value
            : meant.FirstOrDefault(one => one.Key.StartsWith('/') && word.StartsWith(one.Key, StringComparison.Ordinal)) is { Key: { } prefix } found
                ? found.Value + word[prefix.Length..]
                : word;
    }

    [GeneratedRegex(@"^(docker run .*\s)?tokenactors-silo(:\S+)?\s+(?<arguments>[^#]+)")]
    private static partial Regex Command();

    [GeneratedRegex("""/args","value":\[(?<list>[^\]]+)\]""")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"\s*\[[^\]]*\]")]
    private static partial Regex Optional();
}
