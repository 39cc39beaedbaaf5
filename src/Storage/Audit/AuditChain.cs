using System.Buffers.Binary;
using System.Security.Cryptography;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Storage.Audit;

/// <summary>The result of a verification of the chain.</summary>
/// <param name="Rows">number of rows in the verified links</param>
/// <param name="Links">number of links that were read</param>
/// <param name="Broken">the first difference; null where there is none</param>
/// <param name="Unknown">ids of peppers that links were made under and that the ring lacks: these links were not
/// verified</param>
public sealed record AuditVerdict(long Rows, long Links, string? Broken, IReadOnlyCollection<string> Unknown);

/// <summary>
/// An HMAC chain over the audit trail. Rows are linked a minute after they are written, in ranges, so that no writer
/// waits for it. A row that is changed, deleted or inserted later breaks the chain. Several silos may link at the same
/// time: the first insert of a link's number wins.
/// </summary>
public sealed class AuditChain(RecordStore store, PepperRing ring)
{
    private const int RowsPerLink = 1000;
    private const int HalfCode = 16;
    private const int EntryBytes = sizeof(long) + HalfCode;

    /// <summary>Makes the next link of rows written before a time.</summary>
    /// <param name="before">old enough for every earlier row to be visible: a row gets its number before it is
    /// committed</param>
    /// <returns>how many rows the link holds; 0 where there was nothing to link</returns>
    public async Task<int> LinkNext(DateTimeOffset before)
    {
        var last = await store.LastAuditLink();
        var rows = await store.AuditRows((last?.Last ?? 0) + 1, long.MaxValue, RowsPerLink);

        // A link may not skip a row, so it ends before the first row that is too young.
        var old = rows.TakeWhile(row => row.Entry.At < before).ToList();
        if (old.Count == 0)
        {
            return 0;
        }

        var key = ring.CurrentChainKey();
        var codes = RowCodes(key, old);
        var number = (last?.Number ?? 0) + 1;
        var code = Code(key, last?.Code ?? [], number, codes);
        await store.AddAuditLink(
            new AuditLink(number, (last?.Last ?? 0) + 1, old[^1].Number, ring.Current.Id, codes, code));
        return old.Count;
    }

    /// <summary>Verifies the whole chain, and stops at the first difference.</summary>
    public async Task<AuditVerdict> Verify()
    {
        long rows = 0, links = 0;
        byte[] before = [];
        HashSet<string> unknown = [];
        while (await store.AuditLink(links + 1) is { } link)
        {
            links++;
            var stored = await store.AuditRows(link.First, link.Last, int.MaxValue);
            rows += stored.Count;
            if (ring.ChainKey(link.PepperId) is not { } key)
            {
                unknown.Add(link.PepperId);
            }
            else if (!CryptographicOperations.FixedTimeEquals(link.Code, Code(key, before, link.Number, link.RowCodes)))
            {
                var range = $"rows {link.First} to {link.Last}";
                var broken = $"link {link.Number} ({range}) does not follow from the one before";
                return new(rows, links, broken, unknown);
            }
            else if (Difference(link.RowCodes, RowCodes(key, stored)) is { } difference)
            {
                return new(rows, links, difference, unknown);
            }

            before = link.Code;
        }

        return new(rows, links, null, unknown);
    }

    private static string? Difference(ReadOnlySpan<byte> linked, ReadOnlySpan<byte> actual)
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

    private static byte[] RowCodes(byte[] key, IReadOnlyList<(long Number, AuditEntry Entry)> rows)
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
