using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>Two uses of one row that are written as one.</summary>
public sealed class UsageMergeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_later_use_and_the_first_presentation_of_a_version_stand()
    {
        var merged = Use(1, 2, presented: 2).MergedWith(Use(1, 1, presented: 1, erase: true));
        Assert.Equal(Use(1, 2, presented: 2, erase: true), merged);
        Assert.Equal(Use(1, 3, presented: 3), Use(1, 2).MergedWith(Use(1, 3, presented: 3)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_an_older_version_says_is_dropped_but_for_the_time_of_use(bool olderFirst)
    {
        var older = Use(1, 5, presented: 4, erase: true);
        var newer = Use(2, 3);
        Assert.Equal(Use(2, 5), olderFirst ? older.MergedWith(newer) : newer.MergedWith(older));
    }

    private static UsageUpdate Use(long version, int minute, int? presented = null, bool erase = false) => new(
        new RecordKey("token", "t"), version, Noon.AddMinutes(minute), presented is { } at ? Noon.AddMinutes(at) : null, erase);
}
