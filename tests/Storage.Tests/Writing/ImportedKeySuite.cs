using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>What every database does alike with the index of imported keys.</summary>
public abstract class ImportedKeySuite
{
    protected abstract StorageOptions NewDatabase();

    public virtual async Task A_key_is_found_by_any_of_its_digests_in_its_organization_and_scheme_only()
    {
        await using var store = await Open();
        Assert.Equal(CommitOutcome.Done, await store.Commit(Import("t1", Key("s", "p1", "a"), Key("s", "p2", "b"))));
        foreach (var key in new[] { Key("s", "p1", "a"), Key("s", "p2", "b") })
        {
            Assert.Equal("t1", await store.ImportedKeys.Find("o1", [Key("s", "p9", "z"), key]));
            Assert.Null(await store.ImportedKeys.Find("o2", [key]));
        }

        Assert.Null(
            await store.ImportedKeys.Find("o1", [Key("other", "p1", "a"), Key("s", "p2", "a"), Key("s", "p1", "A")]));
        Assert.Null(await store.ImportedKeys.Find("o1", []));
        Assert.Equal(
            (1, 0), (await store.ImportedKeys.CountOf("o1", "s"), await store.ImportedKeys.CountOf("o2", "s")));
    }

    public virtual async Task No_two_tokens_have_one_key_and_the_others_of_a_group_are_written()
    {
        await using var store = await Open();
        await store.Commit(Import("first", Key("s", "p1", "k7")));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => store.Commit(i switch
        {
            7 => Import("t7", Key("s", "p2", "new"), Key("s", "p1", "k7")),
            9 => Import("t9", "first", Key("s", "p1", "k9")),
            11 => Create(Row("t11")),
            _ => Import($"t{i}", Key("s", "p1", i == 13 ? "k12" : $"k{i}")),
        })));
        Assert.Equal(CommitOutcome.KeyTaken, outcomes[7]);
        Assert.Equal(CommitOutcome.NameTaken, outcomes[9]);
        Assert.Equal([CommitOutcome.Done, CommitOutcome.KeyTaken], new[] { outcomes[12], outcomes[13] }.Order());
        Assert.Equal(61, outcomes.Count(outcome => outcome == CommitOutcome.Done));
        Assert.Null(await store.Read(Rows.Key("t7")));
        Assert.Equal("first", await store.ImportedKeys.Find("o1", [Key("s", "p1", "k7")]));
        Assert.Null(await store.ImportedKeys.Find("o1", [Key("s", "p2", "new"), Key("s", "p1", "k9")]));
        Assert.Equal(61, await store.ImportedKeys.CountOf("o1", "s"));
    }

    public virtual async Task The_same_command_again_is_done_and_writes_nothing()
    {
        await using var store = await Open();
        var import = Import("t1", Key("s", "p1", "a"));
        Assert.Equal(CommitOutcome.Done, await store.Commit(import));
        Assert.Equal(CommitOutcome.Done, await store.Commit(import));
        Assert.Single(await store.AuditOf("t1"));
        Assert.Equal(
            CommitOutcome.Conflict,
            await store.Commit(import with { Record = import.Record with { CommandId = "c2" } }));
    }

    public virtual async Task A_later_version_keeps_replaces_or_drops_the_keys_of_its_token()
    {
        await using var store = await Open();
        await store.Commit(Import("t1", Key("s", "p1", "a"), Key("s", "p2", "b")));
        await store.Commit(Import("t2", Key("s", "p1", "c")));
        await store.Commit(Update(Row("t1", 2, command: "c2")));
        Assert.Equal("t1", await store.ImportedKeys.Find("o1", [Key("s", "p1", "a")]));

        Assert.Equal(
            CommitOutcome.Done,
            await store.Commit(Update(Row("t1", 3, command: "c3")) with { ImportedKeys = [Key("s", "p3", "d")] }));
        Assert.Null(await store.ImportedKeys.Find("o1", [Key("s", "p1", "a"), Key("s", "p2", "b")]));
        Assert.Equal("t1", await store.ImportedKeys.Find("o1", [Key("s", "p3", "d")]));

        Assert.Equal(
            CommitOutcome.Done, await store.Commit(Update(Row("t1", 4, command: "c4")) with { ImportedKeys = [] }));
        Assert.Null(await store.ImportedKeys.Find("o1", [Key("s", "p3", "d")]));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Import("t3", Key("s", "p1", "a"))));

        Assert.Equal(
            CommitOutcome.Done,
            await store.Commit(new Commit(Row("t2", 2, command: "c5"), 1, []) { Purges = true, ImportedKeys = [] }));
        Assert.Null(await store.ImportedKeys.Find("o1", [Key("s", "p1", "c")]));
    }

    public virtual async Task A_version_that_is_not_written_changes_no_key()
    {
        await using var store = await Open();
        await store.Commit(Import("t1", Key("s", "p1", "a")));
        Assert.Equal(
            CommitOutcome.Conflict, await store.Commit(Update(Row("t1", 7, command: "c7")) with { ImportedKeys = [] }));
        Assert.Equal("t1", await store.ImportedKeys.Find("o1", [Key("s", "p1", "a")]));
    }

    public virtual async Task What_would_come_of_an_import_is_foreseen()
    {
        await using var store = await Open();
        await store.Commit(Import("t1", Key("s", "p1", "a")));
        Assert.Equal(CommitOutcome.KeyTaken, await store.Foresee([Import("t2", Key("s", "p1", "a"))]));
        Assert.Equal(CommitOutcome.Done, await store.Foresee([Import("t2", Key("s", "p1", "b"))]));
        Assert.Null(await store.Read(Rows.Key("t2")));
    }

    public virtual async Task Keys_are_counted_by_their_pepper()
    {
        await using var store = await Open();
        await store.Peppers.AddCheck("p1", "check");
        await store.Peppers.AddCheck("p2", "check");
        await store.Commit(Import("t1", Key("s", "p1", "a"), Key("s", "p2", "b")));
        await store.Commit(Import("t2", Key("s", "p1", "c")));
        Assert.Equal(
            [("p1", 2L), ("p2", 1L)],
            (await store.Peppers.Known()).Select(pepper => (pepper.Id, pepper.ImportedKeys)).Order());
    }

    /// <summary>Whoever writes at the same time under whichever of two peppers: every key has one token.</summary>
    public virtual async Task Of_many_imports_at_once_each_key_gets_one_token()
    {
        await using var store = await Open();
        var random = new Random(20261127);
        var wanted = Enumerable.Range(0, 600).Select(i => (Id: $"t{i}", Key: $"k{random.Next(150)}")).ToList();
        var outcomes = await Task.WhenAll(wanted.Select(one => store.Commit(
            Import(one.Id, Key("s", "p1", one.Key), Key("s", "p2", one.Key)))));
        var made = wanted.Zip(outcomes).Where(one => one.Second == CommitOutcome.Done).Select(one => one.First).ToList();
        Assert.Equal(wanted.Select(one => one.Key).Distinct().Count(), made.Count);
        Assert.Equal(made.Count, made.Select(one => one.Key).Distinct().Count());
        Assert.All(
            outcomes, outcome => Assert.True(outcome is CommitOutcome.Done or CommitOutcome.KeyTaken, $"{outcome}"));
        foreach (var (id, key) in made)
        {
            Assert.Equal(id, await store.ImportedKeys.Find("o1", [Key("s", "p2", key)]));
        }
    }

    private static ImportedKey Key(string scheme, string pepper, string digest) => new(scheme, pepper, digest);

    private static Commit Import(string id, params ImportedKey[] keys) => Create(Row(id)) with { ImportedKeys = keys };

    private static Commit Import(string id, string name, params ImportedKey[] keys) =>
        Create(Row(id, name: name)) with { ImportedKeys = keys };

    private Task<RecordStore> Open() =>
        StoreFactory.Open(NewDatabase(), "s1", TimeProvider.System, NullLoggerFactory.Instance);
}
