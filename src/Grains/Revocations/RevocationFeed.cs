using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TokenActors.Grains.Abstractions.Revocations;

namespace TokenActors.Grains.Revocations;

/// <summary>
/// What was revoked of one organization since its feed began, by position. Read and written from any thread.
/// </summary>
internal sealed class RevocationFeed(string organizationId)
{
    private const int MostKept = 10_000;

    /// <summary>Where more tokens than this are named at once, 'all' is less to send and as true.</summary>
    private const int MostNamed = 200;

    /// <summary>
    /// A commit is read here when it is durable. Its grain may act on it a moment later, or, where the database's
    /// answer was lost, once the statement's time is over; what was verified in between is dropped by the repetition.
    /// </summary>
    private static readonly TimeSpan[] RepeatedAfter = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(35)];

    /// <summary>Tells a cursor of this feed from one of a feed before it, whose positions mean something
    /// else.</summary>
    private readonly string _epoch = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private readonly Lock _lock = new();
    private readonly Queue<(long Position, string? Token)> _kept = [];
    private readonly Queue<(DateTimeOffset Due, string? Token)>[] _repeated = [.. RepeatedAfter.Select(
        _ => new Queue<(DateTimeOffset, string?)>())];
    private long _last;
    private DateTimeOffset? _upTo;
    private TaskCompletionSource _changed = NewChange();

    public string OrganizationId => organizationId;

    /// <summary>Completes with the next revocation, and with the first time up to which everything is known.</summary>
    public Task Changed
    {
        get
        {
            using var scope = _lock.EnterScope();
            return _changed.Task;
        }
    }

    /// <param name="tokens">tokens that were revoked; null stands for all of the organization</param>
    /// <param name="upTo">nothing from before this time is left out</param>
    public void Add(IEnumerable<string?> tokens, DateTimeOffset upTo)
    {
        using var scope = _lock.EnterScope();
        var isFirst = _upTo is null;
        var before = _last;
        foreach (var queue in _repeated)
        {
            while (queue.TryPeek(out var next) && next.Due <= upTo)
            {
                Keep(queue.Dequeue().Token);
            }
        }

        // What became of commits of just before the feed opened is not known: nothing that is kept holds.
        foreach (var token in isFirst ? [null] : tokens)
        {
            Keep(token);
            foreach (var (queue, after) in _repeated.Zip(RepeatedAfter))
            {
                queue.Enqueue((upTo + after, token));
            }
        }

        _upTo = upTo;
        if (isFirst || _last > before)
        {
            _changed.SetResult();
            _changed = NewChange();
        }
    }

    /// <summary>What came after a cursor; null until the trail was read once.</summary>
    public RevocationPage? Read(string? cursor)
    {
        using var scope = _lock.EnterScope();
        if (_upTo is not { } upTo)
        {
            return null;
        }

        var page = new RevocationPage { Cursor = CursorOf(_last), UpTo = upTo };
        if (PositionIn(cursor) is not { } position || position > _last || position < FirstKept - 1)
        {
            return page with { All = true };
        }

        var later = _kept.Where(entry => entry.Position > position).Select(entry => entry.Token).Distinct().ToList();
        return later.Contains(null) || later.Count > MostNamed
            ? page with { All = true }
            : page with { Tokens = [.. later.OfType<string>()] };
    }

    private long FirstKept => _kept.TryPeek(out var first) ? first.Position : _last + 1;

    private void Keep(string? token)
    {
        _kept.Enqueue((++_last, token));
        if (_kept.Count > MostKept)
        {
            _kept.Dequeue();
        }
    }

    private string CursorOf(long position) => Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_epoch}.{position}")));

    /// <summary>Null where the cursor is none of this feed.</summary>
    private long? PositionIn(string? cursor)
    {
        Span<byte> bytes = stackalloc byte[64];
        return cursor is { Length: > 0 and <= 80 } && Base64Url.IsValid(cursor)
            && Base64Url.TryDecodeFromChars(cursor, bytes, out var length)
            && Encoding.ASCII.GetString(bytes[..length]).Split('.') is [var epoch, var text] && epoch == _epoch
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                ? position
                : null;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
