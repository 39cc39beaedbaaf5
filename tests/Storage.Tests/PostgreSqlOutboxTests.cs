namespace TokenActors.Storage.Tests;

/// <summary>Events on PostgreSQL.</summary>
public sealed class PostgreSqlOutboxTests : OutboxSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task An_event_is_written_with_its_row_and_waits_for_each_endpoint() =>
        base.An_event_is_written_with_its_row_and_waits_for_each_endpoint();

    [PostgreSqlFact]
    public override Task Nothing_is_told_of_a_row_that_is_not_written() =>
        base.Nothing_is_told_of_a_row_that_is_not_written();

    [PostgreSqlFact]
    public override Task Renames_purges_transactions_and_lone_audit_rows_tell_too() =>
        base.Renames_purges_transactions_and_lone_audit_rows_tell_too();

    [PostgreSqlFact]
    public override Task Events_of_one_row_are_in_the_order_of_its_versions_among_many() =>
        base.Events_of_one_row_are_in_the_order_of_its_versions_among_many();

    [PostgreSqlFact]
    public override Task The_newest_attempts_are_found_behind_what_was_never_tried() =>
        base.The_newest_attempts_are_found_behind_what_was_never_tried();

    [PostgreSqlFact]
    public override Task What_became_of_attempts_is_noted_and_shown() =>
        base.What_became_of_attempts_is_noted_and_shown();

    [PostgreSqlFact]
    public override Task What_is_over_does_not_wait_again_for_an_attempt_that_ends_later() =>
        base.What_is_over_does_not_wait_again_for_an_attempt_that_ends_later();

    [PostgreSqlFact]
    public override Task A_delivery_that_is_over_can_be_made_again() =>
        base.A_delivery_that_is_over_can_be_made_again();

    [PostgreSqlFact]
    public override Task A_replay_sends_what_an_endpoint_had_and_what_it_never_had() =>
        base.A_replay_sends_what_an_endpoint_had_and_what_it_never_had();

    [PostgreSqlFact]
    public override Task What_is_old_goes_and_so_does_what_an_endpoint_leaves() =>
        base.What_is_old_goes_and_so_does_what_an_endpoint_leaves();

    [PostgreSqlFact]
    public override Task Since_when_an_endpoint_fails_is_known_until_it_does_not() =>
        base.Since_when_an_endpoint_fails_is_known_until_it_does_not();
}
