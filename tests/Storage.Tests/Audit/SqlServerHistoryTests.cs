namespace TokenActors.Storage.Tests.Audit;

/// <summary>The suite on SqlServer.</summary>
public sealed class SqlServerHistoryTests : HistorySuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.SqlServer, ConnectionString = SqlServerFactAttribute.NewDatabase() };

    [SqlServerFact]
    public override Task A_history_is_what_is_entered_and_the_rows_behind_it_without_a_gap() =>
        base.A_history_is_what_is_entered_and_the_rows_behind_it_without_a_gap();

    [SqlServerFact]
    public override Task Rows_of_links_have_their_code_and_those_behind_have_none() =>
        base.Rows_of_links_have_their_code_and_those_behind_have_none();

    [SqlServerFact]
    public override Task Links_of_before_are_entered_by_several_silos_at_once_each_row_once() =>
        base.Links_of_before_are_entered_by_several_silos_at_once_each_row_once();
}
