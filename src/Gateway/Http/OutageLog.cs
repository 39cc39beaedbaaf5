namespace TokenActors.Gateway.Http;

/// <summary>
/// Says of calls that nothing below answered one in a minute, with the reason and how many others there were: while the
/// cluster is away every request is one of them, and clients need no secret to make them.
/// </summary>
/// <param name="time">the clock</param>
/// <param name="logger">is told</param>
internal sealed partial class OutageLog(TimeProvider time, ILogger<OutageLog> logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Quieted _unanswered = new(time);
    private readonly Quieted _retried = new(time);

    /// <summary>A call could not be answered.</summary>
    /// <param name="path">of the request, without secrets</param>
    /// <param name="exception">why</param>
    public void Unanswered(string path, Exception exception)
    {
        if (_unanswered.Next() is { } others)
        {
            LogUnavailable(path, others, exception);
        }
    }

    /// <summary>A command was not answered and is asked for again.</summary>
    /// <param name="path">of the request, without secrets</param>
    /// <param name="exception">why</param>
    public void Retried(string path, Exception exception)
    {
        if (_retried.Next() is { } others)
        {
            LogRetried(path, others, exception);
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "{Path} could not be answered: storage or silo did not answer. Since the last such line {Others} others were not")]
    private partial void LogUnavailable(string path, long others, Exception exception);

    [LoggerMessage(4003, LogLevel.Warning, "A command of {Path} was not answered and is asked for again. Since the last such line {Others} others were")]
    private partial void LogRetried(string path, long others, Exception exception);

    /// <summary>Lets one through in a minute, and counts the others.</summary>
    private sealed class Quieted(TimeProvider time)
    {
        private readonly Lock _lock = new();
        private long? _saidAt;
        private long _others;

        /// <returns>how many were kept back since the last; null where this one is, too</returns>
        public long? Next()
        {
            using var scope = _lock.EnterScope();
            if (_saidAt is { } at && time.GetElapsedTime(at) < Quiet)
            {
                _others++;
                return null;
            }

            var others = _others;
            (_saidAt, _others) = (time.GetTimestamp(), 0);
            return others;
        }
    }
}
