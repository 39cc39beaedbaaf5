using System.Text;
using System.Text.Json;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;

namespace TokenActors.Domain.Tests.Secrets;

public sealed class SecretTests
{
    private static readonly TokenId Id = TokenId.Parse("01900000-0000-7000-8000-0000000000ff");

    [Fact]
    public void A_secret_prints_masked_and_does_not_serialize()
    {
        var secret = SecretFormat.Compose("ta_org_", Id, new byte[32]);
        Assert.Equal($"ta_org_…{secret.Reveal()[^4..]}", secret.ToString());
        Assert.DoesNotContain(secret.Reveal()[10..40], JsonSerializer.Serialize(secret));
        Assert.DoesNotContain(secret.Reveal(), $"{secret}");
    }

    [Theory]
    [InlineData("a password of a stranger", "secret_…nger")]
    [InlineData("abcde", "secret_…bcde")]
    [InlineData("abcd", "secret_…abcd")]
    [InlineData("", "secret_…")]
    public void What_has_not_the_form_of_a_secret_prints_masked_too(string text, string shown) =>
        Assert.Equal(shown, new Secret(text).ToString());

    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Fingerprints_are_sha256(string text, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(new Secret(text).Fingerprint().Bytes));

    /// <summary>Short texts are hashed on the stack, which must not show.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(84)]
    [InlineData(85)]
    [InlineData(86)]
    [InlineData(5000)]
    public void A_fingerprint_is_of_the_utf8_text_whatever_its_length(int length)
    {
        var text = new string('é', length);
        Assert.Equal(SecretFingerprint.Of(Encoding.UTF8.GetBytes(text)), new Secret(text).Fingerprint());
    }

    [Fact]
    public void Fingerprints_compare_by_value_and_do_not_print()
    {
        var one = new Secret("abc").Fingerprint();
        var same = SecretFingerprint.FromBytes(one.Bytes);
        var other = new Secret("abd").Fingerprint();
        Assert.True(one == same && one.Equals((object)same) && one.GetHashCode() == same.GetHashCode());
        Assert.True(one != other && !one.Equals((object)other) && !one.Equals("abc"));
        Assert.Equal("fingerprint", one.ToString());
    }

    /// <summary>An absent fingerprint is none of any secret.</summary>
    [Fact]
    public void A_fingerprint_without_bytes_equals_only_itself()
    {
        Assert.NotEqual(default, new Secret("").Fingerprint());
        Assert.Equal(default(SecretFingerprint), default);
        Assert.Equal(0, default(SecretFingerprint).GetHashCode());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_fingerprint_has_32_bytes(int length) =>
        Assert.Throws<ArgumentException>(() => SecretFingerprint.FromBytes(new byte[length]));

    [Fact]
    public void Digests_compare_by_pepper_and_value_and_do_not_print()
    {
        SecretDigest digest = new("p1", [1, 2, 3, 4]);
        Assert.Equal(digest, new SecretDigest("p1", [1, 2, 3, 4]));
        Assert.NotEqual(digest, new SecretDigest("p2", [1, 2, 3, 4]));
        Assert.NotEqual(digest, new SecretDigest("p1", [1, 2, 3, 5]));
        Assert.NotEqual(digest, new SecretDigest("p1", [1, 2, 3]));
        Assert.False(digest.Equals(null));
        Assert.Equal("digest under pepper p1", digest.ToString());
    }

    [Fact]
    public void Protected_text_is_had_by_asking_for_it_and_not_by_printing()
    {
        ProtectedText text = new("a provider's password");
        Assert.Equal("a provider's password", text.Reveal());
        Assert.Equal("(protected)", $"{text}");
        Assert.Equal("{}", JsonSerializer.Serialize(text));
    }
}
