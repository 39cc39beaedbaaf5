using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TokenActors.Storage.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogBook : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception, int Event)> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, formatter(state, exception), exception, eventId.Id));

    public void Dispose()
    {
    }
}
