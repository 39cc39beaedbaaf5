using System.Runtime.CompilerServices;

namespace TokenActors.Testing;

/// <summary>Waits on a condition with a deadline, by the machine's clock, and says what did not come.</summary>
public static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UsualPause = TimeSpan.FromMilliseconds(15);

    /// <summary>Returns when the condition holds, and fails with its text where it does not in time.</summary>
    /// <param name="condition">is asked again and again</param>
    /// <param name="what">what is waited for, in words</param>
    /// <param name="within">by default a minute</param>
    public static Task Holds(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? within = null) =>
        Holds(() => Task.FromResult(condition()), () => what, within);

    /// <inheritdoc cref="Holds(Func{bool}, string, TimeSpan?)" />
    public static Task Holds(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? within = null) =>
        Holds(condition, () => what, within);

    /// <inheritdoc cref="Holds(Func{bool}, string, TimeSpan?)" />
    public static Task Holds(Func<bool> condition, Func<string> what, TimeSpan? within = null) =>
        Holds(() => Task.FromResult(condition()), what, within);

    /// <inheritdoc cref="Holds(Func{bool}, string, TimeSpan?)" />
    /// <param name="condition">is asked again and again</param>
    /// <param name="what">what is waited for, in words</param>
    /// <param name="within">by default a minute</param>
    /// <param name="pause">between two questions; by default 15 ms, which is too often where a question is dear</param>
    public static async Task Holds(
        Func<Task<bool>> condition, Func<string> what, TimeSpan? within = null, TimeSpan? pause = null)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) >= (within ?? Usual))
            {
                Assert.Fail($"in time: {what()}");
            }

            await Task.Delay(pause ?? UsualPause);
        }
    }

    /// <summary>Returns what is read as soon as it is as wanted.</summary>
    /// <param name="read">reads it again and again; null: it is not there yet</param>
    /// <param name="isWanted">by default, whatever is there</param>
    /// <param name="what">what is waited for, in words</param>
    /// <param name="within">by default a minute</param>
    public static async Task<T> Finds<T>(
        Func<Task<T?>> read, Func<T, bool>? isWanted = null, [CallerArgumentExpression(nameof(read))] string what = "",
        TimeSpan? within = null)
        where T : class
    {
        T? found = null;
        await Holds(
            async () => (found = await read()) is not null && isWanted?.Invoke(found) is not false,
            () => $"{what}; there is {found}",
            within);
        return found!;
    }
}
