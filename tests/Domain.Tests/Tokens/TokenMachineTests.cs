using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

public sealed class TokenMachineTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData("default", "24h", 24, 720)]
    [InlineData("logon", "1h", 1, 24)]
    [InlineData("organization", "24h", 24, 168)]
    [InlineData("synqly-integrations", "24h", 24, 168)]
    public void Issued_lives_follow_the_profile(string profile, string ttl, int accessHours, int recordHours)
    {
        var state = Machine.Issued(TokenProfile.Named(profile)).State!;
        Assert.Equal(ttl, state.Ttl.Text);
        Assert.Equal(Machine.Start.AddHours(accessHours), state.Primary!.Access.ExpiresAt);
        Assert.Equal(Machine.Start.AddHours(recordHours), state.Primary.Refresh!.ExpiresAt);
        Assert.Equal(Machine.Start.AddHours(recordHours), state.ExpiresAt);
    }

    [Theory]
    [InlineData("integration", 10)]
    [InlineData("mcp", 60)]
    public void Single_tokens_have_no_refresh_half(string profile, int minutes)
    {
        var machine = Machine.Issued(TokenProfile.Named(profile));
        Assert.Null(machine.State!.Primary!.Refresh);
        Assert.Equal(Machine.Start.AddMinutes(minutes), machine.State.ExpiresAt);
        Assert.Equal(new Decision.Refused(TokenRefusal.NotRefreshable), machine.Do(machine.RefreshWith("a1")));
    }

    /// <summary>Whatever is done to it: no life of a child passes the end that its parent had.</summary>
    [Fact]
    public void No_life_passes_the_end_that_a_child_was_given()
    {
        var end = Machine.Start.AddHours(2);
        var machine = new Machine();
        var issue = machine.Issue("24h");
        Assert.IsType<Decision.Changed>(machine.Do(issue with { Spec = issue.Spec with { EndsBy = end } }));
        Assert.Equal(end, machine.State!.ExpiresAt);
        Assert.Equal(end, machine.State.Primary!.Access.ExpiresAt);
        machine.Now += TimeSpan.FromHours(1);
        foreach (var command in new Func<TokenCommand>[]
            {
                () => machine.RefreshWith("r1"), () => new TokenCommand.Rotate(machine.NextPair()), () =>
                    new TokenCommand.Reset(machine.NextPair()),
                () => new TokenCommand.SetLife(GoDuration.Of("48h")), () =>
                    new TokenCommand.Replace(machine.NextPair()),
            })
        {
            Assert.IsType<Decision.Changed>(machine.Do(command()));
            Assert.Equal(end, machine.State.ExpiresAt);
            Assert.True(machine.State.Primary!.ExpiresAt <= end);
        }

        machine.Now = end;
        Assert.Equal(
            new Decision.Refused(TokenRefusal.Expired), machine.Do(new TokenCommand.Reset(machine.NextPair())));
        Assert.Equal(
            new Decision.Refused(TokenRefusal.Expired), machine.Do(new TokenCommand.SetLife(GoDuration.Of("1h"))));
    }

    [Fact]
    public void A_child_of_what_has_ended_is_refused()
    {
        var machine = new Machine();
        var issue = machine.Issue();
        Assert.Equal(
            new Decision.Refused(TokenRefusal.LifeOutOfBounds),
            machine.Do(issue with { Spec = issue.Spec with { EndsBy = Machine.Start } }));
    }

    [Fact]
    public void A_ttl_longer_than_the_refresh_life_makes_the_record_live_as_long()
    {
        var state = Machine.Issued(ttl: "480h").State!;
        Assert.Equal(Machine.Start.AddHours(480), state.Primary!.Access.ExpiresAt);
        Assert.Equal(Machine.Start.AddHours(480), state.ExpiresAt);
    }

    [Theory]
    [InlineData("organization", "500ms", false)]
    [InlineData("organization", "1s", true)]
    [InlineData("organization", "8760h", true)]
    [InlineData("organization", "8760h1s", false)]
    [InlineData("mcp", "24h", true)]
    [InlineData("mcp", "24h1s", false)]
    [InlineData("logon", "59s", false)]
    public void A_life_outside_the_bounds_is_refused(string profile, string ttl, bool allowed)
    {
        var machine = new Machine { Profile = TokenProfile.Named(profile) };
        var decision = machine.Do(machine.Issue(ttl));
        if (allowed)
        {
            Assert.IsType<Decision.Changed>(decision);
        }
        else
        {
            Assert.Equal(new Decision.Refused(TokenRefusal.LifeOutOfBounds), decision);
        }
    }

    [Fact]
    public void Refresh_keeps_the_old_pair_as_secondary_and_drops_the_one_before()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        Assert.True(machine.Accepts("a2"));
        Assert.True(machine.Accepts("a1"));
        machine.Do(machine.RefreshWith("r2"));
        Assert.True(machine.Accepts("a3"));
        Assert.True(machine.Accepts("a2"));
        Assert.False(machine.Accepts("a1"));
    }

    [Fact]
    public void A_lost_answer_is_given_again_however_late_while_the_primary_was_never_presented()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        var answer = machine.State!.SealedPrimary;
        machine.Wait(TimeSpan.FromHours(5));
        var again = Assert.IsType<Decision.SameAnswer>(machine.Do(machine.RefreshWith("r1")));
        Assert.Same(answer, again.Sealed);
        Assert.Equal(2, machine.State.Version);
    }

    [Fact]
    public void Inside_the_grace_the_same_answer_is_given_although_the_primary_was_presented()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        machine.MarkPresented();
        machine.Wait(TimeSpan.FromSeconds(59));
        Assert.IsType<Decision.SameAnswer>(machine.Do(machine.RefreshWith("r1")));
    }

    [Fact]
    public void After_the_grace_and_a_presentation_it_is_a_replay()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        machine.MarkPresented();
        machine.Wait(TimeSpan.FromSeconds(61));
        Assert.Equal(new Decision.Reuse(null), machine.Do(machine.RefreshWith("r1")));
        Assert.True(machine.Accepts("a2"));
        Assert.Equal(2, machine.State!.Version);
    }

    [Fact]
    public void A_replay_disables_the_token_where_the_operator_wants_it()
    {
        var machine = Machine.Issued(rules: TokenRules.Standard with { DisableOnReuse = true });
        machine.Do(machine.RefreshWith("r1"));
        machine.MarkPresented();
        machine.Wait(TimeSpan.FromSeconds(61));
        var reuse = Assert.IsType<Decision.Reuse>(machine.Do(machine.RefreshWith("r1")));
        Assert.Equal(3, reuse.Disabled!.Version);
        Assert.False(machine.Accepts("a2"));
    }

    [Fact]
    public void A_secret_spent_two_refreshes_ago_is_a_replay_only_after_the_grace()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        machine.Do(machine.RefreshWith("r2"));
        machine.Wait(TimeSpan.FromSeconds(60));
        Assert.Equal(new Decision.Refused(TokenRefusal.Superseded), machine.Do(machine.RefreshWith("r1")));
        machine.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(new Decision.Reuse(null), machine.Do(machine.RefreshWith("r1")));
    }

    [Fact]
    public void Eight_spent_secrets_are_remembered_and_older_ones_are_strangers()
    {
        var machine = Machine.Issued();
        for (var i = 1; i <= 10; i++)
        {
            machine.Do(machine.RefreshWith($"r{i}"));
        }

        machine.Wait(TimeSpan.FromMinutes(2));
        Assert.Equal(PresentedKind.SecondaryRefresh, machine.Present("r10").Kind);
        Assert.Equal(PresentedKind.Spent, machine.Present("r2").Kind);
        Assert.Equal(PresentedKind.Unknown, machine.Present("r1").Kind);
    }

    [Theory]
    [InlineData("rotate")]
    [InlineData("replace")]
    [InlineData("reset")]
    [InlineData("remove")]
    public void A_pair_that_was_taken_away_is_superseded_and_never_reuse(string how)
    {
        var machine = Machine.Issued();
        TokenCommand take = how switch
        {
            "rotate" => new TokenCommand.Rotate(machine.NextPair()),
            "replace" => new TokenCommand.Replace(machine.NextPair()),
            "reset" => new TokenCommand.Reset(machine.NextPair()),
            _ => machine.RefreshWith("r1"),
        };
        machine.Do(take);
        if (how == "remove")
        {
            machine.Do(new TokenCommand.RemoveSecondary());
        }

        machine.MarkPresented();
        machine.Wait(TimeSpan.FromHours(1));
        Assert.Equal(new Decision.Refused(TokenRefusal.Superseded), machine.Do(machine.RefreshWith("r1")));
    }

    [Fact]
    public void The_sealed_answer_goes_with_the_secondary()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        Assert.NotNull(machine.State!.SealedPrimary);
        machine.Do(new TokenCommand.RemoveSecondary());
        Assert.Null(machine.State.SealedPrimary);
    }

    [Fact]
    public void The_sealed_answer_is_stale_once_the_primary_was_presented_and_the_grace_is_over()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        machine.Wait(TimeSpan.FromMinutes(5));
        Assert.False(TokenMachine.SealIsStale(machine.State!, machine.Rules, machine.Now));
        machine.MarkPresented();
        Assert.True(TokenMachine.SealIsStale(machine.State!, machine.Rules, machine.Now));
    }

    [Fact]
    public void Rotate_with_a_deadline_ends_the_old_pair_at_it()
    {
        var machine = Machine.Issued();
        machine.Do(new TokenCommand.Rotate(machine.NextPair(), machine.Now.AddMinutes(10)));
        machine.Wait(TimeSpan.FromMinutes(10) - TimeSpan.FromMicroseconds(1));
        Assert.True(machine.Accepts("a1"));
        machine.Wait(TimeSpan.FromMicroseconds(1));
        Assert.False(machine.Accepts("a1"));
        Assert.True(machine.Accepts("a2"));
    }

    [Fact]
    public void A_deadline_moved_into_the_past_ends_the_secondary_at_once()
    {
        var machine = Machine.Issued();
        machine.Do(new TokenCommand.Replace(machine.NextPair(), machine.Now.AddDays(1)));
        Assert.True(machine.Accepts("a1"));
        machine.Do(new TokenCommand.MoveDeadline(machine.Now.AddSeconds(-1)));
        Assert.False(machine.Accepts("a1"));
        Assert.Null(machine.State!.Secondary);
    }

    [Fact]
    public void Replace_leaves_the_life_as_it_was()
    {
        var machine = Machine.Issued();
        machine.Wait(Day);
        machine.Do(new TokenCommand.Replace(machine.NextPair()));
        Assert.Equal(Machine.Start.AddDays(7), machine.State!.ExpiresAt);
        Assert.False(machine.Accepts("a1"));
    }

    [Fact]
    public void Reset_revives_an_expired_record()
    {
        var machine = Machine.Issued();
        machine.Wait(10 * Day);
        Assert.False(machine.Accepts("a1"));
        machine.Do(new TokenCommand.Reset(machine.NextPair()));
        Assert.True(machine.Accepts("a2"));
        Assert.Equal(TokenStatus.Active, machine.State!.StatusAt(machine.Now));
    }

    [Fact]
    public void No_refresh_moves_a_record_past_the_longest_life_of_its_profile()
    {
        var machine = Machine.Issued(TokenProfile.Logon);
        for (var n = 1; machine.State!.StatusAt(machine.Now) == TokenStatus.Active; n++)
        {
            machine.Do(machine.RefreshWith($"r{n}"));
            machine.Wait(TimeSpan.FromHours(20));
            Assert.True(machine.State.ExpiresAt <= Machine.Start.AddDays(30));
        }

        Assert.True(machine.Now >= Machine.Start.AddDays(30));
        Assert.Equal(
            new Decision.Refused(TokenRefusal.Expired), machine.Do(new TokenCommand.Reset(machine.NextPair())));
    }

    [Fact]
    public void SetLife_counts_from_now_and_moves_the_primary_with_it()
    {
        var machine = Machine.Issued();
        machine.Wait(Day);
        machine.Do(new TokenCommand.SetLife(GoDuration.Of("240h")));
        Assert.Equal(machine.Now.AddHours(240), machine.State!.ExpiresAt);
        Assert.Equal(machine.Now.AddHours(240), machine.State.Primary!.Access.ExpiresAt);
        Assert.Equal("240h", machine.State.Ttl.Text);
    }

    [Fact]
    public void Disable_refuses_both_pairs_and_enable_restores_them()
    {
        var machine = Machine.Issued();
        machine.Do(new TokenCommand.Rotate(machine.NextPair()));
        machine.Do(new TokenCommand.Disable());
        Assert.False(machine.Accepts("a1"));
        Assert.False(machine.Accepts("a2"));
        machine.Do(new TokenCommand.Enable());
        Assert.True(machine.Accepts("a1"));
        Assert.True(machine.Accepts("a2"));
    }

    [Fact]
    public void Ticks_note_the_coming_end_then_the_end_then_purge_and_each_only_once()
    {
        var machine = Machine.Issued(ttl: "960h");
        var end = machine.State!.ExpiresAt;
        foreach (var days in new[] { 14, 7, 1 })
        {
            Assert.Equal(end.AddDays(-days), TokenMachine.NextDue(machine.State!));
            machine.Wait(end.AddDays(-days) - machine.Now);
            Assert.Equal(
                TokenEvent.Expiring, Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Tick())).Event);
            Assert.Equal(days, machine.State!.NoticedDays);
            Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.Tick()));
        }

        machine.Wait(Day);
        Assert.Equal(TokenEvent.Expired, Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Tick())).Event);
        Assert.Equal(machine.State!.ExpiresAt.AddDays(30), TokenMachine.NextDue(machine.State));
        machine.Wait(30 * Day);
        Assert.IsType<Decision.Purge>(machine.Do(new TokenCommand.Tick()));
    }

    [Fact]
    public void Of_several_notices_that_are_due_the_last_says_it_all()
    {
        var machine = Machine.Issued(ttl: "960h");
        machine.Wait(machine.State!.ExpiresAt.AddDays(-6) - machine.Now);
        Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Tick()));
        Assert.Equal(7, machine.State!.NoticedDays);
        Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.Tick()));
    }

    [Theory]
    [InlineData("mcp", "24h")]
    [InlineData("integration", "24h")]
    [InlineData("logon", "24h")]
    public void A_session_and_a_life_of_a_day_get_no_notice(string profile, string ttl)
    {
        var machine = Machine.Issued(TokenProfile.Named(profile), ttl);
        Assert.Equal(machine.State!.ExpiresAt, TokenMachine.NextDue(machine.State));
    }

    [Fact]
    public void Who_refreshes_gets_the_last_notice_alone_and_who_rotates_gets_all_again()
    {
        var machine = Machine.Issued(ttl: "960h");
        machine.Do(machine.RefreshWith("r1"));
        Assert.Equal(
            machine.State!.ExpiresAt.AddDays(-1), TokenMachine.NextDue(machine.State with { Secondary = null }));
        machine.Do(new TokenCommand.Rotate(machine.NextPair()));
        Assert.Equal(
            machine.State!.ExpiresAt.AddDays(-14), TokenMachine.NextDue(machine.State with { Secondary = null }));
    }

    [Theory]
    [InlineData(null, 10, "none is stored")]
    [InlineData(4, 4, "it finds nothing due and moves itself")]
    [InlineData(10, 10, "the same")]
    [InlineData(12, 10, "too late")]
    [InlineData(0, 10, "it has come")]
    [InlineData(-1, 10, "it is past")]
    public void An_earlier_due_time_that_is_still_ahead_stays(int? stored, int expected, string why)
    {
        var machine = Machine.Issued(TokenProfile.Mcp, "10h");
        var due = TokenMachine.DueToStore(
            machine.State!, stored is { } hours ? Machine.Start.AddHours(hours) : null, Machine.Start);
        Assert.True(due == Machine.Start.AddHours(expected), why);
    }

    [Fact]
    public void What_never_falls_due_has_no_due_time()
    {
        var machine = Machine.Issued(TokenProfile.Default);
        machine.Wait(machine.State!.ExpiresAt - Machine.Start);
        machine.Do(new TokenCommand.Tick());
        Assert.Null(TokenMachine.DueToStore(machine.State!, machine.Now.AddHours(1), machine.Now));
    }

    [Fact]
    public void A_default_token_is_never_purged()
    {
        var machine = Machine.Issued(TokenProfile.Default);
        machine.Wait(400 * Day);
        machine.Do(new TokenCommand.Tick());
        Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.Tick()));
        Assert.Null(TokenMachine.NextDue(machine.State!));
        Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Reset(machine.NextPair())));
    }

    [Fact]
    public void A_tombstone_waits_for_its_cascade_and_is_purged_after_thirty_days()
    {
        var machine = Machine.Issued();
        machine.Do(new TokenCommand.Delete());
        machine.Wait(31 * Day);
        Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.Tick()));
        machine.Do(new TokenCommand.FinishCascade());
        Assert.IsType<Decision.Purge>(machine.Do(new TokenCommand.Tick()));
    }

    [Fact]
    public void A_forever_life_has_nothing_due()
    {
        var profile = TokenProfile.Organization with { LongestLife = null, LongestTtl = TimeSpan.MaxValue };
        var lives = Machine.Issued(profile);
        lives.State = lives.State! with { ExpiresAt = Instant.Forever };
        Assert.Null(TokenMachine.NextDue(lives.State));
    }

    [Fact]
    public void A_command_repeated_under_its_idempotency_key_gets_the_record_of_the_first()
    {
        var machine = Machine.Issued();
        var tag = new IdempotencyTag([1], [2], [3]);
        machine.Do(new TokenCommand.Reset(machine.NextPair()) { Idempotency = tag });
        var before = machine.State;
        var replay = Assert.IsType<Decision.Replayed>(
            machine.Do(new TokenCommand.Reset(machine.NextPair()) { Idempotency = tag }));
        Assert.Equal(tag.Sealed, replay.Record.Sealed);
        Assert.Equal(2, replay.Record.Answer.Version);
        Assert.Same(before, machine.State);
    }

    [Fact]
    public void The_same_key_with_another_request_is_a_conflict_and_after_ten_minutes_the_key_is_free()
    {
        var machine = Machine.Issued();
        machine.Do(new TokenCommand.Reset(machine.NextPair()) { Idempotency = new([1], [2], [3]) });
        var other = new IdempotencyTag([1], [9], [3]);
        Assert.Equal(
            new Decision.Refused(TokenRefusal.IdempotencyConflict), machine.Do(
                new TokenCommand.Reset(machine.NextPair()) { Idempotency = other }));
        machine.Wait(TimeSpan.FromMinutes(10));
        Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Reset(machine.NextPair()) { Idempotency = other }));
    }

    [Fact]
    public void At_most_eight_answers_with_secrets_are_kept()
    {
        var machine = Machine.Issued();
        for (byte i = 0; i < 12; i++)
        {
            machine.Do(new TokenCommand.Reset(machine.NextPair()) { Idempotency = new([i], [2], [3]) });
        }

        Assert.Equal(8, machine.State!.Answers.Length);
        Assert.Equal(11, machine.State.Answers[0].Key[0]);
    }

    /// <summary>Every command of the console and the command line has a key: a rotation's answer outlasts
    /// them.</summary>
    [Fact]
    public void An_answer_with_secrets_is_kept_whatever_else_happens_under_other_keys()
    {
        var machine = Machine.Issued();
        var tag = new IdempotencyTag([255], [2], [3]);
        machine.Do(new TokenCommand.Rotate(machine.NextPair()) { Idempotency = tag });
        for (byte i = 0; i < 40; i++)
        {
            machine.Do(i % 2 == 0
                ? new TokenCommand.Disable { Idempotency = new([i], [2], []) }
                : new TokenCommand.Enable { Idempotency = new([i], [2], []) });
        }

        Assert.Equal(25, machine.State!.Answers.Length);
        Assert.IsType<Decision.Replayed>(machine.Do(new TokenCommand.Rotate(machine.NextPair()) { Idempotency = tag }));
        Assert.IsType<Decision.Replayed>(machine.Do(new TokenCommand.Enable { Idempotency = new([39], [2], []) }));
    }

    [Fact]
    public void A_refusal_leaves_no_answer_under_its_key()
    {
        var machine = Machine.Issued();
        machine.Do(new TokenCommand.Disable());
        machine.Do(new TokenCommand.Rotate(machine.NextPair()) { Idempotency = new([1], [2], [3]) });
        Assert.Empty(machine.State!.Answers);
    }

    [Fact]
    public void An_access_secret_does_not_refresh()
    {
        var machine = Machine.Issued();
        Assert.Equal(new Decision.Refused(TokenRefusal.WrongKind), machine.Do(machine.RefreshWith("a1")));
        Assert.Equal(new Decision.Refused(TokenRefusal.UnknownSecret), machine.Do(machine.RefreshWith("nothing")));
    }

    [Fact]
    public void Digests_compare_by_value_and_pepper()
    {
        Assert.Equal(Machine.Digest("x"), Machine.Digest("x"));
        Assert.NotEqual(Machine.Digest("x"), Machine.Digest("x") with { PepperId = "p2" });
        Assert.NotEqual<SecretDigest>(Machine.Digest("x"), Machine.Digest("y"));
    }
}
