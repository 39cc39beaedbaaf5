namespace TokenActors.Storage.Tests.Usage;

/// <summary>The suite on PostgreSql.</summary>
public sealed class PostgreSqlUsageTests : UsageSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task Uses_add_up_by_hour_with_the_reasons_of_refusals() =>
        base.Uses_add_up_by_hour_with_the_reasons_of_refusals();

    [PostgreSqlFact]
    public override Task Writers_at_the_same_time_lose_nothing_of_each_other() =>
        base.Writers_at_the_same_time_lose_nothing_of_each_other();

    [PostgreSqlFact]
    public override Task The_last_five_networks_are_kept_with_their_first_and_last_time() =>
        base.The_last_five_networks_are_kept_with_their_first_and_last_time();

    [PostgreSqlFact]
    public override Task The_last_use_is_the_latest_however_they_are_written() =>
        base.The_last_use_is_the_latest_however_they_are_written();

    [PostgreSqlFact]
    public override Task A_list_by_last_use_has_every_token_and_those_never_used_first() =>
        base.A_list_by_last_use_has_every_token_and_those_never_used_first();

    [PostgreSqlFact]
    public override Task What_is_purged_leaves_no_use_behind() =>
        base.What_is_purged_leaves_no_use_behind();

    [PostgreSqlFact]
    public override Task What_is_old_is_swept_a_page_at_a_time() =>
        base.What_is_old_is_swept_a_page_at_a_time();

    [PostgreSqlFact]
    public override Task What_ends_soon_and_what_nobody_uses_is_counted_over_all_organizations() =>
        base.What_ends_soon_and_what_nobody_uses_is_counted_over_all_organizations();

    [PostgreSqlFact]
    public override Task Tokens_are_counted_by_kind_and_state_with_those_that_end_or_are_not_used() =>
        base.Tokens_are_counted_by_kind_and_state_with_those_that_end_or_are_not_used();
}
