using System.Threading.RateLimiting;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;

namespace TokenActors.Gateway.Http;

/// <summary>
/// Derives passwords, which costs some tenths of a second of a core each, on purpose: on half of the cores at most, so
/// that who guesses passwords leaves the others to everybody else.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>At so many more are refused.</summary>
    internal const int MostWaiting = 64;

    private readonly ConcurrencyLimiter _cores = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>For a new password.</summary>
    /// <exception cref="ServiceUnavailableException">too many wait already</exception>
    public Task<DerivedPassword> Derive(string password, CancellationToken aborted) =>
        OnACore(() => Passwords.Derive(password), aborted);

    /// <summary>For a proof.</summary>
    /// <exception cref="ServiceUnavailableException">too many wait already</exception>
    public Task<SecretFingerprint> Derive(string password, PasswordChallenge challenge, CancellationToken aborted) =>
        OnACore(() => Passwords.Derive(password, challenge.Salt, challenge.Iterations), aborted);

    public void Dispose() => _cores.Dispose();

    /// <summary>Runs it once a core is free for it.</summary>
    internal async Task<T> OnACore<T>(Func<T> derive, CancellationToken aborted)
    {
        using var core = await _cores.AcquireAsync(permitCount: 1, aborted);
        return core.IsAcquired
            ? await Task.Run(derive, aborted)
            : throw new ServiceUnavailableException("too many passwords wait to be derived");
    }
}
