using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace TokenActors.WebConsole.Http;

/// <summary>
/// Seals what was typed, so that it can be sent through the page that signs in and is ours when it comes back, within
/// as long as a session may last.
/// </summary>
internal sealed class KeptForms(IDataProtectionProvider protection)
{
    private static readonly TimeSpan OpenedFor = TimeSpan.FromHours(12);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("kept form").ToTimeLimitedDataProtector();

    public string Seal(KeptForm kept) => _protector.Protect(JsonSerializer.Serialize(kept), OpenedFor);

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
