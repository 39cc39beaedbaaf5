using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>Names with every odd character: filters, pages and look-ups find them, and no others.</summary>
public abstract class OddTextSuite
{
    private static readonly RecordScope All = new("token", "o1");

    private static readonly string[] Names =
    [
        "plain", "Plain-2", "with space", " leading", "trailing ", "a_b", "axb", "a!b", "a!_b", "[x]", "x", "it's",
        "''", "\"quoted\"", "back\\slash", "semi;colon", "--comment", "/*comment*/", "comma,comma", "equal=sign", "$1", "@p0",
        ":p0", "?", "{0}", "ünï", "ÜBER", "straße", "🙂", "🙂🙃", "~tilde", "}brace", "|pipe", "zz", "z{", "%", "100%",
        "*", "null", "true", "0",
    ];

    protected abstract StorageOptions NewDatabase();

    private static string Id(int i) => $"00000000-0000-0000-0000-{i:D12}";

    private static ListQuery Query(int limit, string? start, string[] orders, params string[] filters)
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(
            TokenList.Schema, [$"{limit}"], start is null ? [] : [start], orders, filters, problems);
        Assert.True(query is not null, string.Join("; ", problems));
        return query;
    }

    private async Task<RecordStore> Filled()
    {
        var store = await StoreFactory.Open(NewDatabase(), "s1", TimeProvider.System, NullLoggerFactory.Instance);
        var outcomes = await Task.WhenAll(Names.Select((name, i) => store.Commit(Create(Token(i, name)))));
        Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Done, outcome));
        return store;
    }

    private static StoredRecord Token(int i, string name) => Row(Id(i)) with
    {
        Name = name,
        NameKey = NameKey.Of(name),
        State = System.Text.Json.JsonSerializer.Serialize(new { fullname = name, token_type = "adhoc" }),
        CreatedAt = Now.AddSeconds(i / 3),
    };

    public virtual async Task Each_name_is_found_by_itself_in_any_letter_case_and_read_as_it_was_written()
    {
        await using var store = await Filled();
        foreach (var name in Names)
        {
            var found = await store.FindByName(All, name);
            Assert.Equal(name, found?.Name);
            Assert.Equal(found?.Key, (await store.FindByName(All, name.ToUpperInvariant()))?.Key);
            Assert.Equal([name], await Found(store, $"name[eq]{Written(name)}"));
            Assert.Equal([name], await Found(store, $"fullname[eq]{Written(name)}"));
            Assert.Equal(Names.Length - 1, (await Found(store, $"name[neq]{Written(name)}")).Count);
            Assert.Equal(CommitOutcome.NameTaken, await store.Commit(Create(Token(900, name))));
        }
    }

    /// <summary>Against what the same question comes to in memory.</summary>
    public virtual async Task A_pattern_finds_what_begins_ends_or_holds_a_text()
    {
        await using var store = await Filled();
        var written = Names.Where(name => !name.AsSpan().ContainsAny('%', '*'));
        foreach (var part in written.Concat(["a", "A", "z", "~", "!", "_", "["]))
        {
            var key = NameKey.Of(part);
            await Same(of => of.StartsWith(key, StringComparison.Ordinal), $"name[like]{Written(part + '*')}");
            await Same(of => of.EndsWith(key, StringComparison.Ordinal), $"name[like]%{part}");
            await Same(of => of.Contains(key, StringComparison.Ordinal), $"name[like]*{part}*");
            await Same(of => !of.Contains(key, StringComparison.Ordinal), $"name[not like]*{part}*");
            await Same(of => of == key, $"name[like]{Written(part)}");
        }

        async Task Same(Func<string, bool> expected, string filter)
        {
            var found = await Found(store, filter);
            Assert.True(
                Names.Where(name => expected(NameKey.Of(name))).ToHashSet().SetEquals(found),
                $"{filter} found {string.Join(" ", found)}");
        }
    }

    public virtual async Task Pages_of_every_size_show_each_row_once_in_every_order()
    {
        await using var store = await Filled();
        string[][] orders =
        [
            [], ["name[desc]"], ["id"], ["id[desc]"], ["created_at"], ["created_at[desc]"],
            ["created_at", "name[desc]"], ["fullname"], ["fullname[desc]"], ["token_type"],
        ];
        foreach (var order in orders)
        {
            var whole = await Walk(store, Names.Length + 1, order);
            Assert.Equal(Names.Length, whole.Distinct().Count());
            foreach (var size in new[] { 1, 7, Names.Length - 1, Names.Length })
            {
                Assert.Equal(whole, await Walk(store, size, order));
            }
        }

        Assert.Equal(
            await Walk(store, 100, ["name"]), (await Walk(store, 100, ["name[desc]"])).Reverse<string>());
    }

    public virtual async Task A_page_after_the_last_row_is_empty_and_one_after_a_name_of_no_row_goes_on_at_its_place()
    {
        await using var store = await Filled();
        var ids = await Walk(store, 100, []);
        var last = Names[int.Parse(ids[^1][^12..])];
        Assert.Empty((await store.List(All, Query(10, last, [])))!);
        Assert.Empty((await store.List(All, Query(10, ids[^1], ["name"])))!);
        Assert.Empty((await store.List(All, Query(10, ids[0], ["name[desc]"])))!);
        var afterNone = (await store.List(All, Query(100, "plain-1", [])))!;
        Assert.Equal("Plain-2", afterNone[0].Name);
        Assert.Null(await store.List(All, Query(10, "never", ["created_at"])));

        // The rows of another organization say no place.
        await store.Commit(Create(Row(Id(500), name: "elsewhere") with { OrganizationId = "o2" }));
        Assert.Null(await store.List(All, Query(10, "elsewhere", ["created_at"])));
        Assert.Null(await store.List(All, Query(10, Id(500), ["created_at"])));
    }

    /// <summary>A value that begins with a quote is written between quotes, with each of its own twice.</summary>
    private static string Written(string value) =>
        value.StartsWith('"') ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;

    private static async Task<List<string>> Found(RecordStore store, string filter) =>
        [.. (await store.List(All, Query(100, null, [], filter)))!.Select(row => row.Name)];

    private static async Task<List<string>> Walk(RecordStore store, int size, string[] orders)
    {
        List<string> seen = [];
        string? start = null;
        while (seen.Count <= Names.Length)
        {
            var rows = (await store.List(All, Query(size, start, orders)))!;
            seen.AddRange(rows.Select(row => row.Key.Id));
            if (rows.Count < size)
            {
                break;
            }

            start = rows[^1].Key.Id;
        }

        return seen;
    }
}
