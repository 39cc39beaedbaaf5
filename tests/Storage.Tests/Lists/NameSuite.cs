using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>What names are unique in, and how lists of them go on, on every database alike.</summary>
public abstract class NameSuite
{
    private const string Kind = "integration";

    private static readonly RecordScope All = new(Kind, "o1");

    protected abstract StorageOptions NewDatabase();

    private static Task<RecordStore> Open(StorageOptions options) =>
        StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);

    public virtual async Task A_name_is_unique_in_its_scope_and_found_where_it_alone_is_borne()
    {
        await using var store = await Open(NewDatabase());
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(In("a1", 1, "Same"))));
        Assert.Equal(Id(1), (await store.FindByName(All, "SAME"))?.Key.Id);
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(In("a2", 2, "same"))));
        Assert.Equal(CommitOutcome.NameTaken, await store.Commit(Create(In("a2", 3, "SAME"))));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(In("a2", 4, "other"))));
        Assert.Null(await store.FindByName(All, "same"));
        Assert.Equal(
            Id(2),
            Assert.Single((await store.List(All with { OwnerId = "a2" }, Query(filters: ["name[eq]Same"])))!).Key.Id);

        // A rename asks the scope that the row has, whatever the new version says.
        var renamed = Next(In("a2", 4, "Same")) with { NameScope = "" };
        Assert.Equal(CommitOutcome.NameTaken, await store.Commit(Update(renamed) with { Renames = true }));
        Assert.Equal(
            CommitOutcome.Done, await store.Commit(Update(Next(In("a2", 4, "third"))) with { Renames = true }));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Update(Gone(In("a1", 1, "Same")))));
        Assert.Equal(Id(2), (await store.FindByName(All, "same"))?.Key.Id);
    }

    public virtual async Task Pages_of_names_that_several_bear_show_each_once()
    {
        await using var store = await Open(NewDatabase());
        for (var i = 0; i < 12; i++)
        {
            await store.Commit(Create(In($"a{i}", i, i < 7 ? "Default" : $"name{i:00}")));
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(Id), await Pages(store, 3, row => row.Name));
        Assert.Equal(Enumerable.Range(0, 12).Select(Id), await Pages(store, 20, row => row.Name));
        Assert.Equal(Enumerable.Range(0, 12).Select(Id), await Pages(store, 1, row => row.Key.Id, "created_at"));
    }

    public virtual async Task Pages_go_on_in_any_letter_case()
    {
        await using var store = await Open(NewDatabase());
        string[] names = ["mix-Alpha@Example.com", "Mix-beta@example.com", "mix-Gamma@Example.com", "MIX-ÜBER@example.com"];
        for (var i = 0; i < names.Length; i++)
        {
            await store.Commit(Create(In("a1", i, names[i])));
        }

        Assert.Equal(Enumerable.Range(0, 4).Select(Id), await Pages(store, 1, row => row.Name));
        Assert.Equal(Enumerable.Range(0, 4).Select(Id), await Pages(store, 1, row => row.Name.ToUpperInvariant()));
        async Task<string> Found(string filter) => string.Concat(
            (await store.List(All, Query(filters: [filter])))!.Select(row => Array.IndexOf(names, row.Name)));
        Assert.Equal("2", await Found("name[eq]MIX-GAMMA@example.COM"));
        Assert.Equal("013", await Found("name[neq]mix-gamma@example.com"));
        Assert.Equal("02", await Found("name[in]MIX-Alpha@example.com,mix-gamma@example.com"));
        Assert.Equal("13", await Found("name[not in]MIX-Alpha@example.com,mix-gamma@example.com"));
        Assert.Equal("3", await Found("name[like]mix-Ü*"));
        Assert.Equal("012", await Found("name[not like]*-üBER*"));
        Assert.Equal("23", await Found("name[gt]Mix-Beta@example.com"));
        Assert.Equal("01", await Found("name[lte]MIX-BETA@example.com"));
    }

    /// <summary>A name that another one begins is found by neither's filter for the other (SQL Server's = passes
    /// trailing blanks over).</summary>
    public virtual async Task Trailing_blanks_are_part_of_a_name()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(In("a1", 0, "administrator")));
        Assert.Null(await store.FindByName(All, "administrator "));
        Assert.Equal(Id(0), (await store.FindByName(All, "administrator"))?.Key.Id);
        async Task<int> Found(string filter) => (await store.List(All, Query(filters: [filter])))!.Count;
        Assert.Equal(1, await Found("name[eq]administrator"));
        Assert.Equal(0, await Found("name[eq]administrator "));
        Assert.Equal(1, await Found("name[neq]administrator "));
        Assert.Equal(0, await Found("name[in]other,administrator "));
        Assert.Equal(1, await Found("name[not in]other,administrator "));
        Assert.Equal(0, await Found($"id[eq]{Id(0)} "));
        Assert.Equal(0, await Found("fullname[eq]administrator "));
    }

    public virtual async Task A_page_goes_on_after_what_was_deleted_since()
    {
        await using var store = await Open(NewDatabase());
        for (var i = 0; i < 6; i++)
        {
            await store.Commit(Create(In("a1", i, $"Name-{9 - i}")));
        }

        await store.Commit(Update(Gone(In("a1", 2, "Name-7"))));
        async Task<string> After(string start, params string[] orders) => (await store.List(All, Query(100, start, orders))) is { } rows
            ? string.Concat(rows.Select(row => row.Key.Id[^1])) : "none";
        Assert.Equal("345", await After("Name-7", "created_at"));
        Assert.Equal("10", await After("name-7", "created_at[desc]"));
        Assert.Equal("345", await After(Id(2), "created_at"));
        Assert.Equal("345", await After("2026-01-01T01:02:00+01:00", "created_at"));
        Assert.Equal("10", await After("2026-01-01T00:02:00Z", "created_at[desc]", "name"));
        Assert.Equal("10", await After("Name-7"));
        Assert.Equal("10", await After(Id(2)));
        Assert.Equal("345", await After("NAME-7", "name[desc]"));
        Assert.Equal("none", await After("never", "created_at"));
        Assert.Equal("none", await After("2026-01-01", "created_at"));
        Assert.Equal("none", await After("2026-01-01T00:02:00Z", "fullname"));
    }

    public virtual async Task Fields_of_the_state_filter_and_order()
    {
        await using var store = await Open(NewDatabase());
        string[] states =
        [
            """{"status":"Enabled","role_binding":["viewer","x"],"last_logon":"2026-01-01T00:00:00+00:00","type":"Personal"}""",
            """{"status":"PasswordExpired","role_binding":[],"last_logon":"2026-01-01T00:00:00.5+00:00","type":"Service"}""",
            """{"status":"Disabled","role_binding":["administrator"],"last_logon":"2026-01-01T00:00:01+00:00","type":"Service"}""",
            """{"status":"Enabled","last_logon":"2026-01-02T00:00:00.123456+00:00","type":"Personal"}""",
        ];
        for (var i = 0; i < states.Length; i++)
        {
            await store.Commit(Create(In("a1", i, $"n{i}") with { State = states[i] }));
        }

        async Task<string> Found(string? filter, params string[] orders)
        {
            var rows = await store.List(
                All, Query(orders: orders, filters: filter is null ? [] : [filter], schema: MemberList.Schema));
            return string.Concat(rows!.Select(row => row.Key.Id[^1]));
        }

        Assert.Equal("03", await Found("state[eq]ENABLED"));
        Assert.Equal("12", await Found("state[neq]enabled"));
        Assert.Equal("1", await Found("state[in]password_expired,other"));
        Assert.Equal("0", await Found("role_binding[eq]Viewer"));
        Assert.Equal("123", await Found("role_binding[neq]viewer"));
        Assert.Equal("02", await Found("role_binding[in]x,administrator"));
        Assert.Equal("13", await Found("role_binding[not in]x,administrator"));
        Assert.Equal("2", await Found("role_binding[like]adm*"));
        Assert.Equal("01", await Found("last_logon[lt]2026-01-01T00:00:01Z"));
        Assert.Equal("1", await Found("last_logon[eq]2026-01-01T01:00:00.50+01:00"));
        Assert.Equal("23", await Found("last_logon[not in]2026-01-01T00:00:00Z,2026-01-01T00:00:00.5Z"));
        Assert.Equal("3210", await Found(null, "last_logon[desc]"));
        Assert.Equal("2031", await Found(null, "state", "name"));
        Assert.Equal("3201", await Found(null, "role_binding"));
    }

    public virtual async Task A_truth_value_filters_by_its_words()
    {
        await using var store = await Open(NewDatabase());
        string[] states = ["true", "false", "null"];
        for (var i = 0; i < states.Length; i++)
        {
            var state = """{"content":{"credential":{"managed":?}}}""".Replace("?", states[i]);
            await store.Commit(Create(In("a1", i, $"n{i}") with { State = state }));
        }

        async Task<string> Found(params string[] filters) => string.Concat(
            (await store.List(All, Query(filters: filters, schema: ResourceLists.Credentials)))!.Select(row => row.Key.Id[^1]));
        Assert.Equal("0", await Found("managed[eq]Managed"));
        Assert.Equal("12", await Found("managed[neq]Managed"));
        Assert.Equal("12", await Found("managed[in]Unmanaged"));
    }

    /// <summary>
    /// Rows that were written before there was a scope get theirs, and programs of the release before, which name no
    /// scope, go on writing.
    /// </summary>
    public virtual async Task A_migration_fills_the_scope_of_rows_and_lets_older_programs_write()
    {
        var options = NewDatabase();
        await using (var before = StoreFactory.Create(options))
        {
            await using var connection = await before.Open();
            await Run(connection, before.Sql["create_schema_versions"]);
            foreach (var (number, text) in SqlText.Migrations(before.Name).Where(migration => migration.Number < 8))
            {
                await Run(connection, text);
                await Run(
                    connection,
                    $"INSERT INTO schema_versions (number, oldest_program, applied_at) VALUES ({number}, 1, 0)");
            }

            await Old(connection, "integration", "i1", "a1", "x");
            await Old(connection, "credential", "c1", "i1", "x");
            await Old(connection, "credential", "c2", "p1", "y");
            await Old(connection, "account", "a1", "o1", "x");
            await Old(connection, "organization", "o2", "o1", "x", organization: "");
        }

        await using var store = await Open(options);
        Assert.False(store.MayDivideRows);
        var i1 = (await store.Read(new RecordKey("integration", "i1")))!;
        Assert.Null(i1.Hot);
        Assert.Equal(
            CommitOutcome.Done,
            await store.Commit(new(i1 with { Version = 2, State = StoredRecord.Kept, Hot = [7, 0, 255] }, 1, [])));
        var divided = (await store.Read(i1.Key))!;
        Assert.Equal(("{}", 2), (divided.State, divided.Version));
        Assert.Equal([7, 0, 255], divided.Hot);
        async Task<string?> ScopeOf(string kind, string id) => (await store.Read(new RecordKey(kind, id)))?.NameScope;
        Assert.Equal("a1", await ScopeOf("integration", "i1"));
        Assert.Equal("a1", await ScopeOf("credential", "c1"));
        Assert.Equal("p1", await ScopeOf("credential", "c2"));
        Assert.Equal("", await ScopeOf("account", "a1"));
        Assert.Equal("o1", await ScopeOf("organization", "o2"));
        await using var old = StoreFactory.Create(options);
        await using var other = await old.Open();
        await Old(other, "account", "a2", "o1", "z");
        Assert.Equal("", await ScopeOf("account", "a2"));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Old(other, "account", "a3", "o1", "x"));
    }

    private static async Task Old(
        System.Data.Common.DbConnection connection, string kind, string id, string owner, string name, string organization = "o1")
    {
        await Run(
            connection,
            "INSERT INTO records (service_id, kind, id, version, command_id, state, organization_id, owner_id, name, name_key, status, "
            + "created_at, updated_at) "
            + $"VALUES ('s1', '{kind}', '{id}', 1, 'c', '{{}}', '{organization}', '{owner}', '{name}', '{name}', 'live', 0, 0)");
    }

    private static async Task Run(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.Command(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static string Id(int number) => $"00000000-0000-0000-0000-{number:000000000000}";

    private static StoredRecord In(string account, int number, string name) => Row(Id(number), name: name) with
    {
        Key = new RecordKey(Kind, Id(number)),
        OwnerId = account,
        NameScope = account,
        CreatedAt = Now.AddMinutes(number),
    };

    private static StoredRecord Next(StoredRecord row) => row with { Version = 2, CommandId = "c2" };

    private static StoredRecord Gone(StoredRecord row) =>
        Next(row) with { NameKey = null, Status = StoredRecord.Deleted };

    /// <summary>The ids of all pages, each of which begins after what the last row of the one before says.</summary>
    private static async Task<List<string>> Pages(
        RecordStore store, int limit, Func<StoredRecord, string> startAfter, params string[] orders)
    {
        List<string> seen = [];
        for (string? after = null; seen.Count < 100;)
        {
            var rows = await store.List(All, Query(limit, after, orders));
            Assert.NotNull(rows);
            seen.AddRange(rows.Select(row => row.Key.Id));
            if (rows.Count < limit)
            {
                return seen;
            }

            after = startAfter(rows[^1]);
        }

        throw new InvalidOperationException("the pages do not end");
    }

    private static ListQuery Query(
        int limit = 100, string? after = null, string[]? orders = null, string[]? filters = null, ListSchema? schema = null)
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(
            schema ?? ResourceLists.Integrations, [$"{limit}"], after is null ? [] : [after], orders ?? [], filters ?? [], problems);
        Assert.Empty(problems);
        return query ?? throw new InvalidOperationException("a query without problems parses");
    }
}
