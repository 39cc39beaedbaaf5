using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Client;

namespace TokenActors.Cli.Agent;

/// <summary>
/// The pair that an agent begins with: a refresh secret, or the access and the refresh secret on two lines, or the JSON that
/// <c>ta token create</c> prints.
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
            _ => throw CliException.Usage("The seed is a refresh secret, or the access and the refresh secret on two lines."),
        };

    private static (string? Access, string Refresh) OfJson(string text)
    {
        try
        {
            var secrets = JsonNode.Parse(text)?["secrets"];
            return ((string?)secrets?["access"], (string?)secrets?["refresh"] ?? "");
        }
        catch (JsonException)
        {
            throw CliException.Usage("The seed is no JSON.");
        }
    }
}
