using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Imports;

/// <summary>Keys in clear, one a line, or a name and a key. They are hashed here: no key leaves this machine.</summary>
internal static class KeyFile
{
    private const int ShownCharacters = 4;

    /// <summary>The lines of an import.</summary>
    /// <param name="keys">what was read</param>
    /// <param name="common">the fields that every line has</param>
    /// <exception cref="CliException">a line is neither</exception>
    public static byte[] Hash(TextReader keys, JsonObject common)
    {
        using MemoryStream lines = new();
        for (var number = 1; keys.ReadLine() is { } text; number++)
        {
            if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not { Length: > 0 } words)
            {
                continue;
            }

            if (words.Length > 2 || words[^1].Length <= ShownCharacters)
            {
                // The line itself is not shown: it may hold a key.
                throw CliException.Usage($"Line {number} is neither a key nor a name and a key.");
            }

            using Utf8JsonWriter line = new(lines);
            LineOf(words, common).WriteTo(line);
            line.Flush();
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

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
