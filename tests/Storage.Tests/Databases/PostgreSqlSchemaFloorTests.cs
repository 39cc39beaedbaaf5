namespace TokenActors.Storage.Tests.Databases;

/// <summary>The suite on PostgreSql.</summary>
public sealed class PostgreSqlSchemaFloorTests : SchemaFloorSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task A_program_that_is_older_than_what_was_demanded_does_not_start() =>
        base.A_program_that_is_older_than_what_was_demanded_does_not_start();

    [PostgreSqlFact]
    public override Task What_was_demanded_is_never_taken_back() =>
        base.What_was_demanded_is_never_taken_back();

    [PostgreSqlFact]
    public override Task Rows_are_divided_where_no_program_starts_that_reads_none() =>
        base.Rows_are_divided_where_no_program_starts_that_reads_none();
}
