using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client;
using TokenActors.Client.Imports;

namespace TokenActors.Cli.Imports;

/// <summary>
/// Keys in clear, one a line, or a name and a key. They are hashed here: no key leaves this machine. A hash says
/// nothing of what it was made of, so each line is held against the scheme first, and one that is wrong refuses the
/// file.
/// </summary>
/// <param name="scheme">of the keys</param>
/// <param name="all">every scheme of the organization: no name may begin as a key of one does</param>
internal sealed class KeyFile(ImportScheme scheme, IReadOnlyList<ImportScheme> all)
{
    private const int ShownCharacters = 4;

    /// <summary>The lines of an import.</summary>
    /// <param name="keys">what was read</param>
    /// <param name="common">the fields that every line has</param>
    /// <exception cref="CliException">a line is no key of the scheme, or its name could be a key</exception>
    public byte[] Hash(TextReader keys, JsonObject common)
    {
        using MemoryStream lines = new();
        for (var number = 1; keys.ReadLine() is { } text; number++)
        {
            if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not { Length: > 0 } words)
            {
                continue;
            }

            if (ProblemOf(words) is { } problem)
            {
                // The line itself is not shown: it may hold a key.
                throw CliException.Usage($"Line {number}: {problem} Nothing was sent.");
            }

            using Utf8JsonWriter line = new(lines);
            LineOf(words, common).WriteTo(line);
            line.Flush();
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    /// <summary>What is wrong with a line; null where nothing is.</summary>
    private string? ProblemOf(string[] words) => words switch
    {
        { Length: > 2 } => "it is neither a key nor a name and a key.",
        [var name, var key] when !IsKey(key) && IsKey(name) => "the name comes first, then the key.",
        _ when FaultOf(words[^1]) is { } fault => $"{fault}{AdviceOf(words)}",
        [var name, _] when LooksLikeKey(name) => "its name looks like a key, and names are shown.",
        _ => null,
    };

    private bool IsKey(string text) => FaultOf(text) is null;

    private string? FaultOf(string key) => key switch
    {
        _ when !key.StartsWith(scheme.Prefix, StringComparison.Ordinal) =>
            $"its key does not begin with {scheme.Prefix}, as keys of the scheme {scheme.Name} do.",
        _ when key.Length != scheme.Length =>
            $"its key has {key.Length} characters, and keys of the scheme {scheme.Name} have {scheme.Length}.",
        _ when key.AsSpan().ContainsAnyExceptInRange('!', '~') =>
            "its key has letters or signs that are not printable ASCII.",
        _ => null,
    };

    private static string AdviceOf(string[] words) => words.Any(word => word.AsSpan().IndexOfAny(",;\"'") >= 0)
        ? " Write no CSV: a key a line, or a name, a blank and a key, without quotes and without a heading."
        : "";

    private bool LooksLikeKey(string name) => TokenIds.Of(name) is not null || Failures.HoldsSecret(name)
        || all.Any(other => name.StartsWith(other.Prefix, StringComparison.OrdinalIgnoreCase));

    private static JsonObject LineOf(string[] words, JsonObject common)
    {
        var line = common.DeepClone().AsObject();
        line["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words[^1])));
        line["last_four"] = words[^1][^ShownCharacters..];
        if (words.Length == 2)
        {
            line["name"] = words[0];
        }

        return line;
    }
}
