namespace TokenActors.Storage.Tests.Lists;

/// <summary>The suite on Sqlite.</summary>
public sealed class SqliteNameTests : NameSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-names-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task A_name_is_unique_in_its_scope_and_found_where_it_alone_is_borne() =>
        base.A_name_is_unique_in_its_scope_and_found_where_it_alone_is_borne();

    [Fact]
    public override Task Pages_of_names_that_several_bear_show_each_once() =>
        base.Pages_of_names_that_several_bear_show_each_once();

    [Fact]
    public override Task Pages_go_on_in_any_letter_case() =>
        base.Pages_go_on_in_any_letter_case();

    [Fact]
    public override Task Trailing_blanks_are_part_of_a_name() =>
        base.Trailing_blanks_are_part_of_a_name();

    [Fact]
    public override Task A_page_goes_on_after_what_was_deleted_since() =>
        base.A_page_goes_on_after_what_was_deleted_since();

    [Fact]
    public override Task Fields_of_the_state_filter_and_order() =>
        base.Fields_of_the_state_filter_and_order();

    [Fact]
    public override Task A_truth_value_filters_by_its_words() =>
        base.A_truth_value_filters_by_its_words();

    [Fact]
    public override Task A_migration_fills_the_scope_of_rows_and_lets_older_programs_write() =>
        base.A_migration_fills_the_scope_of_rows_and_lets_older_programs_write();
}
