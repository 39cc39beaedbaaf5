using System.Security.Cryptography;

namespace TokenActors.Domain.Secrets;

/// <summary>Signing secrets of endpoints for events, as Standard Webhooks 1.0.0 writes them.</summary>
public static class WebhookSecret
{
    /// <summary>How long a replaced secret goes on to be used beside its successor.</summary>
    public static readonly TimeSpan PreviousLife = TimeSpan.FromDays(1);

    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    public static ProtectedText New() =>
        new(Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>The bytes that sign.</summary>
    public static byte[] KeyOf(ProtectedText secret) => Convert.FromBase64String(secret.Reveal()[Prefix.Length..]);
}
