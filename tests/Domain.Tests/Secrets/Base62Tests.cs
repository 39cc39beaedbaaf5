using System.Numerics;
using CsCheck;
using TokenActors.Domain.Secrets;

namespace TokenActors.Domain.Tests.Secrets;

public sealed class Base62Tests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(9UL, "09")]
    [InlineData(10UL, "0A")]
    [InlineData(35UL, "0Z")]
    [InlineData(36UL, "0a")]
    [InlineData(61UL, "0z")]
    [InlineData(62UL, "10")]
    [InlineData(3843UL, "zz")]
    [InlineData(3844UL, "100")]
    [InlineData(ulong.MaxValue, "LygHa16AHYF")]
    public void A_number_is_big_endian_and_fixed_width(ulong number, string text)
    {
        Span<char> written = stackalloc char[text.Length];
        Base62.Encode(number, written);
        Assert.Equal(text, new string(written));
        Assert.True(Base62.TryDecode(text, out var back));
        Assert.Equal(number, back);
    }

    [Fact]
    public void Every_number_reads_back() => Gen.Select(Gen.ULong, Gen.ULong).HoldsForAll(3000, drawn =>
    {
        UInt128 number = new(drawn.Item1, drawn.Item2);
        Span<char> written = stackalloc char[22];
        Base62.Encode(number, written);
        Assert.True(Base62.IsBase62(written));
        Assert.True(Base62.TryDecode(written, out var back));
        Assert.Equal(number, back);
    });

    /// <summary>Some of what is drawn is larger than 128 bits.</summary>
    [Fact]
    public void Text_is_what_multiplication_says() =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 61].Array[22]).HoldsForAll(3000, drawn =>
        {
            var digits = drawn.Item2.Select((digit, place) => place > 0 ? digit : (digit % 8) * drawn.Item1);
            var text = string.Concat(digits.Select(digit => Alphabet[digit]));
            var number = text.Aggregate(BigInteger.Zero, (sum, c) => (sum * 62) + Alphabet.IndexOf(c));
            Assert.Equal(number <= (BigInteger)UInt128.MaxValue, Base62.TryDecode(text, out var read));
            if (number <= (BigInteger)UInt128.MaxValue)
            {
                Assert.Equal(number, (BigInteger)read);
            }
        });

    /// <summary>Leading zeros are drawn too, since they decide whether a number fills the width.</summary>
    [Fact]
    public void Bytes_are_what_long_division_says() =>
        Gen.Select(Gen.Int[0, 32], Gen.Byte.Array[32]).HoldsForAll(3000, drawn =>
        {
            var (zeros, bytes) = drawn;
            bytes.AsSpan(0, zeros).Clear();
            var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            var text = Base62.Encode(bytes, 43);
            Assert.Equal(number, text.Aggregate(BigInteger.Zero, (sum, c) => (sum * 62) + Alphabet.IndexOf(c)));
        });

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 255 }, "4gfFC3")]
    [InlineData(new byte[] { 0, 0, 0, 61 }, "z")]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "0")]
    [InlineData(new byte[] { 0, 0, 0, 1, 0, 0, 0, 0 }, "4gfFC4")]
    [InlineData(new byte[0], "")]
    public void Bytes_fill_the_width(byte[] bytes, string text) =>
        Assert.Equal(text, Base62.Encode(bytes, text.Length));

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 255 }, 5)]
    [InlineData(new byte[] { 0, 0, 0, 62 }, 1)]
    [InlineData(new byte[] { 0, 0, 0, 1 }, 0)]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 }, 9)]
    public void Bytes_that_do_not_fit_the_width_are_refused(byte[] bytes, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Base62.Encode(bytes, width));

    [Fact]
    public void A_number_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Base62.Encode((UInt128)62, new char[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Base62.Encode(UInt128.MaxValue, new char[21]));
    }

    [Theory]
    [InlineData("7n42DGM5Tflk9n8mt7Fhc7", true)] // 2 to the 128th, less one
    [InlineData("7n42DGM5Tflk9n8mt7Fhc8", false)]
    [InlineData("7n42DGM5Tflk9n8mt7Fhd0", false)]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzz", false)]
    [InlineData("00000000000000000000000000000000z", true)]
    [InlineData("10000000000000000000000", false)]
    [InlineData("", true)]
    [InlineData("a-b", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a@b", false)]
    [InlineData("a[b", false)]
    [InlineData("a`b", false)]
    [InlineData("a{b", false)]
    [InlineData("aéb", false)]
    [InlineData("a٣b", false)]
    public void Text_is_read_where_every_character_is_a_digit_and_the_number_has_128_bits(string text, bool good) =>
        Assert.Equal(good, Base62.TryDecode(text, out _));
}
