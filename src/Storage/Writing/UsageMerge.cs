using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>Makes one update of two updates of the same row.</summary>
internal static class UsageMerge
{
    /// <summary>
    /// The time of last use holds for every version of the row, the first presentation and the erasure for one version
    /// only: those of an older version are dropped.
    /// </summary>
    public static UsageUpdate MergedWith(this UsageUpdate earlier, UsageUpdate usage)
    {
        var newer = usage.Version >= earlier.Version ? usage : earlier;
        var same = usage.Version == earlier.Version;
        return newer with
        {
            LastUsedAt = usage.LastUsedAt > earlier.LastUsedAt ? usage.LastUsedAt : earlier.LastUsedAt,
            FirstPresentedAt = same ? earlier.FirstPresentedAt ?? usage.FirstPresentedAt : newer.FirstPresentedAt,
            EraseSealed = same ? earlier.EraseSealed || usage.EraseSealed : newer.EraseSealed,
        };
    }
}
