using System.Buffers.Binary;

namespace TokenActors.Domain.Secrets;

/// <summary>Fixed-width, big-endian base62 (0-9, A-Z, a-z) of unsigned numbers.</summary>
public static class Base62
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>What may still be followed by a digit, up to <see cref="LargestDigit"/>.</summary>
    private static readonly UInt128 Largest = UInt128.MaxValue / 62;

    private static readonly int LargestDigit = (int)(UInt128.MaxValue % 62);

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

    /// <summary>False where a character is not of the alphabet or the number is larger than 128 bits.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out UInt128 number)
    {
        number = 0;
        foreach (var c in text)
        {
            var digit = DigitOf(c);
            if (digit < 0 || number > Largest || (number == Largest && digit > LargestDigit))
            {
                return false;
            }

            number = (number * 62) + (uint)digit;
        }

        return true;
    }

    /// <summary>True where every character belongs to the alphabet.</summary>
    public static bool IsBase62(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (DigitOf(c) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int DigitOf(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'Z' => c - 'A' + 10,
        >= 'a' and <= 'z' => c - 'a' + 36,
        _ => -1,
    };
}
