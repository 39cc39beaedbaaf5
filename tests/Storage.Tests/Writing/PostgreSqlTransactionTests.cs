
namespace TokenActors.Storage.Tests.Writing;

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgreSqlTransactionTests : TransactionSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task All_rows_are_written_each_with_its_audit_row() =>
        base.All_rows_are_written_each_with_its_audit_row();

    [PostgreSqlFact]
    public override Task A_name_that_is_taken_on_the_first_leaves_nothing_of_the_others() =>
        base.A_name_that_is_taken_on_the_first_leaves_nothing_of_the_others();

    [PostgreSqlFact]
    public override Task An_id_that_is_taken_on_the_second_leaves_nothing_of_the_others() =>
        base.An_id_that_is_taken_on_the_second_leaves_nothing_of_the_others();

    [PostgreSqlFact]
    public override Task A_parent_that_is_gone_on_the_third_leaves_nothing_of_the_others() =>
        base.A_parent_that_is_gone_on_the_third_leaves_nothing_of_the_others();

    [PostgreSqlFact]
    public override Task An_update_at_another_version_leaves_nothing_of_the_others() =>
        base.An_update_at_another_version_leaves_nothing_of_the_others();

    [PostgreSqlFact]
    public override Task A_row_that_the_database_refuses_leaves_nothing_of_the_others_and_fails_nobody_else() =>
        base.A_row_that_the_database_refuses_leaves_nothing_of_the_others_and_fails_nobody_else();

    [PostgreSqlFact]
    public override Task The_same_command_again_is_done_and_leaves_each_audit_row_once() =>
        base.The_same_command_again_is_done_and_leaves_each_audit_row_once();

    [PostgreSqlFact]
    public override Task Rows_of_which_the_same_command_wrote_only_some_before_are_not_done() =>
        base.Rows_of_which_the_same_command_wrote_only_some_before_are_not_done();

    [PostgreSqlFact]
    public override Task A_child_made_with_its_parent_finds_it_live() =>
        base.A_child_made_with_its_parent_finds_it_live();

    [PostgreSqlFact]
    public override Task Rows_made_at_the_moment_of_their_parents_delete_never_hide_from_the_scan() =>
        base.Rows_made_at_the_moment_of_their_parents_delete_never_hide_from_the_scan();

    [PostgreSqlFact]
    public override Task Of_two_that_change_one_row_at_once_one_wins_and_the_other_leaves_nothing() =>
        base.Of_two_that_change_one_row_at_once_one_wins_and_the_other_leaves_nothing();

    [PostgreSqlFact]
    public override Task Groups_amid_thousands_of_single_rows_are_each_written_whole() =>
        base.Groups_amid_thousands_of_single_rows_are_each_written_whole();
}
