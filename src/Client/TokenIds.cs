using System.Buffers.Binary;

namespace TokenActors.Client;

/// <summary>Reads the id of a token from one of its secrets, without asking the service.</summary>
public static class TokenIds
{
    private const int BodyWidth = IdWidth + 43 + 6;
    private const int IdWidth = 22;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The id of the token that a secret belongs to; null for what has not the form of a secret.</summary>
    /// <param name="secret">an access or a refresh secret</param>
    public static string? Of(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length <= BodyWidth || secret.Any(letter => letter is <= ' ' or > '~'))
        {
            return null;
        }

        UInt128 number = 0;
        foreach (var c in secret.AsSpan(secret.Length - BodyWidth, IdWidth))
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            number = unchecked((number * 62) + (uint)digit);
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
