using System.Security.Cryptography;
using System.Text;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Storage.Audit;

/// <summary>Whether rows that left the database are as the chain holds them.</summary>
/// <param name="ring">the keys</param>
public sealed class AuditProof(PepperRing ring)
{
    private readonly IReadOnlyList<byte[]> _keys = ring.ChainKeys();

    /// <param name="number">of the row</param>
    /// <param name="entry">what the row says</param>
    /// <param name="code">the row's code in its link, in hexadecimal</param>
    public bool Fits(long number, AuditEntry entry, string code)
    {
        var given = Encoding.ASCII.GetBytes(code);
        return _keys.Any(key => CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(RowCodes.Of(key, number, entry)), given));
    }
}
