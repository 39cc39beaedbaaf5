namespace TokenActors.Hosting.Services;

/// <summary>Something that is kept for a time.</summary>
/// <param name="What">what it is, for the log</param>
/// <param name="Kept">for how long</param>
/// <param name="Sweep">deletes at most so many of what is older than a time, and returns how many</param>
internal sealed record Retention(string What, TimeSpan Kept, Func<DateTimeOffset, int, Task<int>> Sweep);
