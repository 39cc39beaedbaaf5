using System.Text.RegularExpressions;
using CsCheck;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Secrets;

public sealed partial class SecretFormatTests
{
    private const int CheckWidth = 6;

    private static readonly Gen<TokenProfile> AnyProfile = Gen.OneOf(
        [.. TokenProfile.All.Where(profile => profile.IsMinted)]);
    private static readonly Gen<byte[]> AnyRandom = Gen.Byte.Array[SecretFormat.RandomBytes];

    private static readonly Gen<Secret> Any = Gen.Select(
        AnyProfile, Gen.Guid, AnyRandom,
        (profile, id, random) => SecretFormat.Compose(profile.Prefix, new TokenId(id), random));

    [Fact]
    public void Composed_secrets_parse_back_to_their_id_for_every_profile() =>
        Gen.Select(AnyProfile, Gen.Guid, AnyRandom).HoldsForAll(3000, drawn =>
        {
            var (profile, guid, random) = drawn;
            var secret = SecretFormat.Compose(profile.Prefix, new TokenId(guid), random);
            Assert.Equal(profile.Prefix.Length + 71, secret.Reveal().Length);
            Assert.Same(profile, TokenProfile.OfSecret(secret));
            Assert.Matches(Scanner(), secret.Reveal());
            Assert.True(SecretFormat.TryParse(secret.Reveal(), out var parsed));
            Assert.Equal(new TokenId(guid), parsed);
        });

    /// <summary>
    /// Composed by another program from the description, with the CRC-32 of zlib. Clients hold such secrets and
    /// scanners look for them, so the format does not change.
    /// </summary>
    [Theory]
    [InlineData(
        "ta_org_02wndAAHBC95f4Al8rNFpH003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf4KUPXI",
        "ta_org_", "01900000-0000-7000-8000-0000000000ff",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    [InlineData(
        "api-000000000000000000000000000000000000000000000000000000000000000000LjZ9X",
        "api-", "00000000-0000-0000-0000-000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(
        "cfast_7n42DGM5Tflk9n8mt7Fhc7yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp14NSra1",
        "cfast_", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void The_text_of_a_secret_never_changes(string text, string prefix, string id, string random)
    {
        Assert.Equal(text, SecretFormat.Compose(prefix, TokenId.Parse(id), Convert.FromHexString(random)).Reveal());
        Assert.True(SecretFormat.TryParse(text, out var parsed));
        Assert.Equal(id, parsed.ToString());
    }

    [Fact]
    public void A_character_typed_wrong_is_caught() =>
        Gen.Select(Any, Gen.Int[0, 76], Gen.Char["0Az_-é \0"]).HoldsForAll(5000, drawn =>
        {
            var (secret, position, typed) = drawn;
            var text = secret.Reveal().ToCharArray();
            position = Math.Min(position, text.Length - 1);
            if (text[position] != typed)
            {
                text[position] = typed;
                Assert.False(SecretFormat.TryParse(text, out _));
            }
        });

    [Fact]
    public void Two_neighbours_typed_in_the_wrong_order_are_caught() =>
        Gen.Select(Any, Gen.Int[1, 76]).HoldsForAll(5000, drawn =>
        {
            var (secret, position) = drawn;
            var text = secret.Reveal().ToCharArray();
            position = Math.Min(position, text.Length - 1);

            // Across the seam of text and check a CRC promises nothing.
            if (text[position] != text[position - 1] && position != text.Length - CheckWidth)
            {
                (text[position], text[position - 1]) = (text[position - 1], text[position]);
                Assert.False(SecretFormat.TryParse(text, out _));
            }
        });

    [Fact]
    public void A_character_lost_or_added_is_caught() => Any.HoldsForAll(500, secret =>
    {
        var text = secret.Reveal();
        Assert.False(SecretFormat.TryParse(text.AsSpan(1), out _));
        Assert.False(SecretFormat.TryParse(text.AsSpan(0, text.Length - 1), out _));
        Assert.False(SecretFormat.TryParse(text + "0", out _));
        Assert.False(SecretFormat.TryParse(" " + text, out _));
        Assert.False(SecretFormat.TryParse(text + "\n", out _));
    });

    [Theory]
    [InlineData("")]
    [InlineData("ta_org_")]
    [InlineData("Bearer something")]
    [InlineData("_00000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ABC_00000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("xx_org_0000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ta_org_00000000000000000000000000000000000000000000000000000000000000000000é0")]
    [InlineData("api-zzzzzzzzzzzzzzzzzzzzzz00000000000000000000000000000000000000000003pqoHn")] // too large an id
    public void Strangers_do_not_parse(string text) => Assert.False(SecretFormat.TryParse(text, out _));

    [Theory]
    [InlineData("a_", true)]
    [InlineData("a-", true)]
    [InlineData("__", true)]
    [InlineData("ta_org_", true)]
    [InlineData("abcdef-", true)]
    [InlineData("abcdefg_", false)]
    [InlineData("_", false)]
    [InlineData("-", false)]
    [InlineData("", false)]
    [InlineData("ab", false)]
    [InlineData("ta.", false)]
    [InlineData("Ta_", false)]
    [InlineData("t1_", false)]
    [InlineData("t-a_", false)]
    [InlineData("tä_", false)]
    public void A_prefix_is_letters_and_a_separator(string prefix, bool good)
    {
        var text = prefix + new string('0', 71);
        Assert.Equal(good ? prefix : "", SecretFormat.PrefixOf(text).ToString());
        var compose = Record.Exception(() => SecretFormat.Compose(prefix, default, new byte[SecretFormat.RandomBytes]));
        Assert.Equal(good ? null : typeof(ArgumentOutOfRangeException), compose?.GetType());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_secret_has_32_random_bytes(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretFormat.Compose("ta_org_", default, new byte[length]));

    [GeneratedRegex("^(ta_[a-z]{3}_|cfast_|api-|bf[gtwu]_)[0-9A-Za-z]{71}$")]
    private static partial Regex Scanner();
}
