using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.WebConsole.Keys;

namespace TokenActors.WebConsole.Tests;

/// <summary>The keys of the cookies, where they cannot be read.</summary>
public sealed class KeyTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Pages_that_find_no_keys_warn_once_a_minute_and_each_of_them_tries()
    {
        var (source, log) = (new Source(), new WarningLog());
        using var keys = new SharedKeys(NullLoggerFactory.Instance);
        using var refresh = new KeyRefresh(keys, source, new Lifetime(), _time, log);
        for (var second = 0; second < 150; second++)
        {
            Assert.False(await refresh.AreThere(default));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((150, 3), (source.Asked, log.Warnings));
        source.Key = new KeyMaterial(
            Guid.NewGuid(), _time.GetUtcNow(), _time.GetUtcNow(), _time.GetUtcNow().AddDays(90), Convert.ToBase64String(
                RandomNumberGenerator.GetBytes(64)));
        Assert.True(await refresh.AreThere(default));
        Assert.Equal(3, log.Warnings);
    }

    private sealed class Source : IKeySource
    {
        public int Asked { get; private set; }

        public KeyMaterial? Key { get; set; }

        public Task<IReadOnlyList<KeyMaterial>> Read(CancellationToken cancellationToken)
        {
            Asked++;
            return Key is { } key
                ? Task.FromResult<IReadOnlyList<KeyMaterial>>([key])
                : Task.FromException<IReadOnlyList<KeyMaterial>>(new InvalidOperationException("away"));
        }
    }

    private sealed class WarningLog : ILogger<KeyRefresh>
    {
        public int Warnings { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Warnings += logLevel == LogLevel.Warning ? 1 : 0;
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
