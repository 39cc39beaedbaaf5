using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>Rows that are written together, on every database alike: all of them, or none.</summary>
public abstract class TransactionSuite
{
    protected abstract StorageOptions NewDatabase();

    private static Task<RecordStore> Open(StorageOptions options) =>
        StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);

    private static Commit Below(string parent, StoredRecord row) =>
        Create(row with { ParentId = parent }) with { LiveParents = [Key(parent)] };

    private static Commit Delete(string id) =>
        Update(Row(id, 2, command: "d") with { Status = StoredRecord.Deleting, NameKey = null });

    public virtual async Task All_rows_are_written_each_with_its_audit_row()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("old")));
        Assert.Equal(
            CommitOutcome.Done,
            await store.CommitAll(
                [Create(Row("t1")), Update(Row("old", 2, name: "new", command: "c2")) with { Renames = true }, Create(Row("t2"))]));
        Assert.Equal(Row("t1"), await store.Read(Key("t1")));
        Assert.Equal(Row("old", 2, name: "new", command: "c2"), await store.Read(Key("old")));
        Assert.Equal(Row("t2"), await store.Read(Key("t2")));
        Assert.Equal(["token.issued", "token.changed"], (await store.AuditOf("old")).Select(a => a.Event));
        Assert.Equal(["token.issued"], (await store.AuditOf("t2")).Select(a => a.Event));
    }

    public virtual async Task A_name_that_is_taken_on_the_first_leaves_nothing_of_the_others()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("owner", name: "Name")));
        Assert.Equal(
            CommitOutcome.NameTaken, await store.CommitAll(
                [Create(Row("t1", name: "nAME")), Create(Row("t2")), Create(Row("t3"))]));
        await NothingIsLeftOf(store, "t1", "t2", "t3");
        Assert.Equal(
            CommitOutcome.Done, await store.CommitAll([Create(Row("t1")), Create(Row("t2")), Create(Row("t3"))]));
    }

    public virtual async Task An_id_that_is_taken_on_the_second_leaves_nothing_of_the_others()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("taken", command: "other")));
        Assert.Equal(
            CommitOutcome.Conflict,
            await store.CommitAll(
                [Create(Row("t1", name: "wanted")), Create(Row("taken", name: "free")), Create(Row("t3"))]));
        await NothingIsLeftOf(store, "t1", "t3");
        Assert.Equal(Row("taken", command: "other"), await store.Read(Key("taken")));
        Assert.Single(await store.AuditOf("taken"));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t9", name: "wanted"))));
    }

    public virtual async Task A_parent_that_is_gone_on_the_third_leaves_nothing_of_the_others()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("p")));
        await store.Commit(Delete("p"));
        Assert.Equal(
            CommitOutcome.ParentGone, await store.CommitAll(
                [Create(Row("t1")), Below("t1", Row("t2")), Below("p", Row("t3"))]));
        Assert.Equal(CommitOutcome.ParentGone, await store.CommitAll([Create(Row("t1")), Below("nobody", Row("t2"))]));
        await NothingIsLeftOf(store, "t1", "t2", "t3");
    }

    public virtual async Task An_update_at_another_version_leaves_nothing_of_the_others()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1")));
        await store.Commit(Create(Row("t2")));
        await store.Commit(Create(Row("named")));
        Assert.Equal(
            CommitOutcome.Conflict,
            await store.CommitAll(
                [Create(Row("t3")), Update(Row("t1", 2, command: "c2")), Update(Row("t2", 7, command: "c2"))]));
        Assert.Equal(
            CommitOutcome.NameTaken,
            await store.CommitAll(
                [Create(Row("t3")), Update(Row("t1", 2, name: "named", command: "c2")) with { Renames = true }]));
        await NothingIsLeftOf(store, "t3");
        Assert.Equal(Row("t1"), await store.Read(Key("t1")));
        Assert.Single(await store.AuditOf("t1"));
        Assert.Single(await store.AuditOf("t2"));
    }

    public virtual async Task A_row_that_the_database_refuses_leaves_nothing_of_the_others_and_fails_nobody_else()
    {
        await using var store = await Open(NewDatabase());
        var bad = store.CommitAll([Create(Row("t1")), Create(Row("t2") with { Name = null! })]);
        var other = store.CommitAll([Create(Row("t3")), Create(Row("t4"))]);
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        Assert.Equal(CommitOutcome.Done, await other);
        await NothingIsLeftOf(store, "t1", "t2");
        Assert.Equal(CommitOutcome.Done, await store.CommitAll([Create(Row("t1")), Create(Row("t2"))]));
    }

    public virtual async Task The_same_command_again_is_done_and_leaves_each_audit_row_once()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("old", command: "c0")));
        Commit[] commits = [Create(Row("t1")), Update(Row("old", 2)), Below("t1", Row("t2"))];
        Assert.Equal(CommitOutcome.Done, await store.CommitAll(commits));
        Assert.Equal(CommitOutcome.Done, await store.CommitAll(commits));
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.CommitAll(commits))),
            o => Assert.Equal(CommitOutcome.Done, o));
        Assert.Single(await store.AuditOf("t1"));
        Assert.Single(await store.AuditOf("t2"));
        Assert.Equal(2, (await store.AuditOf("old")).Count);
    }

    /// <summary>Done would be a lie: the rows that are not there were never written.</summary>
    public virtual async Task Rows_of_which_the_same_command_wrote_only_some_before_are_not_done()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t2")));
        Assert.Equal(CommitOutcome.Conflict, await store.CommitAll([Create(Row("t1")), Create(Row("t2"))]));
        Assert.Equal(CommitOutcome.Conflict, await store.CommitAll([Create(Row("t2")), Create(Row("t1"))]));
        await NothingIsLeftOf(store, "t1");
    }

    public virtual async Task A_child_made_with_its_parent_finds_it_live()
    {
        await using var store = await Open(NewDatabase());
        Assert.Equal(
            CommitOutcome.Done,
            await store.CommitAll([Create(Row("p")), Below("p", Row("c1")), Below("c1", Row("c2"))]));
        Assert.Equal(["c1"], (await store.Children("token", ["p"], 10)).Select(row => row.Key.Id));
        Assert.Equal(CommitOutcome.ParentGone, await store.CommitAll([Below("q", Row("c3")), Create(Row("q"))]));
        await NothingIsLeftOf(store, "q", "c3");
    }

    public virtual async Task Rows_made_at_the_moment_of_their_parents_delete_never_hide_from_the_scan()
    {
        const int rounds = 100;
        var options = NewDatabase();
        await using var one = await Open(options);
        await using var two = await Open(options);
        for (var i = 0; i < rounds; i++)
        {
            var parent = $"p{i}";
            await one.Commit(Create(Row(parent)));
            var delete = one.Commit(Delete(parent));
            var create = two.CommitAll(
                [Create(Row($"a{i}")), Below(parent, Row($"b{i}")), Below(parent, Row($"c{i}"))]);
            Assert.Equal(CommitOutcome.Done, await delete);

            // The scan begins after the delete is stored: what it does not find may not come later.
            var found = await one.Children("token", [parent], 10);
            var outcome = await create;
            Assert.Equal(outcome == CommitOutcome.Done ? 2 : 0, found.Count);
            Assert.Equal(outcome == CommitOutcome.Done, await one.Read(Key($"a{i}")) is not null);
            Assert.Contains(outcome, new[] { CommitOutcome.Done, CommitOutcome.ParentGone });
        }
    }

    public virtual async Task Of_two_that_change_one_row_at_once_one_wins_and_the_other_leaves_nothing()
    {
        var options = NewDatabase();
        await using var one = await Open(options);
        await using var two = await Open(options);
        await one.Commit(Create(Row("p")));
        for (var version = 2; version < 52; version++)
        {
            Task<CommitOutcome> Change(RecordStore store, string by) =>
                store.CommitAll(
                    [Update(Row("p", version, command: $"{by}{version}")), Below("p", Row($"{by}{version}"))]);
            var outcomes = await Task.WhenAll(Change(one, "a"), Change(two, "b"));
            Assert.Equal([CommitOutcome.Done, CommitOutcome.Conflict], outcomes.Order());
            var (winner, loser) = outcomes[0] == CommitOutcome.Done ? ("a", "b") : ("b", "a");
            Assert.Equal($"{winner}{version}", (await two.Read(Key("p")))?.CommandId);
            Assert.NotNull(await two.Read(Key($"{winner}{version}")));
            await NothingIsLeftOf(one, $"{loser}{version}");
        }

        Assert.Equal(51, (await one.AuditOf("p")).Count);
    }

    public virtual async Task Groups_amid_thousands_of_single_rows_are_each_written_whole()
    {
        const int groups = 60;
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("taken")));
        List<Task<CommitOutcome>> together = [];
        List<Task<CommitOutcome>> alone = [];
        for (var i = 0; i < groups; i++)
        {
            alone.AddRange(Enumerable.Range(0, 40).Select(n => store.Commit(Create(Row($"s{i}-{n}")))));
            together.Add(store.CommitAll([Create(Row($"p{i}")), Below($"p{i}", Row($"c{i}")), Create(
                Row($"t{i}", name: i % 3 == 0 ? "taken" : null))]));
        }

        Assert.All(await Task.WhenAll(alone), outcome => Assert.Equal(CommitOutcome.Done, outcome));
        var outcomes = await Task.WhenAll(together);
        for (var i = 0; i < groups; i++)
        {
            Assert.Equal(i % 3 == 0 ? CommitOutcome.NameTaken : CommitOutcome.Done, outcomes[i]);
            string[] ids = [$"p{i}", $"c{i}", $"t{i}"];
            Assert.Equal(i % 3 == 0 ? 0 : 3, (await store.ReadMany("token", ids)).Count);
            Assert.Equal(i % 3 == 0 ? 0 : 1, (await store.AuditOf($"c{i}")).Count);
        }

        Assert.Equal(1 + (groups * 40) + (groups / 3 * 2 * 3), await store.Count(new RecordScope("token", "o1")));
    }

    private static async Task NothingIsLeftOf(RecordStore store, params string[] ids)
    {
        foreach (var id in ids)
        {
            Assert.Null(await store.Read(Key(id)));
            Assert.Empty(await store.AuditOf(id));
        }
    }
}
