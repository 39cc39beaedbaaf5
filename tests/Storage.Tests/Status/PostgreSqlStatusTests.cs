namespace TokenActors.Storage.Tests.Status;

/// <summary>The suite on PostgreSql.</summary>
public sealed class PostgreSqlStatusTests : StatusSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task Uses_add_up_by_hour_and_altogether() => base.Uses_add_up_by_hour_and_altogether();

    [PostgreSqlFact]
    public override Task A_reset_begins_the_totals_anew_and_leaves_the_hours() =>
        base.A_reset_begins_the_totals_anew_and_leaves_the_hours();

    [PostgreSqlFact]
    public override Task Events_are_listed_by_time_with_the_number_of_the_request() =>
        base.Events_are_listed_by_time_with_the_number_of_the_request();

    [PostgreSqlFact]
    public override Task A_flood_of_events_writes_as_many_an_hour_as_are_kept() =>
        base.A_flood_of_events_writes_as_many_an_hour_as_are_kept();

    [PostgreSqlFact]
    public override Task What_is_old_is_swept_a_page_at_a_time() => base.What_is_old_is_swept_a_page_at_a_time();

    [PostgreSqlFact]
    public override Task Thousands_at_once_are_each_counted_once() => base.Thousands_at_once_are_each_counted_once();

    [PostgreSqlFact]
    public override Task No_sum_passes_its_bound_whatever_is_added_and_whatever_is_stored() =>
        base.No_sum_passes_its_bound_whatever_is_added_and_whatever_is_stored();
}
