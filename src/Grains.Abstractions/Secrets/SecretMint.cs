using System.Security.Cryptography;
using System.Text.Json;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Abstractions.Secrets;

/// <summary>
/// A freshly minted pair in clear. It belongs in the answer to the one who asked for it, and nowhere else.
/// </summary>
/// <param name="Access">the access secret</param>
/// <param name="Refresh">the refresh secret, where the profile has a refresh half</param>
public sealed record SecretPair(Secret Access, Secret? Refresh)
{
    /// <summary>What grains get to know of it.</summary>
    public MintedSecrets ToMinted() =>
        new() { Access = Minted(Access), Refresh = Refresh is null ? null : Minted(Refresh) };

    private static MintedSecret Minted(Secret secret) =>
        new() { Fingerprint = secret.Fingerprint(), LastFour = secret.LastFour };
}

/// <summary>
/// Mints secrets and ids on the caller's side, so that no grain ever sees a secret, and seals them for a lost answer.
/// Randomness comes from <see cref="RandomNumberGenerator"/>.
/// </summary>
public static class SecretMint
{
    private const string RefreshPurpose = "refresh";

    /// <summary>A new token id, ordered by time (UUID version 7, RFC 9562).</summary>
    public static TokenId NewTokenId(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>A pair for a token; a refresh half exactly where the profile has one.</summary>
    public static SecretPair Mint(TokenProfile profile, TokenId id)
    {
        Span<byte> random = stackalloc byte[2 * SecretFormat.RandomBytes];
        RandomNumberGenerator.Fill(random);
        return new(
            SecretFormat.Compose(profile.Prefix, id, random[..SecretFormat.RandomBytes]),
            profile.HasRefreshHalf
                ? SecretFormat.Compose(profile.Prefix, id, random[SecretFormat.RandomBytes..])
                : null);
    }

    /// <summary>Seals the next primary for the holder of the refresh secret that is being spent.</summary>
    public static byte[] SealForHolder(SecretPair next, Secret presented, TokenId id) =>
        Seal(next, presented, RefreshPurpose, id);

    /// <summary>
    /// Opens what <see cref="SealForHolder"/> sealed; null where it was sealed for another secret or token.
    /// </summary>
    public static SecretPair? OpenForHolder(byte[] sealedPair, Secret presented, TokenId id) =>
        Open(sealedPair, presented, RefreshPurpose, id);

    /// <summary>Seals new secrets for a caller who may repeat its call under an idempotency key.</summary>
    public static byte[] SealForCaller(SecretPair pair, Secret bearer, string idempotencyKey, TokenId id) =>
        Seal(pair, bearer, "idempotency:" + idempotencyKey, id);

    /// <summary>Opens what <see cref="SealForCaller"/> sealed; null where bearer, key or token is another.</summary>
    public static SecretPair? OpenForCaller(byte[] sealedPair, Secret bearer, string idempotencyKey, TokenId id) =>
        Open(sealedPair, bearer, "idempotency:" + idempotencyKey, id);

    private static byte[] Seal(SecretPair pair, Secret holder, string purpose, TokenId id)
    {
        Span<byte> nonce = stackalloc byte[AnswerSeal.NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        var plain = JsonSerializer.SerializeToUtf8Bytes<string?[]>([pair.Access.Reveal(), pair.Refresh?.Reveal()]);
        return AnswerSeal.Seal(plain, holder, purpose, id.ToString(), nonce);
    }

    private static SecretPair? Open(byte[] sealedPair, Secret holder, string purpose, TokenId id) =>
        AnswerSeal.Open(sealedPair, holder, purpose, id.ToString()) is { } plain
            && JsonSerializer.Deserialize<string?[]>(plain) is [{ } access, var refresh]
                ? new SecretPair(new Secret(access), refresh is null ? null : new Secret(refresh))
                : null;
}
