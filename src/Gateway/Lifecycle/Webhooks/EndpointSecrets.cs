using System.Security.Cryptography;
using TokenActors.Domain.Secrets;

namespace TokenActors.Gateway.Lifecycle.Webhooks;

/// <summary>Signing secrets as Standard Webhooks 1.0.0 writes them.</summary>
internal static class EndpointSecrets
{
    /// <summary>How long a replaced secret goes on to be used beside its successor.</summary>
    public static readonly TimeSpan PreviousLife = TimeSpan.FromDays(1);

    private const int Bytes = 32;

    public static ProtectedText New() =>
        new("whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
}
