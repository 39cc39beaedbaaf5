using System.Security.Cryptography;
using System.Text;
using CsCheck;
using TokenActors.Domain.Secrets;

namespace TokenActors.Domain.Tests.Secrets;

public sealed class AnswerSealTests
{
    private const string Context = "01900000-0000-7000-8000-0000000000ff:7";

    private static readonly Secret Holder = new("holder");

    private static byte[] Seal(string purpose = "refresh", string context = Context) =>
        AnswerSeal.Seal("answer"u8, Holder, purpose, context, new byte[AnswerSeal.NonceBytes]);

    [Fact]
    public void An_answer_opens_for_its_holder() =>
        Assert.Equal("answer"u8.ToArray(), AnswerSeal.Open(Seal(), Holder, "refresh", Context));

    [Theory]
    [InlineData("another", "refresh", Context)]
    [InlineData("Holder", "refresh", Context)]
    [InlineData("holder ", "refresh", Context)]
    [InlineData("", "refresh", Context)]
    [InlineData("holder", "idempotency", Context)]
    [InlineData("holder", "", Context)]
    [InlineData("holder", "refresh", "01900000-0000-7000-8000-0000000000fe:7")] // another token
    [InlineData("holder", "refresh", "01900000-0000-7000-8000-0000000000ff:8")] // another version of it
    [InlineData("holder", "refresh", "01900000-0000-7000-8000-0000000000ff")]
    [InlineData("holder", "refresh", "")]
    public void It_opens_for_no_other_secret_purpose_or_context(string holder, string purpose, string context) =>
        Assert.Null(AnswerSeal.Open(Seal(), new Secret(holder), purpose, context));

    [Fact]
    public void Every_changed_bit_of_nonce_tag_and_text_is_found()
    {
        var whole = Seal();
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var changed = whole.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(AnswerSeal.Open(changed, Holder, "refresh", Context));
        }
    }

    [Fact]
    public void What_is_cut_or_prolonged_does_not_open()
    {
        var whole = Seal();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(AnswerSeal.Open(whole.AsSpan(0, length), Holder, "refresh", Context));
        }

        Assert.Null(AnswerSeal.Open([.. whole, 0], Holder, "refresh", Context));
    }

    [Fact]
    public void Anything_that_is_sealed_opens_again() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.String, Gen.String, Gen.Byte.Array[AnswerSeal.NonceBytes]).HoldsForAll(
            1000,
            drawn =>
            {
                var (plain, holder, purpose, nonce) = drawn;
                var whole = AnswerSeal.Seal(plain, new Secret(holder), purpose, Context, nonce);
                Assert.Equal(plain, AnswerSeal.Open(whole, new Secret(holder), purpose, Context));
            });

    [Fact]
    public void Another_nonce_makes_another_sealed_answer() => Assert.NotEqual(
        Seal(), AnswerSeal.Seal("answer"u8, Holder, "refresh", Context, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(13)]
    public void A_nonce_has_96_bits(int length) =>
        Assert.ThrowsAny<ArgumentException>(
            () => AnswerSeal.Seal("answer"u8, Holder, "refresh", Context, new byte[length]));

    /// <summary>
    /// Sealed by another program (OpenSSL's HKDF-SHA256 and AES-256-GCM). Rows hold such answers across an upgrade, so
    /// keys and layout do not change: nonce, tag, text.
    /// </summary>
    [Fact]
    public void What_an_earlier_release_sealed_still_opens()
    {
        var nonce = Enumerable.Range(0, AnswerSeal.NonceBytes).Select(i => (byte)i).ToArray();
        var whole = Convert.FromHexString(
            "000102030405060708090a0b3ef450b084ce6236c244f494b42d8467db15d9a5d083439ca194e53d741e");
        Assert.Equal("""{"secret":"x"}"""u8.ToArray(), AnswerSeal.Open(whole, Holder, "refresh", "id:7"));
        Assert.Equal(whole, AnswerSeal.Seal("""{"secret":"x"}"""u8, Holder, "refresh", "id:7", nonce));
    }

    [Fact]
    public void A_name_that_an_earlier_release_stored_is_found_again() => Assert.Equal(
        "e02fe888d742843d13d24cba46fd7824d81ee39ae967bde05aa2a697d28fe9ac",
        Convert.ToHexStringLower(AnswerSeal.NameFor(Holder, "refresh")));

    /// <summary>A name is stored in clear, so it must not be the key that opens the answer beside it.</summary>
    [Fact]
    public void Names_differ_by_purpose_and_holder_and_are_no_keys()
    {
        Assert.NotEqual(AnswerSeal.NameFor(Holder, "a"), AnswerSeal.NameFor(Holder, "b"));
        Assert.NotEqual(AnswerSeal.NameFor(Holder, "a"), AnswerSeal.NameFor(new Secret("other"), "a"));
        var whole = Seal();
        var opened = new byte[whole.Length - 28];
        using AesGcm aes = new(AnswerSeal.NameFor(Holder, "refresh"), 16);
        Assert.Throws<AuthenticationTagMismatchException>(() => aes.Decrypt(
            whole.AsSpan(0, 12), whole.AsSpan(28), whole.AsSpan(12, 16), opened, Encoding.UTF8.GetBytes(Context)));
    }
}
