using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Audit;

/// <summary>
/// The forms of a link's code. The first release's code (32 bytes) covers number, previous code and row codes. A code
/// of form 2 names its form in a byte before the HMAC, and covers the range and the pepper's id too. Each form begins
/// its text with another word, so that a code of one form is never a code of another.
/// </summary>
internal static class LinkForms
{
    private const byte Ranged = 2;

    /// <summary>The code of a new link.</summary>
    public static byte[] Code(byte[] key, AuditLink link, byte[] before)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData("ranged link"u8);
        Append(mac, link.Number);
        Append(mac, link.First);
        Append(mac, link.Last);
        Append(mac, Encoding.UTF8.GetBytes(link.PepperId));
        Append(mac, before);
        Append(mac, link.RowCodes);
        return [Ranged, .. mac.GetHashAndReset()];
    }

    /// <summary>Whether a link's code is that of its content and the previous code, in the form that it names.</summary>
    public static bool Fits(byte[] key, AuditLink link, byte[] before) => CryptographicOperations.FixedTimeEquals(
        link.Code,
        link.Code is [Ranged, ..] and { Length: HMACSHA256.HashSizeInBytes + 1 }
            ? Code(key, link, before)
            : FirstForm(key, link, before));

    private static byte[] FirstForm(byte[] key, AuditLink link, byte[] before)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData("link"u8);
        Append(mac, link.Number);
        mac.AppendData(before);
        mac.AppendData(link.RowCodes);
        return mac.GetHashAndReset();
    }

    private static void Append(IncrementalHash mac, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        mac.AppendData(bytes);
    }

    private static void Append(IncrementalHash mac, byte[] bytes)
    {
        Append(mac, bytes.Length);
        mac.AppendData(bytes);
    }
}
