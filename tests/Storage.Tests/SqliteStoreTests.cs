using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests;

/// <summary>The suite on Sqlite.</summary>
public sealed class SqliteStoreTests : StoreSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-store-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public async Task A_file_that_cannot_be_written_stops_the_start()
    {
        var options = new StorageOptions { ConnectionString = StoreFactory.SqliteFile("/dev/full") };
        await Assert.ThrowsAnyAsync<Exception>(
            () => StoreFactory.Open(options, "s", TimeProvider.System, NullLoggerFactory.Instance));
    }

    /// <summary>Most updates name no column of an index; those that must are written by another statement.</summary>
    [Fact]
    public async Task Indexes_agree_with_the_rows_after_changes_of_every_column_that_they_hold()
    {
        var options = NewDatabase();
        var due = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var row = new StoredRecord
        {
            Key = new RecordKey("token", "t1"), Version = 1, CommandId = "c1", State = "{}", OrganizationId = "o1", Name = "one", NameKey = "one",
            CreatedAt = due, UpdatedAt = due, DueAt = due,
        };
        await using var store = await StoreFactory.Open(options, "s", TimeProvider.System, NullLoggerFactory.Instance);
        StoredRecord[] changes =
        [
            row,
            row with { State = """{"a":1}""", UpdatedAt = due.AddHours(1), ExpiresAt = due.AddDays(1), LastUsedAt = due, Sealed = [1] },
            row with { DueAt = due.AddHours(2) },
            row with { DueAt = null },
            row with { DueAt = due.AddHours(3), Name = "two", NameKey = "two" },
            row with { Name = "two", NameKey = null, Status = StoredRecord.Deleting },
            row with { Name = "two", NameKey = null, Status = StoredRecord.Deleted, DueAt = null },
        ];
        for (var i = 0; i < changes.Length; i++)
        {
            var next = changes[i] with { Version = i + 1, CommandId = $"c{i}" };
            Assert.Equal(CommitOutcome.Done, await store.Commit(new Commit(next, i, [])));
            Assert.Equal(next with { Sealed = null }, (await store.Read(row.Key))! with { Sealed = null });
            Assert.Equal(
                next.DueAt is null ? [] : [next.DueAt.Value], (await store.Due(due.AddDays(1))).Select(d => d.DueAt));
        }

        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(options.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", await command.ExecuteScalarAsync());
    }

    [Fact]
    public override Task A_row_reads_back_as_it_was_written() => base.A_row_reads_back_as_it_was_written();

    [Fact]
    public override Task Each_caller_gets_the_outcome_of_its_own_row() =>
        base.Each_caller_gets_the_outcome_of_its_own_row();

    [Fact]
    public override Task An_update_needs_the_version_it_expects() => base.An_update_needs_the_version_it_expects();

    [Fact]
    public override Task A_command_that_was_carried_out_before_is_done_again() =>
        base.A_command_that_was_carried_out_before_is_done_again();

    [Fact]
    public override Task Names_are_unique_in_any_case_among_the_live_and_free_after_a_delete() =>
        base.Names_are_unique_in_any_case_among_the_live_and_free_after_a_delete();

    [Fact]
    public override Task A_rename_to_a_taken_name_fails_alone() => base.A_rename_to_a_taken_name_fails_alone();

    [Fact]
    public override Task One_bad_row_fails_no_other() => base.One_bad_row_fails_no_other();

    [Fact]
    public override Task A_bad_update_among_creates_fails_alone_and_leaves_each_audit_row_once() =>
        base.A_bad_update_among_creates_fails_alone_and_leaves_each_audit_row_once();

    [Fact]
    public override Task Thousands_at_once_are_each_written_once() => base.Thousands_at_once_are_each_written_once();

    [Fact]
    public override Task Audit_rows_come_with_their_change_and_only_with_it() =>
        base.Audit_rows_come_with_their_change_and_only_with_it();

    [Fact]
    public override Task A_create_needs_its_parents_alive() => base.A_create_needs_its_parents_alive();

    [Fact]
    public override Task A_child_made_at_the_moment_of_its_parents_delete_never_hides_from_the_scan() =>
        base.A_child_made_at_the_moment_of_its_parents_delete_never_hides_from_the_scan();

    [Fact]
    public override Task A_purge_removes_the_row_at_its_version() => base.A_purge_removes_the_row_at_its_version();

    [Fact]
    public override Task Uses_move_last_use_forward_and_mind_the_version() =>
        base.Uses_move_last_use_forward_and_mind_the_version();

    [Fact]
    public override Task Last_use_and_changes_of_one_row_at_the_same_time_are_both_written() =>
        base.Last_use_and_changes_of_one_row_at_the_same_time_are_both_written();

    [Fact]
    public override Task Reads_that_come_at_once_each_get_their_own_row() =>
        base.Reads_that_come_at_once_each_get_their_own_row();

    [Fact]
    public override Task A_due_time_is_moved_only_in_the_version_that_it_was_found_in() =>
        base.A_due_time_is_moved_only_in_the_version_that_it_was_found_in();

    [Fact]
    public override Task What_is_queued_is_written_before_the_store_closes() =>
        base.What_is_queued_is_written_before_the_store_closes();

    [Fact]
    public override Task Reminders_are_found_by_due_time_and_removed_by_tag() =>
        base.Reminders_are_found_by_due_time_and_removed_by_tag();

    [Fact]
    public override Task Services_on_one_database_do_not_see_each_other() =>
        base.Services_on_one_database_do_not_see_each_other();

    [Fact]
    public override Task Services_whose_names_differ_in_case_only_do_not_see_each_other() =>
        base.Services_whose_names_differ_in_case_only_do_not_see_each_other();

    [Fact]
    public override Task Two_writers_that_take_rows_in_opposite_orders_both_get_through() =>
        base.Two_writers_that_take_rows_in_opposite_orders_both_get_through();

    [Fact]
    public override Task Opening_twice_at_once_migrates_once() => base.Opening_twice_at_once_migrates_once();

    [Fact]
    public override Task Rows_under_a_pepper_are_counted_whichever_part_of_them_holds_it() =>
        base.Rows_under_a_pepper_are_counted_whichever_part_of_them_holds_it();

    [Fact]
    public override Task A_state_that_is_kept_stays_as_it_was_written_last() =>
        base.A_state_that_is_kept_stays_as_it_was_written_last();

    [Fact]
    public override Task A_pepper_ring_that_does_not_fit_is_refused() =>
        base.A_pepper_ring_that_does_not_fit_is_refused();

    [Fact]
    public override Task Lists_page_through_everything_in_every_order() =>
        base.Lists_page_through_everything_in_every_order();

    [Fact]
    public override Task Filters_compare_bytewise_and_like_without_case() =>
        base.Filters_compare_bytewise_and_like_without_case();

    [Fact]
    public override Task Paging_goes_on_after_a_name_that_is_gone_but_not_in_another_order() =>
        base.Paging_goes_on_after_a_name_that_is_gone_but_not_in_another_order();

    [Fact]
    public override Task A_list_shows_only_its_scope() => base.A_list_shows_only_its_scope();

    [Fact]
    public override Task A_facades_listing_is_paged_by_number_and_counted_apart_from_the_names() =>
        base.A_facades_listing_is_paged_by_number_and_counted_apart_from_the_names();

    [Fact]
    public override Task Executions_are_noted_once_paged_by_time_and_swept_by_age() =>
        base.Executions_are_noted_once_paged_by_time_and_swept_by_age();

    [Fact]
    public override Task The_audit_chain_links_what_is_old_enough_and_holds() =>
        base.The_audit_chain_links_what_is_old_enough_and_holds();
}
