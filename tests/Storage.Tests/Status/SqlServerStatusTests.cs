namespace TokenActors.Storage.Tests.Status;

/// <summary>The suite on SqlServer, where one is given.</summary>
public sealed class SqlServerStatusTests : StatusSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.SqlServer, ConnectionString = SqlServerFactAttribute.NewDatabase() };

    [SqlServerFact]
    public override Task Uses_add_up_by_hour_and_altogether() => base.Uses_add_up_by_hour_and_altogether();

    [SqlServerFact]
    public override Task A_reset_begins_the_totals_anew_and_leaves_the_hours() =>
        base.A_reset_begins_the_totals_anew_and_leaves_the_hours();

    [SqlServerFact]
    public override Task Events_are_listed_by_time_with_the_number_of_the_request() =>
        base.Events_are_listed_by_time_with_the_number_of_the_request();

    [SqlServerFact]
    public override Task A_flood_of_events_writes_as_many_an_hour_as_are_kept() =>
        base.A_flood_of_events_writes_as_many_an_hour_as_are_kept();

    [SqlServerFact]
    public override Task What_is_old_is_swept_a_page_at_a_time() => base.What_is_old_is_swept_a_page_at_a_time();

    [SqlServerFact]
    public override Task Thousands_at_once_are_each_counted_once() => base.Thousands_at_once_are_each_counted_once();

    [SqlServerFact]
    public override Task No_sum_passes_its_bound_whatever_is_added_and_whatever_is_stored() =>
        base.No_sum_passes_its_bound_whatever_is_added_and_whatever_is_stored();
}
