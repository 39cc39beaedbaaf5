using PostgreSqlServer = TokenActors.Testing.PostgreSqlServer;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>The suite on PostgreSql.</summary>
public sealed class PostgreSqlNameTests : NameSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task A_name_is_unique_in_its_scope_and_found_where_it_alone_is_borne() =>
        base.A_name_is_unique_in_its_scope_and_found_where_it_alone_is_borne();

    [PostgreSqlFact]
    public override Task Pages_of_names_that_several_bear_show_each_once() =>
        base.Pages_of_names_that_several_bear_show_each_once();

    [PostgreSqlFact]
    public override Task Pages_go_on_in_any_letter_case() =>
        base.Pages_go_on_in_any_letter_case();

    [PostgreSqlFact]
    public override Task Trailing_blanks_are_part_of_a_name() =>
        base.Trailing_blanks_are_part_of_a_name();

    [PostgreSqlFact]
    public override Task A_page_goes_on_after_what_was_deleted_since() =>
        base.A_page_goes_on_after_what_was_deleted_since();

    [PostgreSqlFact]
    public override Task Fields_of_the_state_filter_and_order() =>
        base.Fields_of_the_state_filter_and_order();

    [PostgreSqlFact]
    public override Task A_truth_value_filters_by_its_words() =>
        base.A_truth_value_filters_by_its_words();

    [PostgreSqlFact]
    public override Task A_migration_fills_the_scope_of_rows_and_lets_older_programs_write() =>
        base.A_migration_fills_the_scope_of_rows_and_lets_older_programs_write();
}
