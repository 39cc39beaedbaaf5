using System.Buffers.Binary;
using System.Security.Cryptography;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Audit;

/// <summary>The codes of a link's rows: for each its number, and the first half of its HMAC.</summary>
internal static class RowCodes
{
    /// <summary>The form that the bytes of a row have had since the first release.</summary>
    public const byte FirstForm = 1;

    private const int HalfCode = 16;
    private const int EntryBytes = sizeof(long) + HalfCode;

    public static byte[] Of(byte[] key, IReadOnlyList<(long Number, AuditEntry Entry)> rows)
    {
        var codes = new byte[rows.Count * EntryBytes];
        for (var i = 0; i < rows.Count; i++)
        {
            var entry = codes.AsSpan(i * EntryBytes, EntryBytes);
            BinaryPrimitives.WriteInt64BigEndian(entry, rows[i].Number);
            var code = HMACSHA256.HashData(key, Canonical(rows[i].Number, rows[i].Entry));
            code.AsSpan(0, HalfCode).CopyTo(entry[sizeof(long)..]);
        }

        return codes;
    }

    /// <summary>The code of one row, in hexadecimal.</summary>
    public static string Of(byte[] key, long number, AuditEntry entry) =>
        Convert.ToHexStringLower(Of(key, [(number, entry)]).AsSpan(sizeof(long)));

    /// <summary>Of some codes those of given rows.</summary>
    /// <param name="codes">of a link</param>
    /// <param name="numbers">of rows, in order</param>
    public static IReadOnlyList<(long Number, string Code)> Found(byte[] codes, long[] numbers)
    {
        List<(long, string)> found = [];
        for (var rest = codes.AsSpan(); rest.Length >= EntryBytes; rest = rest[EntryBytes..])
        {
            var number = BinaryPrimitives.ReadInt64BigEndian(rest);
            if (Array.BinarySearch(numbers, number) >= 0)
            {
                found.Add((number, Convert.ToHexStringLower(rest[sizeof(long)..EntryBytes])));
            }
        }

        return found;
    }

    /// <summary>The number of the last row of some codes; null where they are not codes of rows.</summary>
    public static long? LastNumber(byte[] codes) => codes.Length > 0 && codes.Length % EntryBytes == 0
        ? BinaryPrimitives.ReadInt64BigEndian(codes.AsSpan(codes.Length - EntryBytes))
        : null;

    /// <summary>The first difference between the codes of a link and those of the stored rows, in words.</summary>
    public static string? Difference(ReadOnlySpan<byte> linked, ReadOnlySpan<byte> actual)
    {
        while (!linked.IsEmpty || !actual.IsEmpty)
        {
            var expected = linked.IsEmpty ? long.MaxValue : BinaryPrimitives.ReadInt64BigEndian(linked);
            var found = actual.IsEmpty ? long.MaxValue : BinaryPrimitives.ReadInt64BigEndian(actual);
            if (expected != found)
            {
                return expected < found ? $"row {expected} is missing" : $"row {found} was put in later";
            }

            if (!linked[..EntryBytes].SequenceEqual(actual[..EntryBytes]))
            {
                return $"row {expected} was changed";
            }

            linked = linked[EntryBytes..];
            actual = actual[EntryBytes..];
        }

        return null;
    }

    /// <summary>
    /// The bytes of a row that are hashed. Each field is written with its length, so that two different rows have
    /// different bytes.
    /// </summary>
    private static byte[] Canonical(long number, AuditEntry a)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("row");
        writer.Write(number);
        writer.Write(a.At.UtcTicks);
        writer.Write(a.SubjectVersion);
        foreach (var field in new[]
        {
            a.OrganizationId, a.Event, a.Subject.Kind, a.Subject.Id, a.CommandId, a.ActorTokenId, a.ActorMemberId,
            a.RemoteAddress, a.UserAgent, a.Method, a.Path, a.Outcome, a.Code, a.AccountId, a.IntegrationId,
        })
        {
            writer.Write(field is not null);
            writer.Write(field ?? "");
        }

        writer.Flush();
        return bytes.ToArray();
    }
}
