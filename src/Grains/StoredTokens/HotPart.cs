using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>
/// What a refresh changes of a token, in bytes, so that the JSON of its row is written only where something else
/// changes. A form byte; five times in digits, which lists order by (<see cref="StoredRecord.HotTimeDigits"/>); then
/// numbers little-endian, times as ticks of 100 ns since 1970, texts and digests behind their length.
/// docs/decisions/0055 has the form.
/// </summary>
internal static class HotPart
{
    private const byte Form = 1;

    /// <summary>A spent secret stays at its place while later ones are spent.</summary>
    private const int SpentPlaces = TokenMachine.MostSpent;

    [Flags]
    private enum Has : byte
    {
        None = 0,
        Primary = 1,
        PrimaryByRefresh = 2,
        Secondary = 4,
        Deadline = 8,
        Notice = 16,
        ExpiryNoted = 32,
    }

    /// <summary>Whether two states differ in nothing but what is written here or in the columns of the row.</summary>
    public static bool IsAllThatDiffers(TokenState before, TokenState next) => next == before with
    {
        Version = next.Version,
        UpdatedAt = next.UpdatedAt,
        ExpiresAt = next.ExpiresAt,
        SecretVersion = next.SecretVersion,
        UsesLeft = next.UsesLeft,
        NoticedDays = next.NoticedDays,
        ExpiryNoted = next.ExpiryNoted,
        PrimaryByRefresh = next.PrimaryByRefresh,
        Primary = next.Primary,
        Secondary = next.Secondary,
        Spent = next.Spent,
        PrimaryPresentedAt = next.PrimaryPresentedAt,
        SealedPrimary = next.SealedPrimary,
    };

    public static byte[] Of(TokenState state)
    {
        using MemoryStream bytes = new(capacity: 1024);
        using BinaryWriter to = new(bytes, Encoding.UTF8);
        to.Write(Form);
        foreach (var time in (ReadOnlySpan<DateTimeOffset?>)
        [
            state.Primary?.Access.ExpiresAt, state.Primary?.Refresh?.ExpiresAt, state.Secondary?.Pair.Access.ExpiresAt,
            state.Secondary?.Pair.Refresh?.ExpiresAt, state.Secondary?.Deadline,
        ])
        {
            WriteDigits(to, time);
        }

        var peppers = PeppersOf(state);
        to.Write((byte)peppers.Count);
        peppers.ForEach(pepper => to.Write(StoredRecord.HotMarkOf(pepper)));
        to.Write(state.Version);
        to.Write(TicksOf(state.UpdatedAt));
        to.Write(TicksOf(state.ExpiresAt));
        to.Write(state.SecretVersion);
        to.Write(state.UsesLeft);
        to.Write((byte)PartsOf(state));
        to.Write((short)(state.NoticedDays ?? 0));
        if (state.Primary is { } primary)
        {
            WritePair(to, primary, peppers);
        }

        if (state.Secondary is { } secondary)
        {
            to.Write((byte)secondary.By);
            to.Write(TicksOf(secondary.SupersededAt));
            WritePair(to, secondary.Pair, peppers);
        }

        WriteSpent(to, state, peppers);
        to.Flush();
        return bytes.ToArray();
    }

    /// <summary>A state with what a row holds here.</summary>
    /// <param name="hot">the row's bytes</param>
    /// <param name="state">what the row's JSON holds</param>
    /// <param name="version">the row's version</param>
    /// <exception cref="InvalidDataException">the bytes are of a form or a version that they cannot be of</exception>
    public static TokenState Read(byte[] hot, TokenState state, long version)
    {
        try
        {
            using BinaryReader from = new(new MemoryStream(hot, writable: false), Encoding.UTF8);
            if (from.ReadByte() is var form && form != Form)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"token {state.Id} is stored in form {form}, which this program does not know"));
            }

            return Read(from, state, version);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"the hot part of token {state.Id} ends too early", e);
        }
    }

    private static TokenState Read(BinaryReader from, TokenState state, long version)
    {
        var (access, refresh) = (ReadDigits(from), ReadDigits(from));
        var (formerAccess, formerRefresh, deadline) = (ReadDigits(from), ReadDigits(from), ReadDigits(from));
        var peppers = ReadPeppers(from);
        if (from.ReadInt64() is var own && own != version)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"the hot part of token {state.Id} is of version {own}, its row of {version}"));
        }

        state = state with
        {
            UpdatedAt = TimeOf(from.ReadInt64()), ExpiresAt = TimeOf(from.ReadInt64()),
            SecretVersion = from.ReadInt64(), UsesLeft = from.ReadInt64(),
        };
        var has = (Has)from.ReadByte();
        var days = from.ReadInt16();
        var primary = has.HasFlag(Has.Primary) ? ReadPair(from, access, refresh, peppers) : null;
        return state with
        {
            NoticedDays = has.HasFlag(Has.Notice) ? days : null,
            ExpiryNoted = has.HasFlag(Has.ExpiryNoted),
            PrimaryByRefresh = has.HasFlag(Has.PrimaryByRefresh),
            Primary = primary,
            Secondary = has.HasFlag(Has.Secondary)
                ? ReadSecondary(from, formerAccess, formerRefresh, has.HasFlag(Has.Deadline) ? deadline : null, peppers)
                : null,
            Spent = ReadSpent(from, state.SecretVersion, peppers),
        };
    }

    private static Has PartsOf(TokenState state) =>
        (state.Primary is null ? Has.None : Has.Primary)
        | (state.PrimaryByRefresh ? Has.PrimaryByRefresh : Has.None)
        | (state.Secondary is null ? Has.None : Has.Secondary)
        | (state.Secondary?.Deadline is null ? Has.None : Has.Deadline)
        | (state.NoticedDays is null ? Has.None : Has.Notice)
        | (state.ExpiryNoted ? Has.ExpiryNoted : Has.None);

    private static List<string> PeppersOf(TokenState state) =>
    [
        .. ((ReadOnlySpan<Credential?>)
            [
                state.Primary?.Access, state.Primary?.Refresh, state.Secondary?.Pair.Access, state.Secondary?.Pair.Refresh,
            ]).ToArray()
            .OfType<Credential>().Select(credential => credential.Digest.PepperId)
            .Concat(state.Spent.Select(spent => spent.Digest.PepperId)).Distinct(),
    ];

    private static string[] ReadPeppers(BinaryReader from)
    {
        var peppers = new string[from.ReadByte()];
        for (var i = 0; i < peppers.Length; i++)
        {
            var mark = from.ReadString();
            peppers[i] = mark[StoredRecord.HotMarkOf("").IndexOf(';', StringComparison.Ordinal)..^1];
        }

        return peppers;
    }

    private static void WritePair(BinaryWriter to, CredentialPair pair, List<string> peppers)
    {
        to.Write(TicksOf(pair.MintedAt));
        WriteCredential(to, pair.Access, peppers);
        to.Write(pair.Refresh is not null);
        if (pair.Refresh is { } refresh)
        {
            WriteCredential(to, refresh, peppers);
        }
    }

    private static CredentialPair ReadPair(
        BinaryReader from, DateTimeOffset? access, DateTimeOffset? refresh, string[] peppers)
    {
        var mintedAt = TimeOf(from.ReadInt64());
        return new(
            ReadCredential(from, access, peppers),
            from.ReadBoolean() ? ReadCredential(from, refresh, peppers) : null,
            mintedAt);
    }

    private static SecondaryPair ReadSecondary(
        BinaryReader from, DateTimeOffset? access, DateTimeOffset? refresh, DateTimeOffset? deadline, string[] peppers)
    {
        var by = (Supersession)from.ReadByte();
        var supersededAt = TimeOf(from.ReadInt64());
        return new(ReadPair(from, access, refresh, peppers), by, supersededAt, deadline);
    }

    private static void WriteCredential(BinaryWriter to, Credential credential, List<string> peppers)
    {
        WriteDigest(to, credential.Digest, peppers);
        to.Write(credential.LastFour);
        to.Write(credential.Scheme ?? "");
    }

    private static Credential ReadCredential(BinaryReader from, DateTimeOffset? expiresAt, string[] peppers)
    {
        Credential credential = new(
            ReadDigest(from, peppers), from.ReadString(), expiresAt ?? throw new InvalidDataException("a credential without an end"));
        return from.ReadString() is { Length: > 0 } scheme ? credential with { Scheme = scheme } : credential;
    }

    private static void WriteSpent(BinaryWriter to, TokenState state, List<string> peppers)
    {
        var spent = state.Spent;
        to.Write((byte)spent.Length);
        for (var place = 0; place < spent.Length; place++)
        {
            var entry = spent[IndexAt(place, state.SecretVersion, spent.Length)];
            to.Write((byte)entry.By);
            to.Write(TicksOf(entry.At));
            WriteDigest(to, entry.Digest, peppers);
        }
    }

    private static ImmutableArray<SpentSecret> ReadSpent(BinaryReader from, long secretVersion, string[] peppers)
    {
        var spent = new SpentSecret[from.ReadByte()];
        for (var place = 0; place < spent.Length; place++)
        {
            var by = (Supersession)from.ReadByte();
            var at = TimeOf(from.ReadInt64());
            spent[IndexAt(place, secretVersion, spent.Length)] = new(ReadDigest(from, peppers), by, at);
        }

        return [.. spent];
    }

    /// <summary>
    /// Which of the spent secrets, newest first, stands at a place: each version of the secret spends one, which takes
    /// the place of the oldest.
    /// </summary>
    private static int IndexAt(int place, long secretVersion, int count)
    {
        if (count < SpentPlaces)
        {
            return place;
        }

        var index = (secretVersion - place) % count;
        return (int)(index < 0 ? index + count : index);
    }

    private static void WriteDigest(BinaryWriter to, SecretDigest digest, List<string> peppers)
    {
        to.Write((byte)peppers.IndexOf(digest.PepperId));
        to.Write((byte)digest.Mac.Length);
        to.Write(digest.Mac);
    }

    private static SecretDigest ReadDigest(BinaryReader from, string[] peppers)
    {
        var pepper = peppers[from.ReadByte()];
        return new(pepper, from.ReadBytes(from.ReadByte()));
    }

    private static void WriteDigits(BinaryWriter to, DateTimeOffset? time)
    {
        Span<byte> digits = stackalloc byte[StoredRecord.HotTimeDigits];
        (time is { } some ? TicksOf(some) : 0).TryFormat(digits, out _, "D19", CultureInfo.InvariantCulture);
        to.Write(digits);
    }

    private static DateTimeOffset? ReadDigits(BinaryReader from) =>
        long.Parse(from.ReadBytes(StoredRecord.HotTimeDigits), CultureInfo.InvariantCulture) is > 0 and var ticks
            ? TimeOf(ticks)
            : null;

    private static long TicksOf(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    private static DateTimeOffset TimeOf(long ticks) => DateTimeOffset.UnixEpoch.AddTicks(ticks);
}
