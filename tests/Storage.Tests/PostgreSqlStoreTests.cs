using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests;

/// <summary>The suite on PostgreSql.</summary>
public sealed class PostgreSqlStoreTests : StoreSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task A_row_reads_back_as_it_was_written() => base.A_row_reads_back_as_it_was_written();

    [PostgreSqlFact]
    public override Task Each_caller_gets_the_outcome_of_its_own_row() =>
        base.Each_caller_gets_the_outcome_of_its_own_row();

    [PostgreSqlFact]
    public override Task An_update_needs_the_version_it_expects() => base.An_update_needs_the_version_it_expects();

    [PostgreSqlFact]
    public override Task A_command_that_was_carried_out_before_is_done_again() =>
        base.A_command_that_was_carried_out_before_is_done_again();

    [PostgreSqlFact]
    public override Task Names_are_unique_in_any_case_among_the_live_and_free_after_a_delete() =>
        base.Names_are_unique_in_any_case_among_the_live_and_free_after_a_delete();

    [PostgreSqlFact]
    public override Task A_rename_to_a_taken_name_fails_alone() => base.A_rename_to_a_taken_name_fails_alone();

    [PostgreSqlFact]
    public override Task One_bad_row_fails_no_other() => base.One_bad_row_fails_no_other();

    [PostgreSqlFact]
    public override Task A_bad_update_among_creates_fails_alone_and_leaves_each_audit_row_once() =>
        base.A_bad_update_among_creates_fails_alone_and_leaves_each_audit_row_once();

    [PostgreSqlFact]
    public override Task Thousands_at_once_are_each_written_once() => base.Thousands_at_once_are_each_written_once();

    [PostgreSqlFact]
    public override Task Audit_rows_come_with_their_change_and_only_with_it() =>
        base.Audit_rows_come_with_their_change_and_only_with_it();

    [PostgreSqlFact]
    public override Task A_create_needs_its_parents_alive() => base.A_create_needs_its_parents_alive();

    [PostgreSqlFact]
    public override Task A_child_made_at_the_moment_of_its_parents_delete_never_hides_from_the_scan() =>
        base.A_child_made_at_the_moment_of_its_parents_delete_never_hides_from_the_scan();

    [PostgreSqlFact]
    public override Task A_purge_removes_the_row_at_its_version() => base.A_purge_removes_the_row_at_its_version();

    [PostgreSqlFact]
    public override Task Uses_move_last_use_forward_and_mind_the_version() =>
        base.Uses_move_last_use_forward_and_mind_the_version();

    [PostgreSqlFact]
    public override Task Last_use_and_changes_of_one_row_at_the_same_time_are_both_written() =>
        base.Last_use_and_changes_of_one_row_at_the_same_time_are_both_written();

    [PostgreSqlFact]
    public override Task Reads_that_come_at_once_each_get_their_own_row() =>
        base.Reads_that_come_at_once_each_get_their_own_row();

    [PostgreSqlFact]
    public override Task A_due_time_is_moved_only_in_the_version_that_it_was_found_in() =>
        base.A_due_time_is_moved_only_in_the_version_that_it_was_found_in();

    [PostgreSqlFact]
    public override Task What_is_queued_is_written_before_the_store_closes() =>
        base.What_is_queued_is_written_before_the_store_closes();

    [PostgreSqlFact]
    public override Task Reminders_are_found_by_due_time_and_removed_by_tag() =>
        base.Reminders_are_found_by_due_time_and_removed_by_tag();

    [PostgreSqlFact]
    public override Task Services_on_one_database_do_not_see_each_other() =>
        base.Services_on_one_database_do_not_see_each_other();

    [PostgreSqlFact]
    public override Task Services_whose_names_differ_in_case_only_do_not_see_each_other() =>
        base.Services_whose_names_differ_in_case_only_do_not_see_each_other();

    [PostgreSqlFact]
    public override Task Two_writers_that_take_rows_in_opposite_orders_both_get_through() =>
        base.Two_writers_that_take_rows_in_opposite_orders_both_get_through();

    [PostgreSqlFact]
    public override Task Opening_twice_at_once_migrates_once() => base.Opening_twice_at_once_migrates_once();

    [PostgreSqlFact]
    public override Task Rows_under_a_pepper_are_counted_whichever_part_of_them_holds_it() =>
        base.Rows_under_a_pepper_are_counted_whichever_part_of_them_holds_it();

    [PostgreSqlFact]
    public override Task A_state_that_is_kept_stays_as_it_was_written_last() =>
        base.A_state_that_is_kept_stays_as_it_was_written_last();

    /// <summary>The log of a refresh has what lies between: only in a database that is made now is the table laid out
    /// so.</summary>
    [PostgreSqlFact]
    public async Task What_a_refresh_changes_stands_behind_what_it_leaves()
    {
        var options = NewDatabase();
        await (await StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance)).DisposeAsync();
        await using NpgsqlConnection connection = new(options.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'records' ORDER BY ordinal_position",
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> columns = [];
        while (await reader.ReadAsync())
        {
            columns.Add(reader.GetString(0));
        }

        Assert.Equal(
            ["state", "version", "updated_at", "expires_at", "due_at", "presented_at", "last_used_at", "command_id", "due_tag", "sealed", "hot"],
            columns[columns.IndexOf("state")..]);
    }

    [PostgreSqlFact]
    public override Task A_pepper_ring_that_does_not_fit_is_refused() =>
        base.A_pepper_ring_that_does_not_fit_is_refused();

    [PostgreSqlFact]
    public override Task Lists_page_through_everything_in_every_order() =>
        base.Lists_page_through_everything_in_every_order();

    [PostgreSqlFact]
    public override Task Filters_compare_bytewise_and_like_without_case() =>
        base.Filters_compare_bytewise_and_like_without_case();

    [PostgreSqlFact]
    public override Task Paging_goes_on_after_a_name_that_is_gone_but_not_in_another_order() =>
        base.Paging_goes_on_after_a_name_that_is_gone_but_not_in_another_order();

    [PostgreSqlFact]
    public override Task A_list_shows_only_its_scope() => base.A_list_shows_only_its_scope();

    [PostgreSqlFact]
    public override Task A_facades_listing_is_paged_by_number_and_counted_apart_from_the_names() =>
        base.A_facades_listing_is_paged_by_number_and_counted_apart_from_the_names();

    [PostgreSqlFact]
    public override Task Executions_are_noted_once_paged_by_time_and_swept_by_age() =>
        base.Executions_are_noted_once_paged_by_time_and_swept_by_age();

    [PostgreSqlFact]
    public override Task The_audit_chain_links_what_is_old_enough_and_holds() =>
        base.The_audit_chain_links_what_is_old_enough_and_holds();

    /// <summary>
    /// A plan made while the table was small, or without statistics of it, must not walk through all of it later:
    /// measured by the index entries that the server says it read.
    /// </summary>
    [PostgreSqlFact]
    public async Task Rows_are_found_by_their_keys_however_the_table_grew()
    {
        var database = PostgreSqlServer.NewDatabase();
        await using var store = await StoreFactory.Open(
            new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = database }, "s1", TimeProvider.System, NullLoggerFactory.Instance);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await Work(store, "before", 20);
        await using (var grow = new NpgsqlCommand(
            """
            ALTER TABLE records SET (autovacuum_enabled = off);
            INSERT INTO records (service_id, kind, id, version, command_id, state, organization_id, name, status, created_at, updated_at)
            SELECT 's1', 'token', 'x' || n, 1, 'c', '{}', 'o1', 'x' || n, 'live', 0, 0 FROM generate_series(1, 20000) n
            """, connection))
        {
            await grow.ExecuteNonQueryAsync();
        }

        var read = await EntriesRead(connection, atLeast: 0);
        await Work(store, "after", 20);
        Assert.InRange(await EntriesRead(connection, atLeast: read + 20) - read, 20, 2_000);
    }

    private static async Task Work(RecordStore store, string name, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            var row = new StoredRecord
            {
                Key = new RecordKey("token", $"{name}{i}"), Version = 1, CommandId = "c1", State = "{}", OrganizationId = "o1", Name = $"{name}{i}",
                CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
            };
            Assert.Equal(CommitOutcome.Done, await store.Commit(
                new Commit(row, 0, []) { LiveParents = i == 0 ? [] : [new RecordKey("token", $"{name}0")] }));
            Assert.Equal(CommitOutcome.Done, await store.Commit(new Commit(row with { Version = 2 }, 1, [])));
            store.NoteUsage(new UsageUpdate(row.Key, 2, DateTimeOffset.UnixEpoch, null, false), soon: true);
            Assert.Equal(2, (await store.Read(row.Key))!.Version);
        }
    }

    /// <summary>Backends report with a delay: waits until the number has stood still for a second and is as high as it
    /// must be.</summary>
    private static async Task<long> EntriesRead(NpgsqlConnection connection, long atLeast)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (long before = -1; ;)
        {
            await using var command = new NpgsqlCommand("SELECT pg_sleep(1.1), (SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'records_pkey')", connection);
            await using var reader = await command.ExecuteReaderAsync(deadline.Token);
            await reader.ReadAsync(deadline.Token);
            var now = reader.GetInt64(1);
            if (now == before && now >= atLeast)
            {
                return now;
            }

            before = now;
        }
    }
}
