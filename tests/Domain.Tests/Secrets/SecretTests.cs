using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Secrets;

public sealed partial class SecretTests
{
    private static readonly TokenId Id = TokenId.Parse("01900000-0000-7000-8000-0000000000ff");

    private static readonly Gen<byte[]> Random = Gen.Byte.Array[SecretFormat.RandomBytes];

    [Fact]
    public void Composed_secrets_parse_back_to_their_id_for_every_profile() =>
        Gen.Select(Gen.OneOf([.. TokenProfile.All]), Gen.Guid, Random).HoldsForAll(3000, drawn =>
        {
            var (profile, guid, random) = drawn;
            var secret = SecretFormat.Compose(profile.Prefix, new TokenId(guid), random);
            Assert.Equal(profile.Prefix.Length + 71, secret.Reveal().Length);
            Assert.Same(profile, TokenProfile.OfSecret(secret));
            Assert.Matches(Scanner(), secret.Reveal());
            Assert.True(SecretFormat.TryParse(secret.Reveal(), out var parsed));
            Assert.Equal(new TokenId(guid), parsed);
        });

    [Fact]
    public void Every_single_character_typing_error_is_caught()
    {
        var text = SecretFormat.Compose("ta_org_", Id, new byte[32]).Reveal();
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var c in "0Az_")
            {
                if (c != text[i])
                {
                    Assert.False(SecretFormat.TryParse(text[..i] + c + text[(i + 1)..], out _), $"position {i}");
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ta_org_")]
    [InlineData("Bearer something")]
    [InlineData("_00000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ABC_00000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("xx_org_0000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ta_org_00000000000000000000000000000000000000000000000000000000000000000000é0")]
    public void Strangers_do_not_parse(string text) => Assert.False(SecretFormat.TryParse(text, out _));

    [Fact]
    public void A_secret_prints_masked_and_does_not_serialize()
    {
        var secret = SecretFormat.Compose("ta_org_", Id, new byte[32]);
        Assert.Equal($"ta_org_…{secret.Reveal()[^4..]}", secret.ToString());
        Assert.DoesNotContain(secret.Reveal()[10..40], JsonSerializer.Serialize(secret));
        Assert.DoesNotContain(secret.Reveal(), $"{secret}");
    }

    [Fact]
    public void Fingerprints_are_sha256_and_do_not_print()
    {
        Assert.Equal(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            Convert.ToHexStringLower(new Secret("abc").Fingerprint().Bytes));
        Assert.Equal("fingerprint", new Secret("abc").Fingerprint().ToString());
        Assert.Equal(new Secret("abc").Fingerprint(), new Secret("abc").Fingerprint());
        Assert.NotEqual(new Secret("abc").Fingerprint(), new Secret("abd").Fingerprint());
    }

    [Fact]
    public void A_long_secret_has_a_fingerprint_too() =>
        Assert.Equal(SecretFingerprint.Of(Encoding.UTF8.GetBytes(new string('é', 5000))), new Secret(new string('é', 5000)).Fingerprint());

    [Fact]
    public void A_sealed_answer_opens_for_its_holder_purpose_and_context_only()
    {
        var holder = new Secret("holder");
        var sealedBytes = AnswerSeal.Seal("answer"u8, holder, "refresh", "id", new byte[12]);
        Assert.Equal("answer"u8.ToArray(), AnswerSeal.Open(sealedBytes, holder, "refresh", "id"));
        Assert.Null(AnswerSeal.Open(sealedBytes, new Secret("another"), "refresh", "id"));
        Assert.Null(AnswerSeal.Open(sealedBytes, holder, "idempotency", "id"));
        Assert.Null(AnswerSeal.Open(sealedBytes, holder, "refresh", "other"));
        Assert.Null(AnswerSeal.Open(sealedBytes.AsSpan(0, 20), holder, "refresh", "id"));
        sealedBytes[^1] ^= 1;
        Assert.Null(AnswerSeal.Open(sealedBytes, holder, "refresh", "id"));
    }

    [Fact]
    public void Names_and_keys_derived_from_a_secret_differ_by_purpose()
    {
        var holder = new Secret("holder");
        Assert.Equal(AnswerSeal.NameFor(holder, "a"), AnswerSeal.NameFor(holder, "a"));
        Assert.NotEqual(AnswerSeal.NameFor(holder, "a"), AnswerSeal.NameFor(holder, "b"));
        Assert.NotEqual(AnswerSeal.NameFor(holder, "a"), AnswerSeal.NameFor(new Secret("other"), "a"));
    }

    [GeneratedRegex("^(ta_[a-z]{3}_|cfast_|api-|bf[gtwu]_)[0-9A-Za-z]{71}$")]
    private static partial Regex Scanner();
}
