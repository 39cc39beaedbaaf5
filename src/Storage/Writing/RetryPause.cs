using System.Security.Cryptography;

namespace TokenActors.Storage.Writing;

/// <summary>A random pause before work is repeated: two that undid each other would do so again.</summary>
internal static class RetryPause
{
    private const int LongestMilliseconds = 20;

    public static Task Before(int attempt) => Task.Delay(
        TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, LongestMilliseconds * attempt)), TimeProvider.System);
}
