using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Secrets;

public sealed partial class SecretTests
{
    private static readonly TokenId Id = TokenId.Parse("01900000-0000-7000-8000-0000000000ff");

    [Fact]
    public void Composed_secrets_parse_back_to_their_id_for_every_profile()
    {
        var random = new SeededRandom(1);
        foreach (var profile in TokenProfile.All)
        {
            for (var i = 0; i < 200; i++)
            {
                var bytes = Enumerable.Range(0, 32).Select(_ => (byte)random.Next()).ToArray();
                var id = new TokenId(new Guid(bytes.AsSpan(0, 16)));
                var secret = SecretFormat.Compose(profile.Prefix, id, bytes);
                Assert.Equal(profile.Prefix.Length + 71, secret.Reveal().Length);
                Assert.Same(profile, TokenProfile.OfSecret(secret));
                Assert.Matches(Scanner(), secret.Reveal());
                Assert.True(SecretFormat.TryParse(secret.Reveal(), out var parsed));
                Assert.Equal(id, parsed);
            }
        }
    }

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

    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(61UL, "0z")]
    [InlineData(62UL, "10")]
    public void Base62_is_big_endian_and_fixed_width(ulong number, string text)
    {
        Span<char> written = stackalloc char[2];
        Base62.Encode(number, written);
        Assert.Equal(text, new string(written));
        Assert.True(Base62.TryDecode(text, out var back));
        Assert.Equal(number, back);
    }

    [Fact]
    public void Base62_of_bytes_is_what_long_division_says()
    {
        var random = new SeededRandom(5);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Enumerable.Range(0, 32).Select(n => n < i % 33 ? (byte)0 : (byte)random.Next()).ToArray();
            var number = new System.Numerics.BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            var text = Base62.Encode(bytes, 43);
            Assert.Equal(number, text.Aggregate(System.Numerics.BigInteger.Zero, (sum, c) =>
                (sum * 62) + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".IndexOf(c)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Base62.Encode([255, 255, 255, 255], 5));
        Assert.Equal("4gfFC3", Base62.Encode([255, 255, 255, 255], 6));
    }

    [Fact]
    public void Base62_refuses_what_overflows()
    {
        Assert.False(Base62.TryDecode(new string('z', 23), out _));
        Assert.False(Base62.TryDecode(new string('z', 22), out _));
        var largest = new char[22];
        Base62.Encode(UInt128.MaxValue, largest);
        Assert.True(Base62.TryDecode(largest, out var back));
        Assert.Equal(UInt128.MaxValue, back);
        largest[^1]++;
        Assert.False(Base62.TryDecode(largest, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Base62.Encode((UInt128)62, new char[1]));
    }

    [GeneratedRegex("^(ta_[a-z]{3}_|cfast_|api-|bf[gtwu]_)[0-9A-Za-z]{71}$")]
    private static partial Regex Scanner();
}
