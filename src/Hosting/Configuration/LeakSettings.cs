using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace TokenActors.Hosting.Configuration;

/// <summary>Section <c>TokenActors:Leaks</c> of the gateway.</summary>
public sealed class LeakSettings
{
    /// <summary>Under which partners sign their reports of leaked secrets; without any none is taken.</summary>
    public IReadOnlyList<ReportKeySettings> Keys { get; init; } = [];
}

/// <summary>A partner's public key.</summary>
public sealed class ReportKeySettings
{
    [Required(ErrorMessage = "every key needs an id of its own")]
    [MinLength(1, ErrorMessage = "must not be empty; every key needs an id of its own")]
    public required string Id { get; init; }

    /// <summary>Not shown where it is wrong: somebody may have given the private key.</summary>
    [Required(ErrorMessage = $"it {PublicKeyAttribute.Rule}")]
    [PublicKey, DataType(DataType.Password)]
    public required string Key { get; init; }

    /// <summary>SubjectPublicKeyInfo (RFC 5280).</summary>
    /// <exception cref="FormatException">the rules of the settings were not asked</exception>
    public byte[] ToPublicKey() => PublicKeyAttribute.Read(Key) ?? throw new FormatException(PublicKeyAttribute.Rule);
}

/// <summary>A public key of P-256.</summary>
internal sealed class PublicKeyAttribute() : ValidationAttribute(Rule)
{
    public const string Rule = "must be a public key of the curve P-256, as PEM or its SubjectPublicKeyInfo in base64";

    private const string Begin = "-----BEGIN PUBLIC KEY-----";

    private static readonly string? P256 = ECCurve.NamedCurves.nistP256.Oid.Value;

    public override bool IsValid(object? value) => value is string text && Read(text) is not null;

    /// <returns>SubjectPublicKeyInfo; null where it is none</returns>
    public static byte[]? Read(string text)
    {
        using var key = ECDsa.Create();
        try
        {
            if (text.Contains(Begin, StringComparison.Ordinal))
            {
                key.ImportFromPem(text);
            }
            else
            {
                key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            }

            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256
                ? key.ExportSubjectPublicKeyInfo()
                : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or CryptographicException)
        {
            return null;
        }
    }
}
