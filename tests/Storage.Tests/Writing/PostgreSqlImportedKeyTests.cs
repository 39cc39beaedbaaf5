namespace TokenActors.Storage.Tests.Writing;

/// <summary>The suite on PostgreSql.</summary>
public sealed class PostgreSqlImportedKeyTests : ImportedKeySuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task A_key_is_found_by_any_of_its_digests_in_its_organization_and_scheme_only() =>
        base.A_key_is_found_by_any_of_its_digests_in_its_organization_and_scheme_only();

    [PostgreSqlFact]
    public override Task No_two_tokens_have_one_key_and_the_others_of_a_group_are_written() =>
        base.No_two_tokens_have_one_key_and_the_others_of_a_group_are_written();

    [PostgreSqlFact]
    public override Task The_same_command_again_is_done_and_writes_nothing() =>
        base.The_same_command_again_is_done_and_writes_nothing();

    [PostgreSqlFact]
    public override Task A_later_version_keeps_replaces_or_drops_the_keys_of_its_token() =>
        base.A_later_version_keeps_replaces_or_drops_the_keys_of_its_token();

    [PostgreSqlFact]
    public override Task A_version_that_is_not_written_changes_no_key() =>
        base.A_version_that_is_not_written_changes_no_key();

    [PostgreSqlFact]
    public override Task What_would_come_of_an_import_is_foreseen() =>
        base.What_would_come_of_an_import_is_foreseen();

    [PostgreSqlFact]
    public override Task Keys_are_counted_by_their_pepper() =>
        base.Keys_are_counted_by_their_pepper();

    [PostgreSqlFact]
    public override Task Of_many_imports_at_once_each_key_gets_one_token() =>
        base.Of_many_imports_at_once_each_key_gets_one_token();
}
