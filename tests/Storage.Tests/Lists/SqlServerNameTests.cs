namespace TokenActors.Storage.Tests.Lists;

/// <summary>The suite on SqlServer.</summary>
public sealed class SqlServerNameTests : NameSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.SqlServer, ConnectionString = SqlServerFactAttribute.NewDatabase() };

    [SqlServerFact]
    public override Task A_name_is_unique_in_its_scope_and_found_where_it_alone_is_borne() =>
        base.A_name_is_unique_in_its_scope_and_found_where_it_alone_is_borne();

    [SqlServerFact]
    public override Task Pages_of_names_that_several_bear_show_each_once() =>
        base.Pages_of_names_that_several_bear_show_each_once();

    [SqlServerFact]
    public override Task Pages_go_on_in_any_letter_case() =>
        base.Pages_go_on_in_any_letter_case();

    [SqlServerFact]
    public override Task Trailing_blanks_are_part_of_a_name() =>
        base.Trailing_blanks_are_part_of_a_name();

    [SqlServerFact]
    public override Task A_page_goes_on_after_what_was_deleted_since() =>
        base.A_page_goes_on_after_what_was_deleted_since();

    [SqlServerFact]
    public override Task Fields_of_the_state_filter_and_order() =>
        base.Fields_of_the_state_filter_and_order();

    [SqlServerFact]
    public override Task A_truth_value_filters_by_its_words() =>
        base.A_truth_value_filters_by_its_words();

    [SqlServerFact]
    public override Task A_migration_fills_the_scope_of_rows_and_lets_older_programs_write() =>
        base.A_migration_fills_the_scope_of_rows_and_lets_older_programs_write();
}
