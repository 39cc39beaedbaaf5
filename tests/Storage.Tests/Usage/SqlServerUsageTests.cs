namespace TokenActors.Storage.Tests.Usage;

/// <summary>The suite on SqlServer.</summary>
public sealed class SqlServerUsageTests : UsageSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.SqlServer, ConnectionString = SqlServerFactAttribute.NewDatabase() };

    [SqlServerFact]
    public override Task Uses_add_up_by_hour_with_the_reasons_of_refusals() =>
        base.Uses_add_up_by_hour_with_the_reasons_of_refusals();

    [SqlServerFact]
    public override Task Writers_at_the_same_time_lose_nothing_of_each_other() =>
        base.Writers_at_the_same_time_lose_nothing_of_each_other();

    [SqlServerFact]
    public override Task The_last_five_networks_are_kept_with_their_first_and_last_time() =>
        base.The_last_five_networks_are_kept_with_their_first_and_last_time();

    [SqlServerFact]
    public override Task The_last_use_is_the_latest_however_they_are_written() =>
        base.The_last_use_is_the_latest_however_they_are_written();

    [SqlServerFact]
    public override Task A_list_by_last_use_has_every_token_and_those_never_used_first() =>
        base.A_list_by_last_use_has_every_token_and_those_never_used_first();

    [SqlServerFact]
    public override Task What_is_purged_leaves_no_use_behind() =>
        base.What_is_purged_leaves_no_use_behind();

    [SqlServerFact]
    public override Task What_is_old_is_swept_a_page_at_a_time() =>
        base.What_is_old_is_swept_a_page_at_a_time();

    [SqlServerFact]
    public override Task What_ends_soon_and_what_nobody_uses_is_counted_over_all_organizations() =>
        base.What_ends_soon_and_what_nobody_uses_is_counted_over_all_organizations();

    [SqlServerFact]
    public override Task Tokens_are_counted_by_kind_and_state_with_those_that_end_or_are_not_used() =>
        base.Tokens_are_counted_by_kind_and_state_with_those_that_end_or_are_not_used();
}
