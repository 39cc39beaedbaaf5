using TokenActors.Domain.Time;

namespace TokenActors.Storage.Writing;

/// <summary>How long this process's groups of commits took lately.</summary>
public static class CommitTimes
{
    /// <summary>One for each group, with its transaction.</summary>
    public static RecentTimes Recent { get; } = new();
}
