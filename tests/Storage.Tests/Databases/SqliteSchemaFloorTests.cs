namespace TokenActors.Storage.Tests.Databases;

/// <summary>The suite on Sqlite.</summary>
public sealed class SqliteSchemaFloorTests : SchemaFloorSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-floor-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task A_program_that_is_older_than_what_was_demanded_does_not_start() =>
        base.A_program_that_is_older_than_what_was_demanded_does_not_start();

    [Fact]
    public override Task What_was_demanded_is_never_taken_back() =>
        base.What_was_demanded_is_never_taken_back();

    [Fact]
    public override Task Rows_are_divided_where_no_program_starts_that_reads_none() =>
        base.Rows_are_divided_where_no_program_starts_that_reads_none();
}
