using System.Runtime.CompilerServices;

namespace TokenActors.Client.Http;

/// <summary>Looks at something again and again until it is over.</summary>
internal static class Following
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(500);

    /// <param name="get">a look</param>
    /// <param name="isOver">nothing more will happen to it</param>
    /// <param name="every">how long to wait between two looks; null: half a second</param>
    /// <param name="time">the clock</param>
    /// <param name="cancellation">ends the following</param>
    public static async IAsyncEnumerable<T> UntilOver<T>(
        Func<CancellationToken, Task<T>> get, Func<T, bool> isOver, TimeSpan? every, TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            var seen = await get(cancellation).ConfigureAwait(false);
            yield return seen;
            if (isOver(seen))
            {
                yield break;
            }

            await Task.Delay(every ?? Usual, time, cancellation).ConfigureAwait(false);
        }
    }
}
