using System.Security.Cryptography;
using TokenActors.Domain.Secrets;
using TokenActors.Storage.Secrets;

namespace TokenActors.Storage.Tests.Secrets;

/// <summary>Texts in envelopes, and peppers that the database keeps: what opens them, and that nothing else does.</summary>
public sealed class SecretBoxTests
{
    private static readonly Pepper First = new("first", RandomNumberGenerator.GetBytes(Pepper.KeyBytes));
    private static readonly Pepper Second = new("second", RandomNumberGenerator.GetBytes(Pepper.KeyBytes));
    private static readonly Guid Owner = Guid.NewGuid();
    private static readonly SecretBox Box = new(new PepperRing([First]));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("Ünïcode 🙂 \0 \" \\ \r\n")]
    [InlineData("""{"password":"hunter2"}""")]
    public void A_text_is_opened_as_it_was_and_shows_nothing_while_it_is_sealed(string text)
    {
        var sealedText = Box.Seal(new ProtectedText(text), Owner);
        Assert.Equal(text, Box.Open(sealedText, Owner).Reveal());
        Assert.Equal(("first", 60), (sealedText.PepperId, sealedText.WrappedKey.Length));
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(text) + 28, sealedText.Data.Length);

        // The same text is never sealed alike.
        var again = Box.Seal(new ProtectedText(text), Owner);
        Assert.NotEqual(sealedText.Data, again.Data);
        Assert.NotEqual(sealedText.WrappedKey, again.WrappedKey);
    }

    [Fact]
    public void A_text_of_one_owner_is_opened_for_no_other()
    {
        var sealedText = Box.Seal(new ProtectedText("text"), Owner);
        Assert.ThrowsAny<CryptographicException>(() => Box.Open(sealedText, Guid.NewGuid()));
        Assert.ThrowsAny<CryptographicException>(() => Box.Rewrap(sealedText, Guid.NewGuid()));
    }

    [Fact]
    public void Every_changed_byte_and_every_lost_one_is_found()
    {
        var sealedText = Box.Seal(new ProtectedText("text"), Owner);
        for (var i = 0; i < sealedText.WrappedKey.Length; i++)
        {
            Refused(sealedText with { WrappedKey = Changed(sealedText.WrappedKey, i) });
            Refused(sealedText with { WrappedKey = sealedText.WrappedKey[..i] });
        }

        for (var i = 0; i < sealedText.Data.Length; i++)
        {
            Refused(sealedText with { Data = Changed(sealedText.Data, i) });
            Refused(sealedText with { Data = sealedText.Data[..i] });
        }

        Refused(sealedText with { Data = [.. sealedText.Data, 0] });
        Refused(sealedText with { WrappedKey = [.. sealedText.WrappedKey, 0] });
    }

    /// <summary>A part of one envelope is of no use in another.</summary>
    [Fact]
    public void Parts_of_two_texts_of_one_owner_are_not_mixed()
    {
        var (one, other) = (Box.Seal(new ProtectedText("one"), Owner), Box.Seal(new ProtectedText("other"), Owner));
        Refused(one with { Data = other.Data });
        Refused(one with { WrappedKey = other.WrappedKey });
        Refused(one with { Data = one.WrappedKey, WrappedKey = one.Data });
    }

    [Fact]
    public void A_text_moves_to_the_pepper_in_use_and_needs_the_old_one_no_more()
    {
        var sealedText = Box.Seal(new ProtectedText("text"), Owner);
        SecretBox both = new(new PepperRing([Second, First]));
        Assert.False(both.IsCurrent(sealedText));
        Assert.Equal("text", both.Open(sealedText, Owner).Reveal());
        var moved = both.Rewrap(sealedText, Owner);
        Assert.True(both.IsCurrent(moved));
        Assert.Equal(sealedText.Data, moved.Data);
        Assert.Equal("text", new SecretBox(new PepperRing([Second])).Open(moved, Owner).Reveal());
        Assert.Contains(
            "lacks 'second'", Assert.Throws<InvalidOperationException>(() => Box.Open(moved, Owner)).Message);

        // Another key under the same id is not the key.
        SecretBox wrong = new(new PepperRing([new Pepper("second", First.Key)]));
        Assert.ThrowsAny<CryptographicException>(() => wrong.Open(moved, Owner));
    }

    [Fact]
    public void A_digest_is_matched_under_its_own_pepper_only()
    {
        PepperRing ring = new([First, Second]);
        var (right, wrong) = (new Secret("right").Fingerprint(), new Secret("wrong").Fingerprint());
        var digest = ring.Digest(right);
        Assert.Equal("first", digest.PepperId);
        Assert.True(ring.Matches(right, digest));
        Assert.False(ring.Matches(wrong, digest));
        Assert.False(ring.Matches(right, digest with { PepperId = "second" }));
        Assert.False(ring.Matches(right, digest with { PepperId = "unknown" }));
        Assert.False(ring.Matches(right, digest with { Mac = digest.Mac[..31] }));
        Assert.False(ring.Matches(right, digest with { Mac = [] }));
        Assert.False(new PepperRing([Second]).Matches(right, digest));

        // One comparison serves digests under several peppers in any order.
        var comparison = ring.Compare(right);
        var other = new PepperRing([Second]).Digest(right);
        Assert.True(comparison.Matches(digest) && comparison.Matches(other) && comparison.Matches(digest));
        Assert.Equal(["first", "second"], ring.EveryDigest(right).Select(one => one.PepperId));
    }

    [Theory]
    [InlineData("second")]
    [InlineData("with:colons:in:it")]
    [InlineData("kept")]
    [InlineData("")]
    public void A_pepper_that_the_database_keeps_is_opened_with_the_one_it_was_sealed_under(string under)
    {
        Pepper by = new(under, Second.Key);
        var stored = KeptPepper.Seal(First, by).ToStored();
        var kept = KeptPepper.Parse("first", stored);
        Assert.NotNull(kept);
        Assert.Equal(under, kept.By);
        Assert.Equal(First.Key, kept.Open(by).Key);
        Assert.Throws<InvalidOperationException>(() => kept.Open(new Pepper(under, First.Key)));

        // It is bound to its id: the row of one pepper does not pass for another.
        Assert.Throws<InvalidOperationException>(() => KeptPepper.Parse("other", stored)?.Open(by));
    }

    [Theory]
    [InlineData("kept:second:")]
    [InlineData("kept:second:AAAA")]
    [InlineData("kept:second:no base64!")]
    [InlineData("kept:second:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_kept_pepper_that_another_hand_has_written_is_named(string stored) => Assert.Contains(
        "The pepper 'first' that the database keeps cannot be opened with 'second'",
        Assert.Throws<InvalidOperationException>(() => KeptPepper.Parse("first", stored)?.Open(Second)).Message);

    [Fact]
    public void A_check_value_is_no_kept_pepper_and_differs_by_key_and_id()
    {
        Assert.Null(KeptPepper.Parse("first", First.CheckValue));
        Assert.Equal(First.CheckValue, new Pepper("first", First.Key).CheckValue);
        Assert.NotEqual(First.CheckValue, new Pepper("other", First.Key).CheckValue);
        Assert.NotEqual(First.CheckValue, new Pepper("first", Second.Key).CheckValue);
        Assert.DoesNotContain(Convert.ToBase64String(First.Key), First.CheckValue, StringComparison.Ordinal);
        Assert.Equal("pepper first", First.ToString());
    }

    private static void Refused(SealedText sealedText) =>
        Assert.ThrowsAny<CryptographicException>(() => Box.Open(sealedText, Owner));

    private static byte[] Changed(byte[] bytes, int at) => [.. bytes.Select((value, i) => i == at ? (byte)(value ^ 1) : value)];
}
