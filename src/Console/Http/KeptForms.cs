using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace TokenActors.WebConsole.Http;

/// <summary>Seals what was typed, so that it can be sent through the page that signs in and is ours when it comes back.</summary>
internal sealed class KeptForms(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("kept form");

    public string Seal(KeptForm kept) => _protector.Protect(JsonSerializer.Serialize(kept));

    /// <summary>Null where it is none of ours.</summary>
    public KeptForm? Open(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<KeptForm>(_protector.Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }
}
