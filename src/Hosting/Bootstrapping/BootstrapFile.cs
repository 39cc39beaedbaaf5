using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Secrets;

namespace TokenActors.Hosting.Bootstrapping;

/// <summary>
/// The first credentials, in clear: the file has mode 0600, and the operator moves it to a safe place.
/// </summary>
internal sealed record BootstrapFile(
    string OrganizationId,
    string MemberId,
    string MemberName,
    string MemberSecret,
    string RefreshTokenId,
    string AccessSecret,
    string RefreshSecret)
{
    private const int PasswordBytes = 24;
    private const int PasswordLength = 33;

    [JsonIgnore]
    public SecretPair Pair => new(new Secret(AccessSecret), new Secret(RefreshSecret));

    /// <summary>Makes a new password for the administrator and a new pair for the default token.</summary>
    public static BootstrapFile Mint(string organizationId, string memberId, string memberName, TokenId token)
    {
        var (access, refresh) = SecretMint.Mint(TokenProfile.Default, token);
        var password = Base62.Encode(RandomNumberGenerator.GetBytes(PasswordBytes), PasswordLength);
        return new(
            organizationId, memberId, memberName, password, token.ToString(), access.Reveal(), refresh!.Reveal());
    }

    /// <exception cref="InvalidOperationException">the file is not what this program writes</exception>
    public static BootstrapFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllText(path), BootstrapJson.Default.BootstrapFile);
            return file is not null && IsId(file.OrganizationId) && IsId(file.MemberId) && IsId(file.RefreshTokenId)
                && file is { MemberName: not null, MemberSecret: not null, AccessSecret: not null, RefreshSecret: not null }
                    ? file
                    : throw new JsonException("it does not hold all that it should");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{path} cannot be read; remove it to bootstrap anew", e);
        }
    }

    private static bool IsId(string? text) => Guid.TryParseExact(text, "D", out _);

    /// <summary>Writes the file with mode 0600. A crash leaves the whole file or none.</summary>
    public void Write(string path) =>
        PrivateFile.Write(path, JsonSerializer.Serialize(this, BootstrapJson.Default.BootstrapFile) + "\n");

    public override string ToString() => $"bootstrap of organization {OrganizationId}";
}

[JsonSerializable(typeof(BootstrapFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class BootstrapJson : JsonSerializerContext;
