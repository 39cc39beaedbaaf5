using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Client;

namespace TokenActors.Cli.Agent;

/// <summary>
/// The pair that an agent begins with: a refresh secret, or the access and the refresh secret on two lines, or the JSON
/// that <c>ta token create</c> prints.
/// </summary>
internal static class Seed
{
    public static StoredCredential Read(string text)
    {
        var (access, refresh) = text.TrimStart().StartsWith('{') ? OfJson(text) : OfLines(text);
        return TokenIds.Of(refresh) is null
            ? throw CliException.Usage("The seed holds no refresh secret of this service.")
            : new StoredCredential(access is null ? null : new Secret(access), new Secret(refresh))
            {
                Seed = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(refresh))),
            };
    }

    private static (string? Access, string Refresh) OfLines(string text) =>
        text.Split((char[])['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries) switch
        {
            [var refresh] => (null, refresh),
            [var access, var refresh] => (access, refresh),
            _ => throw CliException.Usage(
                "The seed is a refresh secret, or the access and the refresh secret on two lines."),
        };

    private static (string? Access, string Refresh) OfJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var secrets = Member(json.RootElement, "secrets");
            return (TextOf(secrets, "access"), TextOf(secrets, "refresh") ?? "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: a text with half a character.
            throw CliException.Usage("The seed is no JSON.");
        }
    }

    private static string? TextOf(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } some && some.TryGetProperty(name, out var member) ? member : null;
}
