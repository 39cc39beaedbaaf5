using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests;

/// <summary>What every database must do alike with events.</summary>
public abstract class OutboxSuite
{
    private static readonly DateTimeOffset Later = Now.AddDays(1);

    protected abstract StorageOptions NewDatabase();

    private static Task<RecordStore> Open(StorageOptions options) =>
        StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);

    private static AuditEntry Told(string id, long version, string what, params string[] endpoints) =>
        Entry(id, version, what) with
        {
            AccountId = id,
            Payload = new EventPayload(Guid.NewGuid(), what, $$"""{"id":"{{id}}"}""", null, [.. endpoints]),
        };

    private static Commit Create(string id, params string[] endpoints) =>
        new(Row(id), 0, [Told(id, 1, "token.issued", endpoints)]);

    private static Commit Update(string id, long version, params string[] endpoints) =>
        new(Row(id, version, command: $"c{version}"), version - 1, [Told(id, version, "token.rotated", endpoints)]);

    public virtual async Task An_event_is_written_with_its_row_and_waits_for_each_endpoint()
    {
        await using var store = await Open(NewDatabase());
        var first = Create("t1", "e1", "e2");
        Assert.Equal(CommitOutcome.Done, await store.Commit(first));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Update("t1", 2, "e1")));
        var waiting = await store.Outbox.Waiting("e1", 0, 10);
        Assert.Equal(2, waiting.Count);
        Assert.All(waiting, row => Assert.Equal(("t1", 0, false), (row.SubjectId, row.Attempts, row.HasLog)));
        Assert.Equal(waiting[0].Number, Assert.Single(await store.Outbox.Waiting("e2", 0, 10)).Number);
        Assert.Equal(waiting[1].Number, Assert.Single(await store.Outbox.Waiting("e1", waiting[0].Number, 10)).Number);
        Assert.Empty(await store.Outbox.Waiting("e3", 0, 10));
        var told = Assert.Single(await store.Outbox.Events([waiting[0].Number]));
        var entry = first.Audit[0];
        Assert.Equal(
            new OutboxEvent(
                waiting[0].Number, entry.Payload!.Id, "o1", Now, "token.issued", Key("t1"), 1, "t1", entry.Payload.Data, null),
            told);
        Assert.Equal(2, (await store.AuditOf("t1")).Count);
    }

    public virtual async Task Nothing_is_told_of_a_row_that_is_not_written()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create("t1", "e1"));
        await store.Commit(Create("t2"));
        var outcomes = await Task.WhenAll(
            store.Commit(Update("t1", 7, "e1")),
            store.Commit(Create("t1", "e1") with { Record = Row("t1", command: "other") }),
            store.Commit(Update("t2", 2, "e1")));
        Assert.Equal([CommitOutcome.Conflict, CommitOutcome.Conflict, CommitOutcome.Done], outcomes);
        Assert.Equal(["t1", "t2"], (await store.Outbox.Waiting("e1", 0, 10)).Select(row => row.SubjectId));
    }

    public virtual async Task Renames_purges_transactions_and_lone_audit_rows_tell_too()
    {
        await using var store = await Open(NewDatabase());
        await store.CommitAll([Create("t1", "e1"), Create("t2", "e1", "e2")]);
        await store.Commit(Update("t1", 2, "e1") with { Record = Row("t1", 2, "fresh", "c2"), Renames = true });
        await store.Commit(Update("t1", 3, "e1") with { Purges = true });
        await store.Append(Told("t2", 1, "token.reuse_detected", "e1"));
        await store.Append(Entry("t2", 1, "token.reuse_detected"));
        Assert.Equal(
            ["t1", "t2", "t1", "t1", "t2"], (await store.Outbox.Waiting("e1", 0, 10)).Select(row => row.SubjectId));
        Assert.Equal(["t2"], (await store.Outbox.Waiting("e2", 0, 10)).Select(row => row.SubjectId));
        Assert.Equal(3, (await store.AuditOf("t2")).Count);
    }

    public virtual async Task Events_of_one_row_are_in_the_order_of_its_versions_among_many()
    {
        await using var store = await Open(NewDatabase());
        const int Tokens = 40;
        const int Versions = 12;
        await Task.WhenAll(Enumerable.Range(0, Tokens).Select(async i =>
        {
            await store.Commit(Create($"t{i}", "e1"));
            for (var version = 2; version <= Versions; version++)
            {
                Assert.Equal(CommitOutcome.Done, await store.Commit(Update($"t{i}", version, "e1")));
            }
        }));
        var waiting = await store.Outbox.Waiting("e1", 0, Tokens * Versions + 1);
        Assert.Equal(Tokens * Versions, waiting.Count);
        var events = (await store.Outbox.Events([.. waiting.Select(row => row.Number)])).ToDictionary(told => told.Number);
        Assert.All(
            waiting.GroupBy(row => row.SubjectId),
            rows => Assert.Equal(
                Enumerable.Range(1, Versions).Select(i => (long)i), rows.Select(
                    row => events[row.Number].SubjectVersion)));
    }

    /// <summary>However many wait untried after them.</summary>
    public virtual async Task The_newest_attempts_are_found_behind_what_was_never_tried()
    {
        await using var store = await Open(NewDatabase());
        await store.CommitAll([.. Enumerable.Range(0, 5).Select(i => Create($"t{i}", "e1", "e2"))]);
        var tried = await store.Outbox.Waiting("e1", 0, 10);
        await store.Outbox.Note(
        [
            new("e1", tried[0].Number, 1, null, DeliveryOutcome.GivenUp, "[0]"),
            new("e1", tried[1].Number, 1, Later, DeliveryOutcome.Failed, "[1]"),
            new("e1", tried[3].Number, 1, null, DeliveryOutcome.Delivered, "[3]"),
            new("e2", tried[4].Number, 1, null, DeliveryOutcome.Delivered, "[4]"),
        ]);
        await store.CommitAll([.. Enumerable.Range(5, 60).Select(i => Create($"t{i}", "e1"))]);
        Assert.Equal(["[3]", "[1]", "[0]"], await store.Outbox.NewestLogs("e1", long.MaxValue, 50));
        Assert.Equal(["[3]", "[1]"], await store.Outbox.NewestLogs("e1", tried[3].Number, 2));
        Assert.Equal(["[1]", "[0]"], await store.Outbox.NewestLogs("e1", tried[2].Number, 50));
        Assert.Empty(await store.Outbox.NewestLogs("e3", long.MaxValue, 50));
    }

    public virtual async Task What_became_of_attempts_is_noted_and_shown()
    {
        await using var store = await Open(NewDatabase());
        await store.CommitAll([Create("t1", "e1"), Create("t2", "e1"), Create("t3", "e1", "e2")]);
        var waiting = await store.Outbox.Waiting("e1", 0, 10);
        await store.Outbox.Note(
        [
            new("e1", waiting[0].Number, 1, null, DeliveryOutcome.Delivered, "[1]"),
            new("e1", waiting[1].Number, 2, Later, DeliveryOutcome.Failed, """[{"error":"it's"}]"""),
        ]);
        Assert.Equal(
            [(waiting[1].Number, 2, Later, true), (waiting[2].Number, 0, Now, false)],
            (await store.Outbox.Waiting("e1", 0, 10)).Select(row => (row.Number, row.Attempts, row.DueAt, row.HasLog)));
        var logs = await store.Outbox.Logs("e1", [.. waiting.Select(row => row.Number)]);
        Assert.Equal([waiting[0].Number, waiting[1].Number], logs.Keys.Order());
        Assert.Equal("""[{"error":"it's"}]""", logs[waiting[1].Number]);
        Assert.Empty(await store.Outbox.Logs("e2", [waiting[0].Number]));
        var all = await store.Outbox.Deliveries("e1", null, long.MaxValue, 10);
        Assert.Equal(["t3", "t2", "t1"], all.Select(row => row.Subject.Id));
        Assert.Equal([null, DeliveryOutcome.Failed, DeliveryOutcome.Delivered], all.Select(row => row.Outcome));
        Assert.Equal(("token.issued", 1, null, "[1]"), (all[2].Type, all[2].Attempts, all[2].DueAt, all[2].Log));
        Assert.Equal(
            ["t2", "t1"], (await store.Outbox.Deliveries("e1", null, all[0].Number, 10)).Select(row => row.Subject.Id));
        Assert.Equal(
            ["t1"],
            (await store.Outbox.Deliveries("e1", "delivered", long.MaxValue, 10)).Select(row => row.Subject.Id));
        Assert.Equal(
            ["t3", "t2"],
            (await store.Outbox.Deliveries("e1", "waiting", long.MaxValue, 10)).Select(row => row.Subject.Id));
        Assert.Equal(["e1", "e2"], (await store.Outbox.DueEndpoints(Now)).Order());
        await store.Outbox.Note([new("e1", waiting[2].Number, 1, null, DeliveryOutcome.GivenUp, "[]")]);
        Assert.Equal(["e2"], await store.Outbox.DueEndpoints(Now));
        await store.Outbox.Note([new("e1", waiting[1].Number, 2, null, DeliveryOutcome.GivenUp, null)]);
        Assert.Equal("""[{"error":"it's"}]""", (await store.Outbox.Deliveries("e1", "given_up", long.MaxValue, 10))[1].Log);
    }

    public virtual async Task What_is_over_does_not_wait_again_for_an_attempt_that_ends_later()
    {
        await using var store = await Open(NewDatabase());
        await store.CommitAll([Create("t1", "e1"), Create("t2", "e1")]);
        var waiting = await store.Outbox.Waiting("e1", 0, 10);
        await store.Outbox.GiveUp("e1");
        await store.Outbox.Note(
        [
            new("e1", waiting[0].Number, 1, Later, DeliveryOutcome.Failed, "[1]"),
            new("e1", waiting[1].Number, 1, null, DeliveryOutcome.Delivered, "[2]"),
        ]);
        Assert.Empty(await store.Outbox.Waiting("e1", 0, 10));
        Assert.Equal(
            [DeliveryOutcome.Delivered, DeliveryOutcome.GivenUp],
            (await store.Outbox.Deliveries("e1", null, long.MaxValue, 10)).Select(row => row.Outcome));
    }

    public virtual async Task A_delivery_that_is_over_can_be_made_again()
    {
        await using var store = await Open(NewDatabase());
        var commit = Create("t1", "e1");
        await store.Commit(commit);
        var id = commit.Audit[0].Payload!.Id;
        Assert.False(await store.Outbox.Redeliver("e1", id, Later));
        var number = Assert.Single(await store.Outbox.Waiting("e1", 0, 10)).Number;
        await store.Outbox.Note([new("e1", number, 9, null, DeliveryOutcome.GivenUp, "[1]")]);
        Assert.False(await store.Outbox.Redeliver("e2", id, Later));
        Assert.True(await store.Outbox.Redeliver("e1", id, Later));
        Assert.Equal(
            new WaitingDelivery(number, "t1", 0, Later, HasLog: true),
            Assert.Single(await store.Outbox.Waiting("e1", 0, 10)));
    }

    public virtual async Task A_replay_sends_what_an_endpoint_had_and_what_it_never_had()
    {
        await using var store = await Open(NewDatabase());
        await store.CommitAll([Create("t1", "e1"), Create("t2", "e2"), Create("t3", "e1")]);
        await store.Commit(Update("t1", 2, "e2"));
        foreach (var row in await store.Outbox.Waiting("e1", 0, 10))
        {
            await store.Outbox.Note([new("e1", row.Number, 1, null, DeliveryOutcome.Delivered, "[1]")]);
        }

        EventReplay all = new("e1", "o1", null, null, Now, 100);
        Assert.Equal(0, await store.Outbox.Replay(all with { Since = Later }, Later));
        Assert.Equal(0, await store.Outbox.Replay(all with { OrganizationId = "o2" }, Later));
        Assert.Equal(1, await store.Outbox.Replay(all with { Types = ["token.rotated"] }, Later));
        Assert.Equal(1, await store.Outbox.Replay(all with { AccountIds = ["t3", "none"] }, Later));
        Assert.Equal(2, await store.Outbox.Replay(all, Later));
        Assert.Equal(["t1", "t2", "t3", "t1"], (await store.Outbox.Waiting("e1", 0, 10)).Select(row => row.SubjectId));
    }

    public virtual async Task What_is_old_goes_and_so_does_what_an_endpoint_leaves()
    {
        await using var store = await Open(NewDatabase());
        await store.CommitAll([Create("t1", "e1"), Create("t2", "e2")]);
        await store.Commit(Update("t1", 2, "e1") with
        {
            Audit = [Told("t1", 2, "token.rotated", "e1") with { At = Later }],
        });
        Assert.Equal(1, await store.Outbox.Sweep(Later, 1));
        Assert.Equal(1, await store.Outbox.Sweep(Later, 10));
        Assert.Equal(0, await store.Outbox.Sweep(Later, 10));
        Assert.Empty(await store.Outbox.Waiting("e2", 0, 10));
        Assert.Single(await store.Outbox.Waiting("e1", 0, 10));
        await store.Outbox.Forget("e1");
        Assert.Empty(await store.Outbox.Waiting("e1", 0, 10));
    }

    public virtual async Task Since_when_an_endpoint_fails_is_known_until_it_does_not()
    {
        await using var store = await Open(NewDatabase());
        Assert.Null(await store.Outbox.FailingSince("e1"));
        await store.Outbox.NoteFailingSince("e1", Now);
        await store.Outbox.NoteFailingSince("e1", Later);
        Assert.Equal(Later, await store.Outbox.FailingSince("e1"));
        await store.Outbox.NoteFailingSince("e1", null);
        Assert.Null(await store.Outbox.FailingSince("e1"));
    }
}
