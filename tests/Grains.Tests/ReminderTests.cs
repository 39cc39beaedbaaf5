using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Reminders;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests;

/// <summary>Expiry by a driven clock; ticking twice, late or never is safe.</summary>
[Collection("silo")]
public sealed class ReminderTests(SiloFixture silo)
{
    [Fact]
    public async Task Expiry_does_not_wait_for_a_reminder()
    {
        var token = await silo.NewToken(ttl: "10m");
        silo.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TokenRefusal.Expired, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task Ticks_note_the_end_and_purge_a_month_later_and_two_equal_one()
    {
        var token = await silo.NewToken(profile: TokenProfile.Mcp, ttl: "2h");
        silo.Clock.Advance(TimeSpan.FromHours(2));
        await silo.Tick(token.Id);
        await silo.Tick(token.Id);
        Assert.Equal(
            ["token.issued", "token.expired"], (await silo.Store.AuditOf(token.Id.ToString())).Select(a => a.Event));
        silo.Clock.Advance(TimeSpan.FromDays(30));
        await silo.Tick(token.Id);
        await silo.Tick(token.Id);
        Assert.Null(await silo.Store.Read(new RecordKey("token", token.Id.ToString())));
        Assert.Equal("token.purged", (await silo.Store.AuditOf(token.Id.ToString()))[^1].Event);
    }

    [Fact]
    public async Task A_tick_at_an_old_time_finds_nothing_due_and_moves_itself()
    {
        var token = await silo.NewToken(ttl: "48h");
        silo.Clock.Advance(TimeSpan.FromDays(6));
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        await silo.Tick(token.Id);

        // The next is the end of the first pair, which is the secondary now.
        Assert.Equal(
            token.Answer.Token!.ExpiresAt, (await silo.Store.DueOf(new RecordKey("token", token.Id.ToString())))!.DueAt, TimeSpan.FromSeconds(5));
        Assert.True(await silo.Accepts(token.Id, next!.Access));
    }

    [Fact]
    public async Task A_refresh_moves_no_due_time_and_the_early_tick_does()
    {
        var token = await silo.NewToken(ttl: "24h");
        var key = new RecordKey("token", token.Id.ToString());
        var (_, pair) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        var first = (await silo.Store.DueOf(key))!.DueAt;
        for (var i = 0; i < 5; i++)
        {
            silo.Clock.Advance(TimeSpan.FromHours(1));
            (_, pair) = await silo.Refresh(token.Id, pair!.Refresh!);
            Assert.Equal(first, (await silo.Store.DueOf(key))!.DueAt);
        }

        silo.Clock.Advance(first - silo.Clock.GetUtcNow());
        await silo.Tick(token.Id);
        var state = (await silo.Token(token.Id).Get(token.Answer.Token!.OrganizationId)).Token!;
        Assert.NotNull(state.Secondary);
        Assert.InRange((await silo.Store.DueOf(key))!.DueAt, first.AddMinutes(1), state.ExpiresAt);
        Assert.True(await silo.Accepts(token.Id, pair!.Refresh!));
    }

    [Fact]
    public async Task A_tick_far_ahead_of_the_end_is_moved_by_more_than_a_timer_can_wait()
    {
        var token = await silo.NewToken(ttl: "8760h", profile: TokenProfile.Default);
        var due = (await silo.Store.DueOf(new RecordKey("token", token.Id.ToString())))!.DueAt;
        Assert.True(due - silo.Clock.GetUtcNow() > TimeSpan.FromDays(50));
        await silo.Tick(token.Id);
        Assert.Equal(
            due, (await silo.Store.DueOf(new RecordKey("token", token.Id.ToString())))!.DueAt, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Only_a_change_registers_what_falls_due_soon()
    {
        var token = await silo.NewToken(profile: TokenProfile.Mcp, ttl: "2m");
        await silo.Token(token.Id).Disable(SiloFixture.Change());
        var (commits, renewals) = (silo.Store.Commits, silo.Store.Renewals(token.Id));
        await silo.Token(token.Id).Disable(SiloFixture.Change());
        await silo.Token(token.Id).RemoveSecondary(SiloFixture.Change());
        await silo.Refresh(token.Id, token.Pair.Access);
        Assert.Equal((commits, renewals), (silo.Store.Commits, silo.Store.Renewals(token.Id)));
    }

    /// <summary>The commit stored it with a tag of its own: another one would be a statement and a sync more.</summary>
    [Fact]
    public async Task What_a_change_stored_is_registered_without_another_write()
    {
        var token = await silo.NewToken(profile: TokenProfile.Mcp, ttl: "2m");
        await silo.Token(token.Id).Disable(SiloFixture.Change());
        await silo.Token(token.Id).Enable(SiloFixture.Change());
        Assert.Equal(0, silo.Store.Renewals(token.Id));
        silo.Clock.Advance(TimeSpan.FromMinutes(2));
        await silo.Tick(token.Id);
        Assert.Contains(await silo.Store.AuditOf(token.Id.ToString()), entry => entry.Event == "token.expired");
        Assert.Equal(0, silo.Store.Renewals(token.Id));
    }

    /// <summary>A tag is registered once: the runtime takes what comes under the same one for what it has.</summary>
    [Fact]
    public async Task A_tick_that_changes_nothing_gives_its_reminder_another_tag()
    {
        var key = new RecordKey("token", (await silo.NewToken(ttl: "48h")).Id.ToString());
        var tags = new HashSet<string> { (await silo.Store.DueOf(key))!.Tag };
        for (var ticks = 0; ticks < 3; ticks++)
        {
            await silo.Tick(TokenId.Parse(key.Id));
            tags.Add((await silo.Store.DueOf(key))!.Tag);
        }

        Assert.Equal(3, tags.Count);
    }

    [Fact]
    public async Task A_token_that_was_read_from_its_row_has_no_tag_that_it_knows_to_be_new()
    {
        var token = await silo.NewToken(ttl: "48h");
        await silo.RestartAsync();
        await silo.Tick(token.Id);
        Assert.Equal(1, silo.Store.Renewals(token.Id));
    }

    [Fact]
    public async Task The_table_keeps_a_due_time_that_its_caller_stored()
    {
        var table = silo.Services.GetRequiredService<IReminderTable>();
        var token = await silo.NewToken(ttl: "48h");
        var row = await table.ReadRow(GrainId.Create("token", token.Id.ToString()), "expiry");
        StoredDue.Tell(row!.ETag!);
        Assert.Equal(row.ETag, await table.UpsertRow(row));
        RequestContext.Clear();
        Assert.NotEqual(row.ETag, await table.UpsertRow(row));
        Assert.Equal(1, silo.Store.Renewals(token.Id));
    }

    [Fact]
    public async Task An_unknown_reminder_is_refused()
    {
        var token = await silo.NewToken();
        await Assert.ThrowsAnyAsync<Exception>(
            () => silo.Token(token.Id).AsReference<IRemindable>().ReceiveReminder("nonsense", default));
    }

    [Fact]
    public async Task The_table_is_a_window_with_overdue_rows_and_without_far_ones()
    {
        var table = silo.Services.GetRequiredService<IReminderTable>();
        var soon = await silo.NewToken(profile: TokenProfile.Mcp, ttl: "9m");
        var far = await silo.NewToken(profile: TokenProfile.Mcp, ttl: "50m");
        var all = (await table.ReadRows(0, 0)).Reminders;
        var entry = Assert.Single(all, r => r.GrainId.Key.ToString() == soon.Id.ToString());
        Assert.DoesNotContain(all, r => r.GrainId.Key.ToString() == far.Id.ToString());
        Assert.Equal(TimeSpan.FromMinutes(1), entry.Period);

        var farId = GrainId.Create("token", far.Id.ToString());
        Assert.Single((await table.ReadRows(farId)).Reminders);
        var row = await table.ReadRow(farId, "expiry");
        Assert.False(await table.RemoveRow(farId, "expiry", "another"));
        var tag = (await table.UpsertRow(row!))!;
        Assert.NotEqual(row!.ETag, tag);
        Assert.True(await table.RemoveRow(farId, "expiry", tag));
        Assert.Null(await table.ReadRow(farId, "expiry"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => table.UpsertRow(
            new ReminderEntry { GrainId = farId, ReminderName = "expiry", Period = TimeSpan.Zero, StartAt = row.StartAt }));
    }

    [Fact]
    public async Task Ranges_split_the_rows_without_loss_or_overlap()
    {
        var table = silo.Services.GetRequiredService<IReminderTable>();
        for (var i = 0; i < 20; i++)
        {
            await silo.NewToken(profile: TokenProfile.Mcp, ttl: "8m");
        }

        var all = (await table.ReadRows(0, 0)).Reminders.Select(r => r.GrainId.Key.ToString()).Order().ToList();
        var parts = (await table.ReadRows(0, 0x55555555)).Reminders
            .Concat((await table.ReadRows(0x55555555, 0xAAAAAAAA)).Reminders)
            .Concat((await table.ReadRows(0xAAAAAAAA, 0)).Reminders)
            .Select(r => r.GrainId.Key.ToString()).Order().ToList();
        Assert.True(all.Count >= 20);
        Assert.Equal(all, parts);
    }

    /// <summary>A silo of a cluster has many ranges: each at the full pace, all together would start at once.</summary>
    [Fact]
    public async Task All_ranges_that_are_asked_for_in_one_turn_start_at_one_pace()
    {
        for (var i = 0; i < 20; i++)
        {
            await silo.NewToken(profile: TokenProfile.Mcp, ttl: "3m");
        }

        silo.Clock.Advance(TimeSpan.FromMinutes(3));
        var table = silo.Services.GetRequiredService<IReminderTable>();
        var turn = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var ends = Enumerable.Range(0, 17).Select(i => (uint)(i * (1L << 28))).ToArray();
        var answers = await Task.Factory.StartNew(
            () => Task.WhenAll(ends.Zip(ends.Skip(1), table.ReadRows)), default, TaskCreationOptions.None, turn).Unwrap();
        var starts = answers.SelectMany(answer => answer.Reminders)
            .Where(entry => $"{entry.GrainId.Type}" == "token" && entry.StartAt < DateTime.UtcNow.AddMinutes(1))
            .Select(entry => entry.StartAt).Order().ToList();
        Assert.True(starts.Count >= 20);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromMilliseconds(1)));
    }
}

/// <summary>Delivery by the runtime itself, whose reminders run on the system's clock.</summary>
public sealed class ReminderDeliveryTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task The_runtime_delivers_what_falls_due_soon_by_itself()
    {
        var token = await silo.NewToken(profile: TokenProfile.Mcp, ttl: "2s");
        silo.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.Holds(() => EndIsNoted(token), "the end is noted");
    }

    [Fact]
    public async Task What_fell_due_while_no_silo_ran_is_delivered_after_the_start()
    {
        var token = await silo.NewToken(profile: TokenProfile.Mcp, ttl: "2s");
        await silo.StopAsync();
        silo.Clock.Advance(TimeSpan.FromSeconds(2));
        await silo.StartAsync();
        await Eventually.Holds(() => EndIsNoted(token), "the end is noted");
    }

    /// <summary>Many may fall due within minutes, whom nobody else asks: in memory they would stay for a quarter of an
    /// hour.</summary>
    [Fact]
    public async Task A_token_that_its_reminder_alone_woke_leaves_the_memory()
    {
        var (woken, used) = (await silo.NewToken(ttl: "480h"), await silo.NewToken(ttl: "480h"));
        await silo.RestartAsync();
        await silo.Verify(used.Id, used.Pair.Access);
        await silo.Tick(used.Id);
        await silo.Tick(woken.Id);
        var management = silo.Grains.GetGrain<IManagementGrain>(0);
        var (gone, stays) = (silo.Token(woken.Id).GetGrainId(), silo.Token(used.Id).GetGrainId());
        await Eventually.Holds(
            async () => !(await management.GetActiveGrains(gone.Type)).Contains(gone), "it leaves the memory");
        Assert.Contains(stays, await management.GetActiveGrains(stays.Type));
        Assert.True(await silo.Accepts(woken.Id, woken.Pair.Access));
    }

    /// <summary>Each change is registered once, under the tag that its commit stored.</summary>
    [Fact]
    public async Task A_change_that_falls_due_soon_is_registered_under_the_tag_of_its_row()
    {
        ConcurrentQueue<(GrainId Grain, string? Tag)> registered = new();
        var own = new SiloFixture
        {
            Replacements = services => services.Replace(ServiceDescriptor.Singleton<IReminderTable>(provider =>
                new WatchedTable(ActivatorUtilities.CreateInstance<RecordReminderTable>(provider), registered))),
        };
        await own.InitializeAsync();
        try
        {
            var token = await own.NewToken(profile: TokenProfile.Mcp, ttl: "2m");
            var tags = new List<string> { await TagOf(own, token) };
            await own.Token(token.Id).Disable(SiloFixture.Change());
            tags.Add(await TagOf(own, token));
            await own.Token(token.Id).Enable(SiloFixture.Change());
            tags.Add(await TagOf(own, token));
            Assert.Equal(
                tags, registered.Where(entry => entry.Grain == own.Token(token.Id).GetGrainId()).Select(entry => entry.Tag));
            Assert.Equal(3, tags.Distinct().Count());
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static async Task<string> TagOf(SiloFixture silo, TestToken token) =>
        (await silo.Store.DueOf(new RecordKey("token", token.Id.ToString())))!.Tag;

    private sealed class WatchedTable(
        IReminderTable inner, ConcurrentQueue<(GrainId Grain, string? Tag)> registered) : IReminderTable
    {
        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

        public Task<ReminderTableData> ReadRows(GrainId grainId) => inner.ReadRows(grainId);

        public Task<ReminderTableData> ReadRows(uint begin, uint end) => inner.ReadRows(begin, end);

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => inner.ReadRow(grainId, reminderName);

        public async Task<string?> UpsertRow(ReminderEntry entry)
        {
            var tag = await inner.UpsertRow(entry);
            registered.Enqueue((entry.GrainId, tag));
            return tag;
        }

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
            inner.RemoveRow(grainId, reminderName, eTag);

        public Task TestOnlyClearTable() => inner.TestOnlyClearTable();
    }

    private async Task<bool> EndIsNoted(TestToken token) =>
        (await silo.Store.AuditOf(token.Id.ToString())).Any(a => a.Event == "token.expired");
}
