using System.Buffers.Binary;
using TokenActors.Domain.Identity;

namespace TokenActors.Gateway.Http;

/// <summary>
/// Which tokens were verified here lately: within five to ten minutes. Two filters of bits take turns, each of
/// <see cref="Bits"/>, so that it takes 4 MiB however many tokens there are. Where a million are asked in five minutes,
/// one in a hundred that was not seen is taken for one that was. Any thread asks.
/// </summary>
internal sealed class RecentTokens(TimeProvider time)
{
    private const int Bits = 1 << 24;
    private const int BitsOfWord = 32;

    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(5);

    private readonly int[][] _filters = [new int[Bits / BitsOfWord], new int[Bits / BitsOfWord]];
    private readonly Lock _turning = new();
    private long _turn = time.GetTimestamp();
    private volatile int _current;

    /// <summary>Notes that a token is verified; whether it was lately.</summary>
    public bool Note(TokenId id)
    {
        var wasSeen = WasSeen(id, out var first, out var second);
        var filter = _filters[_current];
        Set(filter, first);
        Set(filter, second);
        return wasSeen;
    }

    /// <summary>Whether a token was verified lately.</summary>
    public bool WasSeen(TokenId id) => WasSeen(id, out _, out _);

    private bool WasSeen(TokenId id, out uint first, out uint second)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _turn)) >= Turn)
        {
            TakeTurns();
        }

        // Random in a token's id are its last seven bytes, after its time and what marks it as an id.
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes);
        first = BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]) % Bits;
        second = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) % Bits;
        var current = _current;
        return Holds(_filters[current], first, second) || Holds(_filters[1 - current], first, second);
    }

    private void TakeTurns()
    {
        using var scope = _turning.EnterScope();
        var passed = time.GetElapsedTime(_turn).Ticks / Turn.Ticks;
        if (passed == 0)
        {
            return;
        }

        // What was set before two turns is as old as what is cleared.
        if (passed > 1)
        {
            Array.Clear(_filters[_current]);
        }

        Array.Clear(_filters[1 - _current]);
        _current = 1 - _current;
        Volatile.Write(ref _turn, _turn + (passed * (long)(Turn.TotalSeconds * time.TimestampFrequency)));
    }

    private static bool Holds(int[] filter, uint first, uint second) => Holds(filter, first) && Holds(filter, second);

    private static bool Holds(int[] filter, uint bit) =>
        (Volatile.Read(ref filter[bit / BitsOfWord]) & (1 << (int)(bit % BitsOfWord))) != 0;

    private static void Set(int[] filter, uint bit)
    {
        if (!Holds(filter, bit))
        {
            Interlocked.Or(ref filter[bit / BitsOfWord], 1 << (int)(bit % BitsOfWord));
        }
    }
}
