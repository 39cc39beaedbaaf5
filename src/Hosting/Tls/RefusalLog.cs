using System.Net;
using Microsoft.Extensions.Logging;

namespace TokenActors.Hosting.Tls;

/// <summary>Who opened a connection.</summary>
internal enum Direction
{
    /// <summary>The peer connected to this process.</summary>
    From,

    /// <summary>This process connected to the peer.</summary>
    To,
}

/// <summary>
/// Logs why connections failed, each reason once a minute, since a refused peer tries again every second.
/// </summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Direction Direction, string Reason), (long SaidAt, int Unsaid)> _said = [];

    /// <param name="direction">who called</param>
    /// <param name="peer">where the other end is</param>
    /// <param name="reason">one of a few, put so that it continues "the peer ..."</param>
    /// <param name="detail">what was seen of this peer</param>
    public void Say(Direction direction, EndPoint? peer, string reason, string detail)
    {
        int unsaid;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_said.TryGetValue((direction, reason), out var last) && time.GetElapsedTime(last.SaidAt, now) < Pause)
            {
                _said[(direction, reason)] = last with { Unsaid = last.Unsaid + 1 };
                return;
            }

            unsaid = last.Unsaid;
            _said[(direction, reason)] = (now, 0);
        }

        var more = unsaid > 0 ? $" ({unsaid} more since this was last said)" : "";
        if (direction == Direction.From)
        {
            LogFrom(peer, reason, detail, more);
        }
        else
        {
            LogTo(peer, reason, detail, more);
        }
    }

    [LoggerMessage(3403, LogLevel.Warning,
        "A connection from {Peer} was not accepted: the peer {Reason}: {Detail}{More}")]
    private partial void LogFrom(EndPoint? peer, string reason, string detail, string more);

    [LoggerMessage(3404, LogLevel.Warning,
        "A connection to {Peer} could not be made: the peer {Reason}: {Detail}{More}")]
    private partial void LogTo(EndPoint? peer, string reason, string detail, string more);
}
