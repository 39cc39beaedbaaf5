using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Audit;

/// <summary>
/// The forms of a link's code. The first release's code (32 bytes) covers number, previous code and row codes. A code
/// of form 2 names its form in a byte before the HMAC, and covers the range and the pepper's id too. Form 3 also names
/// the form of its rows, and covers that: links whose rows have the first form are made in form 2, which programs
/// before 0.3 know. Each form begins its text with another word, so that a code of one form is never a code of another.
/// </summary>
internal static class LinkForms
{
    private const byte Ranged = 2;
    private const byte Named = 3;

    /// <summary>The code of a new link.</summary>
    public static byte[] Code(byte[] key, AuditLink link, byte[] before, byte rowForm = RowCodes.FirstForm)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        if (rowForm == RowCodes.FirstForm)
        {
            mac.AppendData("ranged link"u8);
            return [Ranged, .. Ending(mac, link, before)];
        }

        mac.AppendData("named link"u8);
        mac.AppendData([rowForm]);
        return [Named, rowForm, .. Ending(mac, link, before)];
    }

    /// <summary>The form that the codes of a link's rows are made in.</summary>
    public static byte RowFormOf(AuditLink link) =>
        link.Code is [Named, var form, ..] and { Length: HMACSHA256.HashSizeInBytes + 2 } ? form : RowCodes.FirstForm;

    private static byte[] Ending(IncrementalHash mac, AuditLink link, byte[] before)
    {
        Append(mac, link.Number);
        Append(mac, link.First);
        Append(mac, link.Last);
        Append(mac, Encoding.UTF8.GetBytes(link.PepperId));
        Append(mac, before);
        Append(mac, link.RowCodes);
        return mac.GetHashAndReset();
    }

    /// <summary>Whether a link's code is that of its content and the previous code, in the form that it
    /// names.</summary>
    public static bool Fits(byte[] key, AuditLink link, byte[] before) => CryptographicOperations.FixedTimeEquals(
        link.Code,
        link.Code is [Ranged, ..] and { Length: HMACSHA256.HashSizeInBytes + 1 }
            || RowFormOf(link) != RowCodes.FirstForm
            ? Code(key, link, before, RowFormOf(link))
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
