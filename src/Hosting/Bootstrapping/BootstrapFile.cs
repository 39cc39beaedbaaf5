using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Secrets;

namespace TokenActors.Hosting.Bootstrapping;

/// <summary>What the operator needs to begin. It holds secrets in clear: mode 0600, to be moved to a safe place.</summary>
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

    /// <summary>A new password for the administrator and a new first pair for the default token.</summary>
    public static BootstrapFile Mint(string organizationId, string memberId, string memberName, TokenId token)
    {
        var pair = SecretMint.Mint(TokenProfile.Default, token);
        var password = Base62.Encode(RandomNumberGenerator.GetBytes(PasswordBytes), PasswordLength);
        return new(organizationId, memberId, memberName, password, token.ToString(), pair.Access.Reveal(), pair.Refresh!.Reveal());
    }

    /// <exception cref="InvalidOperationException">the file is not what this program writes</exception>
    public static BootstrapFile Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), BootstrapJson.Default.BootstrapFile)!;
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"{path} cannot be read; remove it to bootstrap anew", e);
        }
    }

    /// <summary>Mode 0600; the whole file or none.</summary>
    public void Write(string path) => PrivateFile.Write(path, JsonSerializer.Serialize(this, BootstrapJson.Default.BootstrapFile) + "\n");

    public override string ToString() => $"bootstrap of organization {OrganizationId}";
}

[JsonSerializable(typeof(BootstrapFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class BootstrapJson : JsonSerializerContext;
