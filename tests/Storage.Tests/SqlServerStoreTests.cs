namespace TokenActors.Storage.Tests;

/// <summary>The suite on SQL Server, where one is given.</summary>
public sealed class SqlServerStoreTests : StoreSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.SqlServer, ConnectionString = SqlServerFactAttribute.NewDatabase() };

    [SqlServerFact]
    public override Task A_row_reads_back_as_it_was_written() => base.A_row_reads_back_as_it_was_written();

    [SqlServerFact]
    public override Task Each_caller_gets_the_outcome_of_its_own_row() =>
        base.Each_caller_gets_the_outcome_of_its_own_row();

    [SqlServerFact]
    public override Task An_update_needs_the_version_it_expects() => base.An_update_needs_the_version_it_expects();

    [SqlServerFact]
    public override Task A_command_that_was_carried_out_before_is_done_again() =>
        base.A_command_that_was_carried_out_before_is_done_again();

    [SqlServerFact]
    public override Task Names_are_unique_in_any_case_among_the_live_and_free_after_a_delete() =>
        base.Names_are_unique_in_any_case_among_the_live_and_free_after_a_delete();

    [SqlServerFact]
    public override Task A_rename_to_a_taken_name_fails_alone() => base.A_rename_to_a_taken_name_fails_alone();

    [SqlServerFact]
    public override Task One_bad_row_fails_no_other() => base.One_bad_row_fails_no_other();

    [SqlServerFact]
    public override Task A_bad_update_among_creates_fails_alone_and_leaves_each_audit_row_once() =>
        base.A_bad_update_among_creates_fails_alone_and_leaves_each_audit_row_once();

    [SqlServerFact]
    public override Task Thousands_at_once_are_each_written_once() => base.Thousands_at_once_are_each_written_once();

    [SqlServerFact]
    public override Task Audit_rows_come_with_their_change_and_only_with_it() =>
        base.Audit_rows_come_with_their_change_and_only_with_it();

    [SqlServerFact]
    public override Task A_create_needs_its_parents_alive() => base.A_create_needs_its_parents_alive();

    [SqlServerFact]
    public override Task A_child_made_at_the_moment_of_its_parents_delete_never_hides_from_the_scan() =>
        base.A_child_made_at_the_moment_of_its_parents_delete_never_hides_from_the_scan();

    [SqlServerFact]
    public override Task A_purge_removes_the_row_at_its_version() => base.A_purge_removes_the_row_at_its_version();

    [SqlServerFact]
    public override Task Uses_move_last_use_forward_and_mind_the_version() =>
        base.Uses_move_last_use_forward_and_mind_the_version();

    [SqlServerFact]
    public override Task Last_use_and_changes_of_one_row_at_the_same_time_are_both_written() =>
        base.Last_use_and_changes_of_one_row_at_the_same_time_are_both_written();

    [SqlServerFact]
    public override Task Reads_that_come_at_once_each_get_their_own_row() =>
        base.Reads_that_come_at_once_each_get_their_own_row();

    [SqlServerFact]
    public override Task A_due_time_is_moved_only_in_the_version_that_it_was_found_in() =>
        base.A_due_time_is_moved_only_in_the_version_that_it_was_found_in();

    [SqlServerFact]
    public override Task What_is_queued_is_written_before_the_store_closes() =>
        base.What_is_queued_is_written_before_the_store_closes();

    [SqlServerFact]
    public override Task Reminders_are_found_by_due_time_and_removed_by_tag() =>
        base.Reminders_are_found_by_due_time_and_removed_by_tag();

    [SqlServerFact]
    public override Task Services_on_one_database_do_not_see_each_other() =>
        base.Services_on_one_database_do_not_see_each_other();

    [SqlServerFact]
    public override Task Services_whose_names_differ_in_case_only_do_not_see_each_other() =>
        base.Services_whose_names_differ_in_case_only_do_not_see_each_other();

    [SqlServerFact]
    public override Task Two_writers_that_take_rows_in_opposite_orders_both_get_through() =>
        base.Two_writers_that_take_rows_in_opposite_orders_both_get_through();

    [SqlServerFact]
    public override Task Opening_twice_at_once_migrates_once() => base.Opening_twice_at_once_migrates_once();

    [SqlServerFact]
    public override Task Rows_under_a_pepper_are_counted_whichever_part_of_them_holds_it() =>
        base.Rows_under_a_pepper_are_counted_whichever_part_of_them_holds_it();

    [SqlServerFact]
    public override Task A_state_that_is_kept_stays_as_it_was_written_last() =>
        base.A_state_that_is_kept_stays_as_it_was_written_last();

    [SqlServerFact]
    public override Task A_pepper_ring_that_does_not_fit_is_refused() =>
        base.A_pepper_ring_that_does_not_fit_is_refused();

    [SqlServerFact]
    public override Task Lists_page_through_everything_in_every_order() =>
        base.Lists_page_through_everything_in_every_order();

    [SqlServerFact]
    public override Task Filters_compare_bytewise_and_like_without_case() =>
        base.Filters_compare_bytewise_and_like_without_case();

    [SqlServerFact]
    public override Task Paging_goes_on_after_a_name_that_is_gone_but_not_in_another_order() =>
        base.Paging_goes_on_after_a_name_that_is_gone_but_not_in_another_order();

    [SqlServerFact]
    public override Task A_list_shows_only_its_scope() => base.A_list_shows_only_its_scope();

    [SqlServerFact]
    public override Task A_facades_listing_is_paged_by_number_and_counted_apart_from_the_names() =>
        base.A_facades_listing_is_paged_by_number_and_counted_apart_from_the_names();

    [SqlServerFact]
    public override Task Executions_are_noted_once_paged_by_time_and_swept_by_age() =>
        base.Executions_are_noted_once_paged_by_time_and_swept_by_age();

    [SqlServerFact]
    public override Task The_audit_chain_links_what_is_old_enough_and_holds() =>
        base.The_audit_chain_links_what_is_old_enough_and_holds();
}
