namespace TokenActors.Client;

/// <summary>Where the service is, who asks, and how patiently.</summary>
public sealed class TokenActorsClientOptions
{
    /// <summary>Where the service is, such as <c>https://tokens.example.com</c>; else the HTTP client's base
    /// address.</summary>
    public Uri? Service { get; set; }

    /// <summary>
    /// Gives the access secret for a call; null calls without one. Asked anew for every attempt, so that one client can
    /// serve many people and outlive many secrets.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? Bearer { get; set; }

    /// <summary>
    /// How often a call is tried again where the connection was lost or the service answered 429, 502, 503 or 504.
    /// </summary>
    public int Retries { get; set; } = 4;

    /// <summary>How long to wait before the first repetition; each further one waits about twice as long.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest pause before a repetition. Where the service asks for a longer one, the call fails with its
    /// <see cref="TokenActorsException.RetryAfter"/>.
    /// </summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one attempt may take before it counts as lost.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Times the pauses and the attempts.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;
}
