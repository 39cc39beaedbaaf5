namespace TokenActors.Storage.Tests.Audit;

/// <summary>The suite on Sqlite.</summary>
public sealed class SqliteHistoryTests : HistorySuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-history-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task A_history_is_what_is_entered_and_the_rows_behind_it_without_a_gap() =>
        base.A_history_is_what_is_entered_and_the_rows_behind_it_without_a_gap();

    [Fact]
    public override Task Rows_of_links_have_their_code_and_those_behind_have_none() =>
        base.Rows_of_links_have_their_code_and_those_behind_have_none();

    [Fact]
    public override Task Links_of_before_are_entered_by_several_silos_at_once_each_row_once() =>
        base.Links_of_before_are_entered_by_several_silos_at_once_each_row_once();
}
