namespace TokenActors.Client.Tests;

/// <summary>Waits on a condition with a deadline.</summary>
internal static class Eventually
{
    public static Task Holds(Func<bool> condition, int seconds = 30) => Holds(() => Task.FromResult(condition()), seconds);

    public static async Task Holds(Func<Task<bool>> condition, int seconds = 30)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "what was waited for did not come");
            await Task.Yield();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
