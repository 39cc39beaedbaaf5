using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>Makes digests to store of minted secrets.</summary>
internal static class MintedDigests
{
    /// <summary>The keyed digests of a pair under the pepper in use.</summary>
    public static MintedPair Digests(this PepperRing peppers, MintedSecrets secrets) =>
        new(Of(peppers, secrets.Access), secrets.Refresh is { } refresh ? Of(peppers, refresh) : null);

    private static MintedCredential Of(PepperRing peppers, MintedSecret secret) =>
        new(peppers.Digest(secret.Fingerprint), secret.LastFour);
}
