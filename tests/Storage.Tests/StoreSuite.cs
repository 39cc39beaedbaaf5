using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests;

/// <summary>What every database must do alike.</summary>
public abstract class StoreSuite
{
    protected abstract StorageOptions NewDatabase();

    private static Task<RecordStore> Open(StorageOptions options, string service = "s1") =>
        StoreFactory.Open(options, service, TimeProvider.System, NullLoggerFactory.Instance);

    public virtual async Task A_row_reads_back_as_it_was_written()
    {
        await using var store = await Open(NewDatabase());
        var row = Row("t1") with
        {
            ParentId = "p",
            ExpiresAt = Now.AddDays(1),
            DueAt = Now.AddHours(1),
            PresentedAt = Now.AddTicks(10),
            LastUsedAt = Now,
            Sealed = [1, 2, 3],
        };
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(row)));
        var read = await store.Read(row.Key);
        Assert.Equal(row with { Sealed = null }, read! with { Sealed = null });
        Assert.Equal(row.Sealed, read.Sealed);
        Assert.Null(await store.Read(new RecordKey("token", "other")));
        var odd = Row("t2", name: "Ünïcode 🙂") with { OwnerId = "", Sealed = [] };
        Assert.Equal(
            CommitOutcome.Done,
            await store.Commit(new Commit(odd, 0, [Entry("t2", 1) with { UserAgent = "", Path = "/é" }])));
        read = await store.Read(odd.Key);
        Assert.Equal(odd with { Sealed = null }, read! with { Sealed = null });
        Assert.Empty(read.Sealed!);
        var entry = Assert.Single(await store.AuditOf("t2"));
        Assert.Equal(("", "/é"), (entry.UserAgent, entry.Path));
    }

    public virtual async Task Each_caller_gets_the_outcome_of_its_own_row()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("taken")));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.Commit(i % 50 == 0
            ? Create(Row($"clash{i}", name: "taken"))
            : i % 50 == 1 ? Update(Row("taken", version: 7, command: $"c{i}")) : Create(Row($"t{i}")))));
        Assert.Equal(10, outcomes.Count(o => o == CommitOutcome.NameTaken));
        Assert.Equal(10, outcomes.Count(o => o == CommitOutcome.Conflict));
        Assert.Equal(480, outcomes.Count(o => o == CommitOutcome.Done));
    }

    public virtual async Task An_update_needs_the_version_it_expects()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1")));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Update(Row("t1", 2, command: "c2"))));
        Assert.Equal(CommitOutcome.Conflict, await store.Commit(Update(Row("t1", 2, command: "c3"))));
        Assert.Equal(CommitOutcome.Conflict, await store.Commit(Update(Row("missing", 2))));
        Assert.Equal(CommitOutcome.Conflict, await store.Commit(Create(Row("t1", command: "c9"))));
        Assert.Equal("c2", (await store.Read(new RecordKey("token", "t1")))!.CommandId);
    }

    public virtual async Task A_command_that_was_carried_out_before_is_done_again()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1")));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t1"))));
        await store.Commit(Update(Row("t1", 2, command: "c2")));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Update(Row("t1", 2, command: "c2"))));
        Assert.Equal(2, (await store.AuditOf("t1")).Count);
    }

    public virtual async Task Names_are_unique_in_any_case_among_the_live_and_free_after_a_delete()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1", name: "Name")));
        Assert.Equal(CommitOutcome.NameTaken, await store.Commit(Create(Row("t2", name: "nAME"))));
        Assert.Equal(
            CommitOutcome.Done, await store.Commit(Create(Row("t3", name: "name") with { OrganizationId = "o2" })));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t4", name: "name") with { NameKey = null })));
        Assert.Equal(
            CommitOutcome.Done,
            await store.Commit(Update(
                Row("t1", 2, name: "Name", command: "c2") with { NameKey = null, Status = StoredRecord.Deleted })));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t2", name: "nAME"))));
    }

    public virtual async Task A_rename_to_a_taken_name_fails_alone()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1")));
        await store.Commit(Create(Row("t2")));
        await store.Commit(Create(Row("t3")));
        var outcomes = await Task.WhenAll(
            store.Commit(Update(Row("t1", 2, name: "t2", command: "c2")) with { Renames = true }),
            store.Commit(Update(Row("t2", 2, command: "c2"))),
            store.Commit(Update(Row("t3", 2, name: "fresh", command: "c2")) with { Renames = true }));
        Assert.Equal([CommitOutcome.NameTaken, CommitOutcome.Done, CommitOutcome.Done], outcomes);
        Assert.Equal("t1", (await store.Read(new RecordKey("token", "t1")))!.Name);
        Assert.Equal("t3", (await store.FindByName(new RecordScope("token", "o1"), "FRESH"))!.Key.Id);
    }

    public virtual async Task One_bad_row_fails_no_other()
    {
        await using var store = await Open(NewDatabase());
        var bad = Row("bad") with { Name = null! };
        var tasks = Enumerable.Range(0, 64).Select(i => store.Commit(Create(i == 31 ? bad : Row($"t{i}")))).ToList();
        for (var i = 0; i < tasks.Count; i++)
        {
            if (i == 31)
            {
                await Assert.ThrowsAsync<InvalidDataException>(() => tasks[i]);
            }
            else
            {
                Assert.Equal(CommitOutcome.Done, await tasks[i]);
            }
        }
    }

    /// <summary>Creates and updates are statements of their own: those of a group that were written stay so when the
    /// others fail, and are not written twice.</summary>
    public virtual async Task A_bad_update_among_creates_fails_alone_and_leaves_each_audit_row_once()
    {
        await using var store = await Open(NewDatabase());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.Commit(Create(Row($"old{i}")))));
        var bad = store.Commit(Update(Row("old7", 2, command: "c2") with { Name = null! }));
        var updates = Enumerable.Range(0, 20).Where(i => i != 7).Select(i => store.Commit(Update(Row($"old{i}", 2, command: "c2")))).ToList();
        var creates = Enumerable.Range(0, 20).Select(i => store.Commit(Create(Row($"new{i}")))).ToList();
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        Assert.All(await Task.WhenAll([.. updates, .. creates]), outcome => Assert.Equal(CommitOutcome.Done, outcome));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(
                i == 7 ? ["token.issued"] : ["token.issued", "token.changed"],
                (await store.AuditOf($"old{i}")).Select(a => a.Event));
            Assert.Equal(["token.issued"], (await store.AuditOf($"new{i}")).Select(a => a.Event));
        }
    }

    /// <summary>More than one group, and more than one writer where the database takes several.</summary>
    public virtual async Task Thousands_at_once_are_each_written_once()
    {
        await using var store = await Open(NewDatabase());
        for (var version = 1; version <= 3; version++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => store.Commit(
                version == 1 ? Create(Row($"t{i}")) : Update(Row($"t{i}", version, command: $"c{version}")))));
            Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Done, outcome));
        }

        for (var i = 0; i < 2_000; i += 97)
        {
            Assert.Equal(3, (await store.Read(new RecordKey("token", $"t{i}")))!.Version);
            Assert.Equal([1, 2, 3], (await store.AuditOf($"t{i}")).Select(a => a.SubjectVersion).Order());
        }
    }

    public virtual async Task Audit_rows_come_with_their_change_and_only_with_it()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1")));
        await store.Commit(Update(Row("t1", 9, command: "c9")));
        await store.Append(Entry("t1", 1, "token.reuse_detected"));
        Assert.Equal(["token.issued", "token.reuse_detected"], (await store.AuditOf("t1")).Select(a => a.Event));
    }

    public virtual async Task A_create_needs_its_parents_alive()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("p")));
        Commit Child(string id) => Create(Row(id, parent: "p")) with { LiveParents = [new RecordKey("token", "p")] };
        Assert.Equal(CommitOutcome.Done, await store.Commit(Child("c1")));
        await store.Commit(Update(Row("p", 2, command: "c2") with { Status = StoredRecord.Deleting, NameKey = null }));
        Assert.Equal(CommitOutcome.ParentGone, await store.Commit(Child("c2")));
        Assert.Equal(
            CommitOutcome.ParentGone,
            await store.Commit(Create(Row("c3")) with { LiveParents = [new RecordKey("token", "nobody")] }));
        Assert.Equal(["c1"], (await store.Children("token", ["p"], 10)).Select(c => c.Key.Id));
        await store.Commit(Create(Row("own", parent: "p") with { BelongsTo = "member" }));
        Assert.Equal("member", (await store.Read(Key("own")))?.BelongsTo);
        Assert.Equal(["c1"], (await store.Children("token", ["p"], 10, unfinishedToo: true)).Select(c => c.Key.Id));
        Assert.Equal(
            ["c1", "own"], (await store.Children("token", ["p"], 10, stayingToo: true)).Select(c => c.Key.Id).Order());
        Assert.Single(await store.Children("token", ["p"], 1, stayingToo: true));
        Assert.Equal(["p"], (await store.BeingDeleted("o1")).Select(c => c.Key.Id));

        await store.Commit(
            Update(Row("c1", 2, command: "c3", parent: "p") with { Status = StoredRecord.Deleting, NameKey = null }));
        Assert.Empty(await store.Children("token", ["p", "c1"], 10));
        Assert.Equal(
            ["c1"], (await store.Children("token", ["p", "c1"], 10, unfinishedToo: true)).Select(c => c.Key.Id));
        Assert.Equal(
            ["c1", "p"], (await store.Unfinished("token", "o1", null, null, 10)).Select(c => c.Key.Id).Order());
        Assert.Single(await store.Unfinished("token", "o1", null, null, 1));
        Assert.Empty(await store.Unfinished("token", "o1", "nobody", null, 10));
        Assert.Empty(await store.Unfinished("token", "o1", null, "nobody", 10));
        Assert.Empty(await store.Unfinished("token", "o2", null, null, 10));
    }

    public virtual async Task A_child_made_at_the_moment_of_its_parents_delete_never_hides_from_the_scan()
    {
        var options = NewDatabase();
        await using var one = await Open(options);
        await using var two = await Open(options);
        for (var i = 0; i < 100; i++)
        {
            var parent = $"p{i}";
            await one.Commit(Create(Row(parent)));
            var delete = one.Commit(
                Update(Row(parent, 2, command: "d") with { Status = StoredRecord.Deleting, NameKey = null }));
            var create = two.Commit(
                Create(Row($"c{i}", parent: parent)) with { LiveParents = [new RecordKey("token", parent)] });
            Assert.Equal(CommitOutcome.Done, await delete);
            var found = await one.Children("token", [parent], 10);
            Assert.Equal(await create == CommitOutcome.Done, found.Count == 1);
        }
    }

    public virtual async Task A_purge_removes_the_row_at_its_version()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1")));
        Assert.Equal(CommitOutcome.Conflict, await store.Commit(Update(Row("t1", 5)) with { Purges = true }));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Update(Row("t1", 2)) with { Purges = true }));
        Assert.Null(await store.Read(new RecordKey("token", "t1")));
        Assert.Equal(2, (await store.AuditOf("t1")).Count);
    }

    public virtual async Task Uses_move_last_use_forward_and_mind_the_version()
    {
        await using var store = await Open(NewDatabase());
        var key = new RecordKey("token", "t1");
        await store.Commit(Create(Row("t1") with { Sealed = [1] }));
        store.NoteUsage(new UsageUpdate(key, 1, Now.AddMinutes(5), Now.AddMinutes(5), false), soon: true);
        store.NoteUsage(new UsageUpdate(key, 1, Now.AddMinutes(3), Now.AddMinutes(3), false), soon: true);
        var read = await ReadUntil(store, key, row => row.LastUsedAt is not null);
        Assert.Equal(Now.AddMinutes(5), read.LastUsedAt);
        Assert.NotNull(read.PresentedAt);
        Assert.NotNull(read.Sealed);
        Assert.Equal(1, read.Version);

        store.NoteUsage(new UsageUpdate(key, 7, Now.AddMinutes(9), Now, true), soon: true);
        Assert.NotNull((await ReadUntil(store, key, row => row.LastUsedAt == Now.AddMinutes(9))).Sealed);
        store.NoteUsage(new UsageUpdate(key, 1, Now.AddMinutes(10), null, true), soon: true);
        Assert.Null((await ReadUntil(store, key, row => row.LastUsedAt == Now.AddMinutes(10))).Sealed);
    }

    public virtual async Task Last_use_and_changes_of_one_row_at_the_same_time_are_both_written()
    {
        const int changes = 200;
        await using var store = await Open(NewDatabase());
        var key = new RecordKey("token", "t1");
        await store.Commit(Create(Row("t1")));
        for (var version = 2; version <= changes; version++)
        {
            store.NoteUsage(new UsageUpdate(key, version - 1, Now.AddSeconds(version), null, false), soon: true);
            Assert.Equal(
                CommitOutcome.Done,
                await store.Commit(Update(Row("t1", version, command: $"c{version}") with { LastUsedAt = Now })));
            store.NoteUsage(
                new UsageUpdate(key, version, Now.AddSeconds(version), Now.AddSeconds(version), false), soon: true);
        }

        var read = await ReadUntil(
            store, key, row => row.PresentedAt is not null && row.LastUsedAt == Now.AddSeconds(changes));
        Assert.Equal((changes, Now.AddSeconds(changes)), (read.Version, read.PresentedAt));
    }

    public virtual async Task Reads_that_come_at_once_each_get_their_own_row()
    {
        await using var store = await Open(NewDatabase());
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => store.Commit(Create(Row($"t{i}")))));
        var read = await Task.WhenAll(Enumerable.Range(0, 1200).Select(
            i => store.Read(new RecordKey(i % 7 == 6 ? "member" : "token", $"t{i % 400}"))));
        for (var i = 0; i < read.Length; i++)
        {
            Assert.Equal(i % 7 == 6 || i % 400 >= 300 ? null : $"t{i % 400}", read[i]?.Key.Id);
        }
    }

    public virtual async Task A_due_time_is_moved_only_in_the_version_that_it_was_found_in()
    {
        await using var store = await Open(NewDatabase());
        var key = new RecordKey("token", "t1");
        await store.Commit(Create(Row("t1") with { DueAt = Now.AddHours(1) }));
        await store.MoveDue(key, 2, Now.AddHours(9));
        Assert.Equal(Now.AddHours(1), (await store.DueOf(key))!.DueAt);
        await store.MoveDue(key, 1, Now.AddHours(5));
        Assert.Equal(Now.AddHours(5), (await store.DueOf(key))!.DueAt);
    }

    /// <summary>Touches are written when it suits the store: waits for one to show.</summary>
    private static async Task<StoredRecord> ReadUntil(RecordStore store, RecordKey key, Func<StoredRecord, bool> shows)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await store.Read(key) is { } row && shows(row))
            {
                return row;
            }

            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public virtual async Task What_is_queued_is_written_before_the_store_closes()
    {
        var options = NewDatabase();
        var store = await Open(options);
        await store.Commit(Create(Row("t1")));
        store.NoteUsage(new UsageUpdate(new RecordKey("token", "t1"), 1, Now.AddHours(1), null, false), soon: false);
        var late = store.Commit(Create(Row("t2")));
        await store.DisposeAsync();
        Assert.Equal(CommitOutcome.Done, await late);
        await using var again = await Open(options);
        Assert.Equal(Now.AddHours(1), (await again.Read(new RecordKey("token", "t1")))!.LastUsedAt);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Commit(Create(Row("t3"))));
    }

    public virtual async Task Reminders_are_found_by_due_time_and_removed_by_tag()
    {
        await using var store = await Open(NewDatabase());
        var key = new RecordKey("token", "t1");
        await store.Commit(Create(Row("t1") with { DueAt = Now.AddMinutes(5) }));
        await store.Commit(Create(Row("t2") with { DueAt = Now.AddDays(5) }));
        await store.Commit(Create(Row("t3")));
        Assert.Equal(["t1"], (await store.Due(Now.AddMinutes(5))).Select(d => d.Key.Id));
        Assert.Empty(await store.Due(Now.AddMinutes(4)));
        var first = await store.RenewDue(key, Now.AddMinutes(9));
        var second = await store.RenewDue(key, Now.AddMinutes(9));
        Assert.NotEqual(first, second);
        Assert.Equal(new DueRecord(key, Now.AddMinutes(5), second), await store.DueOf(key));
        Assert.False(await store.ClearDue(key, first));
        Assert.True(await store.ClearDue(key, second));
        Assert.Null(await store.DueOf(key));
        Assert.NotNull(await store.DueOf(new RecordKey("token", "t2")));
        await store.RenewDue(key, Now.AddMinutes(9));
        Assert.Equal(Now.AddMinutes(9), (await store.DueOf(key))!.DueAt);
    }

    public virtual Task Services_on_one_database_do_not_see_each_other() => AreApart("s1", "s2");

    public virtual Task Services_whose_names_differ_in_case_only_do_not_see_each_other() =>
        AreApart("tokenactors", "TOKENACTORS");

    private async Task AreApart(string first, string second)
    {
        var options = NewDatabase();
        await using var one = await Open(options, first);
        await using var two = await Open(options, second);
        await one.Commit(Create(Row("t1") with { DueAt = Now }));
        Assert.Null(await two.Read(new RecordKey("token", "t1")));
        Assert.Empty(await two.Due(Now.AddDays(1)));
        Assert.Empty((await two.List(new RecordScope("token", "o1"), Query()))!);
        Assert.Empty(await two.AuditOf("t1"));
        Assert.Equal(CommitOutcome.Done, await two.Commit(Create(Row("t1"))));
        Assert.Single(await one.AuditOf("t1"));
        Assert.Single(await two.AuditOf("t1"));

        // Each has a chain of its own over its own rows.
        PepperRing ring = new([new Pepper("p1", new byte[32])]);
        foreach (var store in new[] { one, two })
        {
            Assert.Equal(1, await new AuditChain(store.Links, ring).LinkNext(Now, TimeSpan.Zero));
        }

        foreach (var store in new[] { one, two })
        {
            var verdict = await new AuditVerifier(store.Links, ring, TimeProvider.System).Verify(null, new HashSet<string>());
            Assert.Equal((null, 1L, 0L), (verdict.Broken, verdict.Rows, verdict.Unlinked));
        }
    }

    public virtual async Task Two_writers_that_take_rows_in_opposite_orders_both_get_through()
    {
        var options = NewDatabase();
        await using var one = await Open(options);
        await using var two = await Open(options);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => one.Commit(Create(Row($"t{i:00}")))));
        for (var version = 2; version < 22; version++)
        {
            var forward = Enumerable.Range(0, 40).Select(
                i => one.Commit(Update(Row($"t{i:00}", version, command: $"one{version}"))));
            var backward = Enumerable.Range(0, 40).Reverse().Select(
                i => two.Commit(Update(Row($"t{i:00}", version, command: $"two{version}"))));
            var outcomes = await Task.WhenAll(forward.Concat(backward));
            Assert.Equal(40, outcomes.Count(o => o == CommitOutcome.Done));
            Assert.Equal(40, outcomes.Count(o => o == CommitOutcome.Conflict));
        }
    }

    public virtual async Task Opening_twice_at_once_migrates_once()
    {
        var options = NewDatabase();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Open(options)));
        Assert.Equal(CommitOutcome.Done, await stores[0].Commit(Create(Row("t1"))));
        Assert.NotNull(await stores[3].Read(new RecordKey("token", "t1")));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    public virtual async Task Rows_under_a_pepper_are_counted_whichever_part_of_them_holds_it()
    {
        await using var store = await Open(NewDatabase());
        byte[] Hot(string pepper) => [1, 0, 255, .. System.Text.Encoding.UTF8.GetBytes(StoredRecord.HotMarkOf(pepper)), 3];
        await store.Commit(Create(Row("t1") with { State = """{"digest":{"pepper_id":"p1"}}""", ExpiresAt = Now }));
        await store.Commit(Create(Row("t2") with { Hot = Hot("p1") }));
        await store.Commit(Create(Row("t3") with { Hot = Hot("p11") }));
        await store.Commit(Create(Row("t4") with { Hot = Hot("p2"), Status = StoredRecord.Deleted, NameKey = null }));
        Assert.Equal([new PepperUse("token", 2, Now, 1)], await store.Peppers.Uses("p1"));
        Assert.Equal([new PepperUse("token", 1, null, 1)], await store.Peppers.Uses("p11"));
        Assert.Empty(await store.Peppers.Uses("p2"));
        Assert.Empty(await store.Peppers.Uses("p"));
    }

    /// <summary>A further version that leaves the state as it is, alone, in a group and in one transaction with
    /// others.</summary>
    public virtual async Task A_state_that_is_kept_stays_as_it_was_written_last()
    {
        await using var store = await Open(NewDatabase());
        var row = Row("t1") with { Hot = [1] };
        await store.Commit(Create(row));
        await store.Commit(Update(row with { Version = 2, State = StoredRecord.Kept, Hot = [2, 2] }));
        await store.Commit(Update(row with { Version = 3, State = """{"a":1}""", Hot = [3] }));
        await store.CommitAll(
            [Update(row with { Version = 4, State = StoredRecord.Kept, Hot = [4] }), Create(Row("t2"))]);
        await store.Commit(Update(row with { Version = 5, State = StoredRecord.Kept, Hot = null, DueAt = Now }));
        var read = (await store.Read(row.Key))!;
        Assert.Equal(("""{"a":1}""", 5, null, Now), (read.State, read.Version, read.Hot, read.DueAt));
        await Assert.ThrowsAsync<InvalidDataException>(
            () => store.Commit(Create(Row("t3") with { State = StoredRecord.Kept })));
    }

    public virtual async Task A_pepper_ring_that_does_not_fit_is_refused()
    {
        var options = NewDatabase();
        await using var store = await Open(options);
        Assert.False(await store.Peppers.HoldsAny());
        await new PepperRing([new Pepper("a", new byte[32])]).Announce(store.Peppers);
        Assert.True(await store.Peppers.HoldsAny());
        await new PepperRing([new Pepper("b", [.. Enumerable.Repeat((byte)1, 32)]), new Pepper("a", new byte[32])]).Announce(store.Peppers);
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new PepperRing([new Pepper("b", [.. Enumerable.Repeat((byte)1, 32)])]).Check(store.Peppers));
        Assert.Contains("lacks 'a'", missing.Message);
        var other = await Assert.ThrowsAsync<InvalidOperationException>(() => new PepperRing([new Pepper("a", [.. Enumerable.Repeat((byte)2, 32)]), new Pepper("b", [.. Enumerable.Repeat((byte)1, 32)])]).Check(store.Peppers));
        Assert.Contains("'a' is not the key", other.Message);
    }

    private static ListQuery Query(
        int limit = 100, string? after = null, string[]? orders = null, string[]? filters = null)
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(
            TokenList.Schema, [$"{limit}"], after is null ? [] : [after], orders ?? [], filters ?? [], problems);
        Assert.Empty(problems);
        return query!;
    }

    public virtual async Task Lists_page_through_everything_in_every_order()
    {
        await using var store = await Open(NewDatabase());
        var random = new Random(7);
        foreach (var i in Enumerable.Range(0, 57))
        {
            await store.Commit(Create(Row($"id{random.Next(10):00}-{i:00}", name: $"n{i:00}") with
            {
                CreatedAt = Now.AddMinutes(i % 5),
                ExpiresAt = i % 3 == 0 ? null : Now.AddDays(i % 4),
            }));
        }

        foreach (var orders in new string[][] { [], ["name[desc]"], ["created_at"], ["created_at[desc]", "fullname"], ["expires", "id[desc]"], ["token_type"] })
        {
            List<string> seen = [];
            string? after = null;
            while (await store.List(new RecordScope("token", "o1"), Query(10, after, orders)) is { Count: > 0 } page)
            {
                Assert.True(page.Count <= 10);
                seen.AddRange(page.Select(r => r.Name));
                after = page[^1].Name;
            }

            Assert.Equal(57, seen.Count);
            Assert.Equal(57, seen.Distinct().Count());
            var whole = await store.List(new RecordScope("token", "o1"), Query(1000, null, orders));
            Assert.Equal(whole!.Select(r => r.Name), seen);
        }
    }

    public virtual async Task Filters_compare_bytewise_and_like_without_case()
    {
        await using var store = await Open(NewDatabase());
        foreach (var name in new[] { "alpha", "alpha-1", "alpha_1", "beta", "b!t", "z" })
        {
            await store.Commit(Create(Row(name) with { NameKey = name, CreatedAt = Now.AddHours(name.Length) }));
        }

        async Task<string> Names(params string[] filters) =>
            string.Join(
                ' ', (await store.List(new RecordScope("token", "o1"), Query(filters: filters)))!.Select(r => r.Name));

        Assert.Equal("beta", await Names("name[eq]beta"));
        Assert.Equal("beta", await Names("name[eq]BETA"));
        Assert.Equal("alpha alpha-1 alpha_1", await Names("name[like]ALPHA%"));
        Assert.Equal("alpha-1 alpha_1", await Names("name[like]*1"));
        Assert.Equal("alpha_1", await Names("name[like]alpha_1"));
        Assert.Equal("b!t", await Names("name[like]b!%"));
        Assert.Equal("beta", await Names("name[like]BET%"));
        Assert.Equal("beta", await Names("name[like]beta"));
        Assert.Equal("b!t beta", await Names("name[like]b%t*"));
        Assert.Equal("alpha beta", await Names("name[in]alpha,beta,gamma"));
        Assert.Equal("beta z", await Names("name[gt]b!t"));
        Assert.Equal("b!t beta z", await Names("name[gte]b!t"));
        Assert.Equal("z", await Names("created_at[lt]2026-01-01T03:00:00Z"));
        Assert.Equal("alpha-1 alpha_1", await Names("created_at[gt]2026-01-01T05:00:00Z", "name[like]alpha%"));
        Assert.Equal("beta", await Names("fullname[eq]beta full"));
        Assert.Equal("alpha alpha-1 alpha_1 b!t beta z", await Names("token_type[eq]adhoc"));
        Assert.Equal("", await Names("fullname[like]'; DROP TABLE records; --%"));
        Assert.Equal("", await Names("member_id[eq]m2"));
    }

    public virtual async Task Paging_goes_on_after_a_name_that_is_gone_but_not_in_another_order()
    {
        await using var store = await Open(NewDatabase());
        foreach (var name in new[] { "a", "c" })
        {
            await store.Commit(Create(Row(name)));
        }

        Assert.Equal(["c"], (await store.List(new RecordScope("token", "o1"), Query(after: "b")))!.Select(r => r.Name));
        Assert.Null(await store.List(new RecordScope("token", "o1"), Query(after: "b", orders: ["created_at"])));
    }

    public virtual async Task A_list_shows_only_its_scope()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("mine")));
        await store.Commit(Create(Row("unlisted") with { NameKey = null }));
        await store.Commit(Create(Row("theirs") with { MemberId = "m2" }));
        await store.Commit(Create(Row("foreign") with { OrganizationId = "o2" }));
        Assert.Equal(["mine"], (await store.List(new RecordScope("token", "o1", "m1"), Query()))!.Select(r => r.Name));
        Assert.Equal(
            ["mine", "theirs"], (await store.List(new RecordScope("token", "o1"), Query()))!.Select(r => r.Name));
        Assert.Equal(2, await store.Count(new RecordScope("token", "o1")));
    }

    public virtual async Task A_facades_listing_is_paged_by_number_and_counted_apart_from_the_names()
    {
        await using var store = await Open(NewDatabase());
        StoredRecord InListing(string id, int minute, string listing = "access") => Row(id, name: "same") with
        {
            NameKey = null,
            OwnerId = listing,
            CreatedAt = Now.AddMinutes(minute),
            MemberId = minute % 2 == 0 ? null : "m1",
        };
        foreach (var i in Enumerable.Range(0, 7))
        {
            await store.Commit(Create(InListing($"t{i}", i)));
        }

        await store.Commit(Create(InListing("elsewhere", 0, "boomerang")));
        await store.Commit(Create(Row("named") with { OwnerId = "access" }));
        await store.Commit(Create(InListing("foreign", 0) with { OrganizationId = "o2" }));
        await store.Commit(
            Update(InListing("t6", 6) with { Version = 2, CommandId = "c2", Status = StoredRecord.Deleted }));

        var scope = new RecordScope("token", "o1", Listing: "access");
        async Task<string> Page(
            int offset, int limit, RecordScope? within = null, bool descending = false, params ListFilter[] filters)
        {
            var query = new ListQuery(
                ListingList.Schema, limit, null, [new ListOrder(ListingList.CreatedAt, descending)], [.. filters]);
            var (rows, total) = await store.ListFacade(within ?? scope, query, offset);
            return $"{string.Join(' ', rows.Select(r => r.Key.Id))} of {total}";
        }

        Assert.Equal("t0 t1 t2 of 6", await Page(0, 3));
        Assert.Equal("t3 t4 t5 of 6", await Page(3, 3));
        Assert.Equal(" of 6", await Page(6, 3));
        Assert.Equal(" of 6", await Page(600, 3));
        Assert.Equal("t4 t5 of 6", await Page(4, 3));
        Assert.Equal("t5 t4 of 6", await Page(0, 2, descending: true));
        Assert.Equal("t0 t1 t2 t3 t4 t5 of 6", await Page(0, 100, scope with { MemberId = "m1" }));
        Assert.Equal("t0 t2 t4 of 3", await Page(0, 100, scope with { MemberId = "m2" }));
        Assert.Equal(
            "t0 t1 of 6", await Page(0, 2, null, false, new ListFilter(ListingList.Name, ListOperator.Like, ["*AM*"])));
        Assert.Equal(
            " of 0", await Page(0, 2, null, false, new ListFilter(ListingList.Name, ListOperator.Eq, ["Same"])));
        Assert.Equal("t2 of 1", await Page(
            0, 9, null, false,
            new ListFilter(ListingList.CreatedAt, ListOperator.Gte, ["2026-01-01T00:02:00Z"]), new ListFilter(
                ListingList.CreatedAt, ListOperator.Lt, ["2026-01-01T00:03:00Z"])));
        Assert.Equal(6, await store.Count(scope));
        Assert.Equal(1, await store.Count(new RecordScope("token", "o1")));
    }

    public virtual async Task The_audit_chain_links_what_is_old_enough_and_holds()
    {
        await using var store = await Open(NewDatabase());
        PepperRing ring = new([new Pepper("p1", new byte[32])]);
        AuditChain chain = new(store.Links, ring);
        Assert.Equal(0, await chain.LinkNext(Now.AddYears(1), TimeSpan.Zero));
        for (var i = 0; i < 5; i++)
        {
            await store.Commit(Create(Row($"t{i}")));
        }

        var minute = TimeSpan.FromMinutes(1);
        Assert.Equal(0, await chain.LinkNext(Now.AddSeconds(59), minute));
        Assert.Equal(5, (await Task.WhenAll(chain.LinkNext(Now + minute, minute), new AuditChain(store.Links, ring).LinkNext(Now + minute, minute))).Max());
        await store.Append(Entry("later", 1) with { Method = "POST", Path = "/x", Code = "404", AccountId = "a" });
        Assert.Equal(1, await chain.LinkNext(Now + minute, minute));
        Assert.Equal(0, await chain.LinkNext(Now + minute, minute));
        var verdict = await Verify(store, ring);
        Assert.Equal((6L, 2L, 0L, null), (verdict.Rows, verdict.Links, verdict.Unlinked, verdict.Broken));
        PepperRing other = new([new Pepper("p2", new byte[32])]);
        Assert.Equal("link 1 was made under pepper 'p1', which the ring lacks", (await Verify(store, other)).Broken);
        Assert.Equal(
            (null, 2L), ((await Verify(store, other, "p1")).Broken, (await Verify(store, other, "p1")).Unverified));
        Assert.NotNull(
            (await Verify(store, new PepperRing([new Pepper("p1", [.. Enumerable.Repeat((byte)1, 32)])]))).Broken);
    }

    public virtual async Task Executions_are_noted_once_paged_by_time_and_swept_by_age()
    {
        var options = NewDatabase();
        await using var store = await Open(options);
        await using var other = await Open(options, "s2");
        var history = store.Executions;
        Execution Ended(int i, int minute) => new()
        {
            ExecutionId = $"e{i}", OrganizationId = "o1", OperationId = $"op{i % 2}", AccountId = "a1", IntegrationId = "i1", Operation = "siem_query_events",
            TriggerType = "SCHEDULED", TriggerSource = "i1", Status = "COMPLETE", StartedAt = Now.AddMinutes(minute),
            CompletedAt = Now.AddMinutes(minute).AddTicks(10),
            RecordsProcessed = i, CpuTime = 5, InBytes = 1L << 40, FinalCursor = $"c{i}",
        };
        var whole = Ended(1, 1) with { IntegrationPointId = "p1", InitialCursor = "é", Error = new string('x', 1000) };
        await history.Add(whole);
        await history.Add(whole with { Status = "CANCELLED" });
        Assert.Equal(whole, await history.Find("o1", "e1"));
        Assert.Null(await history.Find("o2", "e1"));
        Assert.Null(await other.Executions.Find("o1", "e1"));
        foreach (var i in Enumerable.Range(2, 4))
        {
            await history.Add(Ended(i, i / 2));
        }

        await history.Add(Ended(9, 1) with { OrganizationId = "o2" });
        async Task<string> Page(Execution? after, int limit, bool descending, params string[] filters) => string.Join(' ', (await history.Page(
            "o1", ListQueryParser.Parse(ExecutionList.Schema, [], [], [], filters, [])!.Filters, after, limit, descending)).Select(e => e.ExecutionId));
        Assert.Equal("e1 e2 e3 e4 e5", await Page(null, 10, descending: false));
        Assert.Equal("e5 e4", await Page(null, 2, descending: true));
        Assert.Equal("e3 e2", await Page(await history.Find("o1", "e4"), 2, descending: true));
        Assert.Equal("e3 e4 e5", await Page(await history.Find("o1", "e2"), 9, descending: false));
        Assert.Equal(
            "e1 e3 e5",
            await Page(null, 10, descending: false, "operation_id[eq]op1", "account_id[eq]a1", "integration_id[eq]i1"));
        Assert.Equal("e4", await Page(null, 10, descending: false, "id[eq]e4", "execution_id[eq]e4"));
        var second = Uri.UnescapeDataString(Now.AddMinutes(2).ToString("O"));
        Assert.Equal("e4 e5", await Page(null, 10, descending: false, $"started_at[gte]{second}"));
        Assert.Equal("e1 e2 e3", await Page(null, 10, descending: false, $"started_at[lt]{second}"));
        Assert.Equal((2, 2, 0), (await history.Sweep(Now.AddMinutes(2), 2), await history.Sweep(Now.AddMinutes(2), 9), await history.Sweep(Now.AddMinutes(2), 9)));
        Assert.Equal("e4 e5", await Page(null, 10, descending: false));
    }

    private static Task<AuditVerdict> Verify(RecordStore store, PepperRing ring, params string[] unknownPeppers) =>
        new AuditVerifier(store.Links, ring, TimeProvider.System).Verify(null, unknownPeppers.ToHashSet());
}
