namespace TokenActors.Storage.Tests.Lists;

/// <summary>Lists that go on after a place, on SQLite.</summary>
public sealed class SqlitePlacedListTests : PlacedListSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-places-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task Every_order_walks_over_every_row_once() =>
        base.Every_order_walks_over_every_row_once();

    [Fact]
    public override Task A_list_goes_on_although_the_row_at_its_place_is_gone() =>
        base.A_list_goes_on_although_the_row_at_its_place_is_gone();

    [Fact]
    public override Task What_lies_below_a_row_is_found_through_what_was_deleted_between() =>
        base.What_lies_below_a_row_is_found_through_what_was_deleted_between();

    [Fact]
    public override Task Rows_of_others_and_tombstones_are_left_out() =>
        base.Rows_of_others_and_tombstones_are_left_out();

    [Fact]
    public override Task Times_of_secrets_are_ordered_and_compared_alike_wherever_a_row_has_them() =>
        base.Times_of_secrets_are_ordered_and_compared_alike_wherever_a_row_has_them();
}
