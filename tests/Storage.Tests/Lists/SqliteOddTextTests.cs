namespace TokenActors.Storage.Tests.Lists;

/// <summary>Names with every odd character, on SQLite.</summary>
public sealed class SqliteOddTextTests : OddTextSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-odd-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task Each_name_is_found_by_itself_in_any_letter_case_and_read_as_it_was_written() =>
        base.Each_name_is_found_by_itself_in_any_letter_case_and_read_as_it_was_written();

    [Fact]
    public override Task A_pattern_finds_what_begins_ends_or_holds_a_text() =>
        base.A_pattern_finds_what_begins_ends_or_holds_a_text();

    [Fact]
    public override Task Pages_of_every_size_show_each_row_once_in_every_order() =>
        base.Pages_of_every_size_show_each_row_once_in_every_order();

    [Fact]
    public override Task A_page_after_the_last_row_is_empty_and_one_after_a_name_of_no_row_goes_on_at_its_place() =>
        base.A_page_after_the_last_row_is_empty_and_one_after_a_name_of_no_row_goes_on_at_its_place();
}
