using System.Security.Cryptography;

namespace TokenActors.Storage.Writing;

/// <summary>A random pause before work is repeated: two that undid each other would do so again.</summary>
internal static class RetryPause
{
    private const int LongestMilliseconds = 20;

    public static Task Before(int attempt) => Task.Delay(Draw(attempt), TimeProvider.System);

    /// <summary>Longer the more often the work was undone, since more are then at it.</summary>
    public static TimeSpan Draw(int attempt) =>
        TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, LongestMilliseconds * attempt));
}
