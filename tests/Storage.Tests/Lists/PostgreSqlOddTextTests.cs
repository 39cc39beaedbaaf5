namespace TokenActors.Storage.Tests.Lists;

/// <summary>Names with every odd character, on PostgreSQL.</summary>
public sealed class PostgreSqlOddTextTests : OddTextSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task Each_name_is_found_by_itself_in_any_letter_case_and_read_as_it_was_written() =>
        base.Each_name_is_found_by_itself_in_any_letter_case_and_read_as_it_was_written();

    [PostgreSqlFact]
    public override Task A_pattern_finds_what_begins_ends_or_holds_a_text() =>
        base.A_pattern_finds_what_begins_ends_or_holds_a_text();

    [PostgreSqlFact]
    public override Task Pages_of_every_size_show_each_row_once_in_every_order() =>
        base.Pages_of_every_size_show_each_row_once_in_every_order();

    [PostgreSqlFact]
    public override Task A_page_after_the_last_row_is_empty_and_one_after_a_name_of_no_row_goes_on_at_its_place() =>
        base.A_page_after_the_last_row_is_empty_and_one_after_a_name_of_no_row_goes_on_at_its_place();
}
