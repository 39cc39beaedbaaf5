using System.Globalization;
using System.Text;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Storage.Records;
using static TokenActors.Grains.StoredTokens.HotPart;

namespace TokenActors.Grains.StoredTokens;

/// <summary>Writes a <see cref="HotPart"/>.</summary>
/// <param name="to">the bytes</param>
/// <param name="peppers">those of the state's digests</param>
internal readonly struct HotPartWriter(BinaryWriter to, List<string> peppers)
{
    private const int UsualBytes = 1024;

    public static byte[] Write(TokenState state)
    {
        using MemoryStream bytes = new(UsualBytes);
        using BinaryWriter to = new(bytes, Encoding.UTF8);
        new HotPartWriter(to, PeppersOf(state)).WriteAll(state);
        to.Flush();
        return bytes.ToArray();
    }

    private void WriteAll(TokenState state)
    {
        to.Write(Form);
        WriteDigits(state.Primary?.Access.ExpiresAt);
        WriteDigits(state.Primary?.Refresh?.ExpiresAt);
        WriteDigits(state.Secondary?.Pair.Access.ExpiresAt);
        WriteDigits(state.Secondary?.Pair.Refresh?.ExpiresAt);
        WriteDigits(state.Secondary?.Deadline);
        to.Write((byte)peppers.Count);
        foreach (var pepper in peppers)
        {
            to.Write(StoredRecord.HotMarkOf(pepper));
        }

        to.Write(MarkOf(state.Version));
        to.Write((byte)PartsOf(state));
        WriteTime(state.ExpiresAt);
        to.Write7BitEncodedInt64(state.SecretVersion);
        to.Write7BitEncodedInt64(state.UsesLeft);
        to.Write7BitEncodedInt(state.NoticedDays ?? 0);
        if (state.Primary is { } primary)
        {
            WritePair(primary);
        }

        if (state.Secondary is { } secondary)
        {
            to.Write((byte)secondary.By);
            WriteTime(secondary.SupersededAt);
            WritePair(secondary.Pair);
        }

        WriteSpent(state);
    }

    private static Has PartsOf(TokenState state) =>
        (state.Primary is null ? Has.None : Has.Primary)
        | (state.PrimaryByRefresh ? Has.PrimaryByRefresh : Has.None)
        | (state.Secondary is null ? Has.None : Has.Secondary)
        | (state.Primary?.Access.Scheme is null ? Has.None : Has.PrimaryScheme)
        | (state.Secondary?.Pair.Access.Scheme is null ? Has.None : Has.SecondaryScheme)
        | (state.NoticedDays is null ? Has.None : Has.Notice)
        | (state.ExpiryNoted ? Has.ExpiryNoted : Has.None);

    private static List<string> PeppersOf(TokenState state)
    {
        List<string> peppers = [];
        Note(state.Primary?.Access.Digest);
        Note(state.Primary?.Refresh?.Digest);
        Note(state.Secondary?.Pair.Access.Digest);
        Note(state.Secondary?.Pair.Refresh?.Digest);
        foreach (var spent in state.Spent)
        {
            Note(spent.Digest);
        }

        return peppers;

        void Note(SecretDigest? digest)
        {
            if (digest is not null && !peppers.Contains(digest.PepperId))
            {
                peppers.Add(digest.PepperId);
            }
        }
    }

    private void WritePair(CredentialPair pair)
    {
        WriteTime(pair.MintedAt);
        WriteCredential(pair.Access);
        if (pair.Access.Scheme is { } scheme)
        {
            to.Write(scheme);
        }

        to.Write(pair.Refresh is not null);
        if (pair.Refresh is { } refresh)
        {
            WriteCredential(refresh);
        }
    }

    private void WriteCredential(Credential credential)
    {
        WriteDigest(credential.Digest);
        to.Write(credential.LastFour);
    }

    private void WriteSpent(TokenState state)
    {
        var spent = state.Spent;
        to.Write((byte)spent.Length);
        for (var place = 0; place < spent.Length; place++)
        {
            var entry = spent[SpentAt(place, state.SecretVersion, spent.Length)];
            to.Write((byte)entry.By);
            WriteTime(entry.At);
            WriteDigest(entry.Digest);
        }
    }

    private void WriteDigest(SecretDigest digest)
    {
        to.Write((byte)peppers.IndexOf(digest.PepperId));
        to.Write(digest.Mac);
    }

    /// <summary>An end at or before the beginning of 1970 is as good as one right after it, and 0 is none.</summary>
    private void WriteDigits(DateTimeOffset? time)
    {
        Span<byte> digits = stackalloc byte[StoredRecord.HotTimeDigits];
        var ticks = time is { } some ? Math.Max(1, TicksOf(some)) : 0;
        if (!ticks.TryFormat(digits, out var written, "D19", CultureInfo.InvariantCulture) || written != digits.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(time), time, "has more digits than there is room for");
        }

        to.Write(digits);
    }

    private void WriteTime(DateTimeOffset time) => to.Write(TicksOf(time));

    private static long TicksOf(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
}
