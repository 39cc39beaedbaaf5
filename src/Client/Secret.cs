using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenActors.Client;

/// <summary>
/// A secret in clear. Its text comes out by <see cref="Reveal"/> alone: logs, messages and debuggers see a masked form.
/// </summary>
/// <param name="text">in clear</param>
[DebuggerDisplay("{ToString(),nq}")]
[JsonConverter(typeof(SecretJson))]
public sealed class Secret(string text)
{
    private const int ShortestShown = 32;
    private const int LongestPrefix = 8;

    /// <summary>The last four characters, by which the service lists a secret; empty where that would tell too
    /// much.</summary>
    public string LastFour => text.Length < ShortestShown ? "" : text[^4..];

    /// <summary>The text, for whoever sends or stores it.</summary>
    public string Reveal() => text;

    /// <summary>Masked, such as <c>ta_org_…w7SZ</c>.</summary>
    public override string ToString()
    {
        var end = text.Length < ShortestShown ? -1 : text.AsSpan(0, LongestPrefix).LastIndexOf('_');
        return $"{text[..(end + 1)]}…{LastFour}";
    }
}

/// <summary>A secret is a string on the wire.</summary>
internal sealed class SecretJson : JsonConverter<Secret>
{
    public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text ? new Secret(text) : null;

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Reveal());
}
