using System.Buffers;
using System.Buffers.Binary;

namespace TokenActors.Domain.Secrets;

/// <summary>Fixed-width, big-endian base62 (0-9, A-Z, a-z) of unsigned numbers.</summary>
public static class Base62
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private const int DigitsAtOnce = 10;

    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet);

    /// <summary>
    /// Writes <paramref name="bytes"/> (a multiple of four), read as one big-endian number, into exactly
    /// <paramref name="width"/> characters. Five digits are divided off at a time, since 62⁵ is the largest power
    /// that fits 32 bits.
    /// </summary>
    public static string Encode(ReadOnlySpan<byte> bytes, int width)
    {
        const uint fiveDigits = 62 * 62 * 62 * 62 * 62;
        Span<uint> limbs = stackalloc uint[bytes.Length / 4];
        for (var i = 0; i < limbs.Length; i++)
        {
            limbs[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * 4)..]);
        }

        Span<char> text = stackalloc char[width];
        for (var end = width; end > 0; end -= 5)
        {
            ulong rest = 0;
            foreach (ref var limb in limbs)
            {
                (var quotient, rest) = Math.DivRem((rest << 32) | limb, fiveDigits);
                limb = (uint)quotient;
            }

            for (var i = end - 1; i >= Math.Max(0, end - 5); i--)
            {
                (rest, var digit) = Math.DivRem(rest, 62);
                text[i] = Alphabet[(int)digit];
            }

            ArgumentOutOfRangeException.ThrowIfNotEqual(rest, 0ul, nameof(width));
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(limbs.ContainsAnyExcept(0u), false, nameof(width));
        return new string(text);
    }

    /// <summary>
    /// Writes a number into exactly <paramref name="text"/>'s length, or throws where it does not fit.
    /// </summary>
    public static void Encode(UInt128 number, Span<char> text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            (number, var digit) = UInt128.DivRem(number, 62);
            text[i] = Alphabet[(int)digit];
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(number, UInt128.Zero);
    }

    /// <summary>
    /// False where a character is not of the alphabet or the number is larger than 128 bits. Ten digits are taken at a
    /// time, which fit 64 bits.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out UInt128 number)
    {
        number = 0;
        while (text.Length > 0)
        {
            var (part, scale) = (0ul, 1ul);
            foreach (var c in text[..Math.Min(text.Length, DigitsAtOnce)])
            {
                var digit = DigitOf(c);
                if (digit < 0)
                {
                    return false;
                }

                (part, scale) = ((part * 62) + (uint)digit, scale * 62);
            }

            var upper = (UInt128)(ulong)(number >> 64) * scale;
            var lower = (UInt128)(ulong)number * scale;
            number = (upper << 64) + part + lower;
            if (upper >> 64 != 0 || number < lower)
            {
                return false;
            }

            text = text[Math.Min(text.Length, DigitsAtOnce)..];
        }

        return true;
    }

    /// <summary>True where every character belongs to the alphabet.</summary>
    public static bool IsBase62(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits);

    private static int DigitOf(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'Z' => c - 'A' + 10,
        >= 'a' and <= 'z' => c - 'a' + 36,
        _ => -1,
    };
}
