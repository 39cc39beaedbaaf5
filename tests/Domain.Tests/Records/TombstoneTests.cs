using TokenActors.Domain.Records;

namespace TokenActors.Domain.Tests.Records;

/// <summary>What follows from a deletion, in every state of a record.</summary>
public sealed class TombstoneTests
{
    private static readonly DateTimeOffset Deleted = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed record Record(DateTimeOffset? DeletedAt, bool CascadePending) : ITombstone;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_live_record_waits_for_nothing_and_is_never_over(bool pending)
    {
        Record live = new(null, pending);
        Assert.Null(Tombstone.DueAt(live));
        Assert.False(Tombstone.IsOver(live, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void A_pending_cascade_is_due_at_once_and_keeps_the_record_for_ever()
    {
        Record pending = new(Deleted, true);
        Assert.Equal(Deleted, Tombstone.DueAt(pending));
        Assert.False(Tombstone.IsOver(pending, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void A_finished_deletion_is_due_and_over_after_thirty_days_and_not_before()
    {
        Record finished = new(Deleted, false);
        Assert.Equal(Deleted.AddDays(30), Tombstone.DueAt(finished));
        Assert.False(Tombstone.IsOver(finished, Deleted));
        Assert.False(Tombstone.IsOver(finished, Deleted.AddDays(30).AddTicks(-1)));
        Assert.True(Tombstone.IsOver(finished, Deleted.AddDays(30)));
    }
}
