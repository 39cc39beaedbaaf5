using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Storage.Records;
using static TokenActors.Grains.StoredTokens.HotPart;

namespace TokenActors.Grains.StoredTokens;

/// <summary>Reads a <see cref="HotPart"/>.</summary>
/// <param name="from">the bytes behind the times</param>
/// <param name="peppers">those of the digests, by their places</param>
internal readonly struct HotPartReader(BinaryReader from, string[] peppers)
{
    public static TokenState Read(byte[] hot, TokenState state, long version)
    {
        using BinaryReader from = new(new MemoryStream(hot, writable: false), Encoding.UTF8);
        if (from.ReadByte() is var form && form != Form)
        {
            throw Misfit(state, $"form {form}, which this program does not know");
        }

        var primaryEnds = (ReadDigits(from), ReadDigits(from));
        var secondaryEnds = (ReadDigits(from), ReadDigits(from));
        var deadline = ReadDigits(from);
        HotPartReader reader = new(from, ReadPeppers(from));
        return from.ReadUInt16() == MarkOf(version)
            ? reader.ReadAll(state, primaryEnds, secondaryEnds, deadline)
            : throw Misfit(state, $"another version than {version}, which its row has");
    }

    private TokenState ReadAll(
        TokenState state, (DateTimeOffset?, DateTimeOffset?) primaryEnds,
        (DateTimeOffset?, DateTimeOffset?) secondaryEnds,
        DateTimeOffset? deadline)
    {
        var has = (Has)from.ReadByte();
        var expiresAt = ReadTime();
        var (secretVersion, usesLeft) = (from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64());
        var days = from.Read7BitEncodedInt();
        var primary = has.HasFlag(Has.Primary) ? ReadPair(primaryEnds, has.HasFlag(Has.PrimaryScheme)) : null;
        SecondaryPair? secondary = null;
        if (has.HasFlag(Has.Secondary))
        {
            var (by, since) = ((Supersession)from.ReadByte(), ReadTime());
            secondary = new(ReadPair(secondaryEnds, has.HasFlag(Has.SecondaryScheme)), by, since, deadline);
        }

        return state with
        {
            ExpiresAt = expiresAt,
            SecretVersion = secretVersion,
            UsesLeft = usesLeft,
            NoticedDays = has.HasFlag(Has.Notice) ? days : null,
            ExpiryNoted = has.HasFlag(Has.ExpiryNoted),
            PrimaryByRefresh = has.HasFlag(Has.PrimaryByRefresh),
            Primary = primary,
            Secondary = secondary,
            Spent = ReadSpent(secretVersion),
        };
    }

    private static string[] ReadPeppers(BinaryReader from)
    {
        var peppers = new string[from.ReadByte()];
        for (var i = 0; i < peppers.Length; i++)
        {
            peppers[i] = StoredRecord.PepperOfHotMark(from.ReadString());
        }

        return peppers;
    }

    private CredentialPair ReadPair((DateTimeOffset? Access, DateTimeOffset? Refresh) ends, bool hasScheme)
    {
        var mintedAt = ReadTime();
        var access = ReadCredential(ends.Access);
        return new(
            hasScheme ? access with { Scheme = from.ReadString() } : access,
            from.ReadBoolean() ? ReadCredential(ends.Refresh) : null,
            mintedAt);
    }

    private Credential ReadCredential(DateTimeOffset? end) =>
        new(ReadDigest(), from.ReadString(), end ?? throw new FormatException("a credential has no end"));

    private ImmutableArray<SpentSecret> ReadSpent(long secretVersion)
    {
        var spent = new SpentSecret[from.ReadByte()];
        for (var place = 0; place < spent.Length; place++)
        {
            var (by, at) = ((Supersession)from.ReadByte(), ReadTime());
            spent[SpentAt(place, secretVersion, spent.Length)] = new(ReadDigest(), by, at);
        }

        return [.. spent];
    }

    private SecretDigest ReadDigest()
    {
        var pepper = peppers[from.ReadByte()];
        var mac = new byte[SHA256.HashSizeInBytes];
        from.ReadExactly(mac);
        return new(pepper, mac);
    }

    private static DateTimeOffset? ReadDigits(BinaryReader from)
    {
        Span<byte> digits = stackalloc byte[StoredRecord.HotTimeDigits];
        from.ReadExactly(digits);
        return long.Parse(digits, CultureInfo.InvariantCulture) is > 0 and var ticks ? TimeOf(ticks) : null;
    }

    private DateTimeOffset ReadTime() => TimeOf(from.ReadInt64());

    private static DateTimeOffset TimeOf(long ticks) => DateTimeOffset.UnixEpoch.AddTicks(ticks);
}
