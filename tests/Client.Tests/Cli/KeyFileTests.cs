using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Imports;
using TokenActors.Client.Imports;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Files of keys in clear: each line is held against its scheme, and what is wrong refuses the file
/// unsent.</summary>
public sealed class KeyFileTests
{
    private static readonly ImportScheme Acme = new("i", "acme", "acme_", 25, 20, false, default);

    private static readonly ImportScheme Other = new("j", "other", "oth_", 30, 26, false, default);

    private const string Key = "acme_0123456789abcdefghij";

    private static JsonNode?[] Hashed(string text, JsonObject? common = null) =>
    [
        .. Encoding.UTF8.GetString(new KeyFile(Acme, [Acme, Other]).Hash(new StringReader(text), common ?? []))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)),
    ];

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData(Key, null)]
    [InlineData($"  {Key}  ", null)]
    [InlineData($"\n\r\n{Key}\r\n\n", null)]
    [InlineData($"build {Key}", "build")]
    [InlineData($"build\t{Key}", "build")]
    [InlineData($"über {Key}", "über")]
    public void A_line_is_a_key_or_a_name_and_a_key(string text, string? name)
    {
        var line = Assert.Single(Hashed(text, new JsonObject { ["scheme"] = "acme", ["life"] = "48h" }));
        Assert.Equal(
            (HashOf(Key), "ghij", name, "acme", "48h"),
            ((string?)line?["sha256"], (string?)line?["last_four"], (string?)line?["name"], (string?)line?["scheme"], (string?)line?["life"]));
        Assert.DoesNotContain(Key[..^4], line?.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", "Line 1: its key does not begin with acme_, as keys of the scheme acme do.")]
    [InlineData("name", "Line 1: its key does not begin with acme_, as keys of the scheme acme do.")]
    [InlineData("ACME_0123456789abcdefghij", "Line 1: its key does not begin with acme_, as keys of the scheme acme do.")]
    [InlineData("acme_0123456789abcdefghi", "Line 1: its key has 24 characters, and keys of the scheme acme have 25.")]
    [InlineData("acme_0123456789abcdefghijk", "Line 1: its key has 26 characters, and keys of the scheme acme have 25.")]
    [InlineData("acme_0123456789abcdefghié", "Line 1: its key has letters or signs that are not printable ASCII.")]
    [InlineData("a b " + Key, "Line 1: it is neither a key nor a name and a key.")]
    [InlineData(Key + " build", "Line 1: the name comes first, then the key.")]
    [InlineData("oth_build " + Key, "Line 1: its name looks like a key, and names are shown.")]
    [InlineData("OTH_x " + Key, "Line 1: its name looks like a key, and names are shown.")]
    [InlineData("acme_x " + Key, "Line 1: its name looks like a key, and names are shown.")]
    [InlineData(Key + "\n\nbuild," + Key, "Line 3: its key does not begin with acme_, as keys of the scheme acme do. Write no CSV: a key a line, or a name, a blank and a key, without quotes and without a heading.")]
    [InlineData("\"" + Key + "\"", "Line 1: its key does not begin with acme_, as keys of the scheme acme do. Write no CSV: a key a line, or a name, a blank and a key, without quotes and without a heading.")]
    public void Another_line_refuses_the_file_with_its_number_and_shows_no_key(string text, string problem)
    {
        var refused = Assert.Throws<CliException>(() => Hashed(text));
        Assert.Equal((ExitCode.Usage, $"{problem} Nothing was sent."), (refused.ExitCode, refused.Message));
        Assert.DoesNotContain(Key, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("é")]
    public void A_secret_of_the_service_is_no_name(string before)
    {
        var secret = $"{before}ta_org_{new string('a', 71)}";
        Assert.Contains(
            "looks like a key", Assert.Throws<CliException>(() => Hashed($"{secret} {Key}")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_has_no_lines() => Assert.Empty(Hashed("\n  \n\t\n"));

    /// <summary>In order, each hashed as it stands, whatever lies between them.</summary>
    [Fact]
    public void Every_key_is_hashed_once_and_none_is_in_what_is_sent() => Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 20, 20], Gen.Bool, Gen.OneOf("\n", "\r\n", "\n\n", "  \n")).Array[1, 20].HoldsForAll(500, lines =>
        {
            var keys = lines.Select(line => $"acme_{line.Item1}").ToList();
            var text = string.Concat(lines.Select((line, i) => $"{(line.Item2 ? $"n{i} " : "")}{keys[i]}{line.Item3}"));
            var hashed = Hashed(text);
            Assert.Equal(keys.Select(HashOf), hashed.Select(line => (string?)line?["sha256"] ?? ""));
            Assert.Equal(
                lines.Select((line, i) => line.Item2 ? $"n{i}" : null), hashed.Select(line => (string?)line?["name"]));
            Assert.All(
                hashed.Zip(keys),
                pair => Assert.DoesNotContain(pair.Second, pair.First?.ToJsonString(), StringComparison.Ordinal));
        });
}
