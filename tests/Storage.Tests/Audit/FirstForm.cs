using System.Buffers.Binary;
using System.Security.Cryptography;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>Makes links as the first release made them.</summary>
internal static class FirstForm
{
    public static async Task Link(RecordStore store, PepperRing ring, int links)
    {
        var key = ring.ChainKey("p1") ?? throw new InvalidOperationException("the ring lacks p1");
        var rows = await store.Links.Rows(1, long.MaxValue, int.MaxValue);
        byte[] before = [];
        var number = 0;
        foreach (var part in rows.Chunk(rows.Count / links))
        {
            var codes = RowCodes.Of(key, part);
            var first = number == 0 ? 1 : rows[number * part.Length].Number;
            before = Code(key, before, ++number, codes);
            await store.Links.Add(new AuditLink(number, first, part[^1].Number, "p1", codes, before));
        }
    }

    private static byte[] Code(byte[] key, byte[] before, long number, byte[] codes)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> position = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(position, number);
        mac.AppendData("link"u8);
        mac.AppendData(position);
        mac.AppendData(before);
        mac.AppendData(codes);
        return mac.GetHashAndReset();
    }
}
