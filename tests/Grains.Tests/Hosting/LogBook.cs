using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>Keeps what was logged, line by line.</summary>
internal sealed class LogBook<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyList<string> Lines => [.. _lines];

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{level}: {formatter(state, exception)}");
}
