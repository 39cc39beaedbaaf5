using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>The parameters of the statements that note the last use.</summary>
internal static class UsageColumns
{
    public static readonly IReadOnlyList<Column<UsageUpdate>> OfUpdate =
    [
        new TextColumn<UsageUpdate>("kind", u => u.Key.Kind, TextWidth.Kind),
        new TextColumn<UsageUpdate>("id", u => u.Key.Id),
        new NumberColumn<UsageUpdate>("version", u => u.Version),
        new NumberColumn<UsageUpdate>("last_used_at", u => Times.Micros(u.LastUsedAt)),
        new NumberColumn<UsageUpdate>("presented_at", u => Times.Micros(u.FirstPresentedAt)),
        new NumberColumn<UsageUpdate>("erase_sealed", u => u.EraseSealed ? 1 : 0),
    ];
}
