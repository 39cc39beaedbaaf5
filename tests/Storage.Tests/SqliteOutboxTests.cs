namespace TokenActors.Storage.Tests;

/// <summary>Events on SQLite.</summary>
public sealed class SqliteOutboxTests : OutboxSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-outbox-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task An_event_is_written_with_its_row_and_waits_for_each_endpoint() =>
        base.An_event_is_written_with_its_row_and_waits_for_each_endpoint();

    [Fact]
    public override Task Nothing_is_told_of_a_row_that_is_not_written() =>
        base.Nothing_is_told_of_a_row_that_is_not_written();

    [Fact]
    public override Task Renames_purges_transactions_and_lone_audit_rows_tell_too() =>
        base.Renames_purges_transactions_and_lone_audit_rows_tell_too();

    [Fact]
    public override Task Events_of_one_row_are_in_the_order_of_its_versions_among_many() =>
        base.Events_of_one_row_are_in_the_order_of_its_versions_among_many();

    [Fact]
    public override Task The_newest_attempts_are_found_behind_what_was_never_tried() =>
        base.The_newest_attempts_are_found_behind_what_was_never_tried();

    [Fact]
    public override Task What_became_of_attempts_is_noted_and_shown() =>
        base.What_became_of_attempts_is_noted_and_shown();

    [Fact]
    public override Task What_is_over_does_not_wait_again_for_an_attempt_that_ends_later() =>
        base.What_is_over_does_not_wait_again_for_an_attempt_that_ends_later();

    [Fact]
    public override Task A_delivery_that_is_over_can_be_made_again() =>
        base.A_delivery_that_is_over_can_be_made_again();

    [Fact]
    public override Task A_replay_sends_what_an_endpoint_had_and_what_it_never_had() =>
        base.A_replay_sends_what_an_endpoint_had_and_what_it_never_had();

    [Fact]
    public override Task What_is_old_goes_and_so_does_what_an_endpoint_leaves() =>
        base.What_is_old_goes_and_so_does_what_an_endpoint_leaves();

    [Fact]
    public override Task Since_when_an_endpoint_fails_is_known_until_it_does_not() =>
        base.Since_when_an_endpoint_fails_is_known_until_it_does_not();
}
