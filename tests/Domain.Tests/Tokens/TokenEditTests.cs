using TokenActors.Domain.Grants;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>Several changes as one command, and what only the facades' tokens have.</summary>
public sealed class TokenEditTests
{
    private static Machine ServiceToken() => Machine.Issued(TokenProfile.ServiceToken);

    private static Decision Edit(Machine machine, TokenChanges changes) =>
        machine.Do(new TokenCommand.Edit(changes, machine.NextPair()));

    private static TokenRefusal RefusalOf(Decision decision) => Assert.IsType<Decision.Refused>(decision).Refusal;

    [Fact]
    public void What_is_left_out_stays_and_nothing_asked_changes_nothing()
    {
        var machine = ServiceToken();
        Assert.IsType<Decision.Unchanged>(Edit(machine, new TokenChanges()));
        Assert.IsType<Decision.Unchanged>(
            Edit(machine, new TokenChanges { Enabled = true, SecretVersion = 1, FullName = machine.State!.FullName }));
        Assert.Equal(1, machine.State!.Version);
        Assert.True(machine.Accepts("a1"));
    }

    [Fact]
    public void All_of_it_is_one_version_and_one_event()
    {
        var machine = ServiceToken();
        var decision = Edit(machine, new TokenChanges { FullName = "new", Life = GoDuration.Of("1h"), SecretVersion = 5, Deadline = machine.Now.AddMinutes(1), Claims = "{}" });
        Assert.Equal(TokenEvent.Edited, Assert.IsType<Decision.Changed>(decision).Event);
        var state = machine.State!;
        Assert.Equal(
            (2L, "new", "{}", 5L, machine.Now.AddHours(1)),
            (state.Version, state.FullName, state.Claims, state.SecretVersion, state.ExpiresAt));
        Assert.True(machine.Accepts("a1") && machine.Accepts("a2"));
        machine.Wait(TimeSpan.FromMinutes(1));
        Assert.False(machine.Accepts("a1"));
        Assert.True(machine.Accepts("a2"));
    }

    [Fact]
    public void A_single_change_keeps_the_name_of_its_event()
    {
        var machine = ServiceToken();
        Assert.Equal(
            TokenEvent.Described,
            Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { FullName = "x" })).Event);
        Assert.Equal(
            TokenEvent.LifeSet,
            Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Life = GoDuration.Of("1h") })).Event);
        Assert.Equal(
            TokenEvent.Disabled,
            Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Enabled = false })).Event);
        Assert.Equal(
            TokenEvent.Enabled,
            Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Enabled = true })).Event);
        Assert.Equal(
            TokenEvent.Replaced,
            Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { SecretVersion = 2 })).Event);
    }

    [Fact]
    public void Notes_are_replaced_as_a_whole_and_survive_a_rotation()
    {
        var machine = ServiceToken();
        TokenNotes notes = new("for the build", ["ci", "eu"], "ops@example.com");
        Assert.Equal(
            TokenEvent.Described,
            Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Notes = notes })).Event);
        Assert.IsType<Decision.Unchanged>(
            Edit(machine, new TokenChanges { Notes = new("for the build", ["ci", "eu"], "ops@example.com") }));
        machine.Do(new TokenCommand.Rotate(machine.NextPair()));
        Assert.Equal(notes, machine.State!.Notes);
        Edit(machine, new TokenChanges { Notes = TokenNotes.None });
        Assert.Equal(TokenNotes.None, machine.State!.Notes);
    }

    [Fact]
    public void Notes_have_bounds()
    {
        Assert.True(new TokenNotes(new('x', 512), [.. Enumerable.Range(0, 16).Select(i => new string((char)('a' + i), 64))], new('x', 256)).IsWithinBounds);
        Assert.False(new TokenNotes(new('x', 513), [], null).IsWithinBounds);
        Assert.False(new TokenNotes("a\0b", [], null).IsWithinBounds);
        Assert.False(new TokenNotes(null, ["a\0b"], null).IsWithinBounds);
        Assert.False(new TokenNotes(null, [], "a\0b").IsWithinBounds);
        Assert.False(new TokenNotes(null, [new('x', 65)], null).IsWithinBounds);
        Assert.False(new TokenNotes(null, [""], null).IsWithinBounds);
        Assert.False(new TokenNotes(null, ["a", "a"], null).IsWithinBounds);
        Assert.False(new TokenNotes(null, [], new('x', 257)).IsWithinBounds);
    }

    [Fact]
    public void A_raised_version_replaces_the_primary_and_without_a_deadline_ends_the_old_one()
    {
        var machine = ServiceToken();
        Edit(machine, new TokenChanges { SecretVersion = 3 });
        Assert.False(machine.Accepts("a1"));
        Assert.True(machine.Accepts("a2"));
        Assert.Equal(
            TokenRefusal.VersionGoesBack,
            RefusalOf(Edit(machine, new TokenChanges { SecretVersion = 2, FullName = "not either" })));
        Assert.NotEqual("not either", machine.State!.FullName);
    }

    /// <summary>A client that stops counting asks for the first version on every apply, and reads it back.</summary>
    [Fact]
    public void The_first_version_begins_anew_and_replaces_nothing()
    {
        var machine = ServiceToken();
        Edit(machine, new TokenChanges { SecretVersion = 3 });
        Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { SecretVersion = 1 }));
        Assert.True(machine.Accepts("a2"));
        Assert.Equal(1, machine.State!.SecretVersion);
        Assert.IsType<Decision.Unchanged>(Edit(machine, new TokenChanges { SecretVersion = 1 }));
        Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { SecretVersion = 2 }));
        Assert.False(machine.Accepts("a2"));
    }

    [Fact]
    public void A_deadline_alone_moves_that_of_the_former_primary()
    {
        var machine = ServiceToken();
        Edit(machine, new TokenChanges { SecretVersion = 2, Deadline = machine.Now.AddHours(1) });
        Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Deadline = machine.Now.AddMinutes(-1) }));
        Assert.False(machine.Accepts("a1"));
        Assert.Null(machine.State!.Secondary);
    }

    [Fact]
    public void It_may_enable_and_replace_at_once_but_not_replace_what_stays_disabled()
    {
        var machine = ServiceToken();
        Edit(machine, new TokenChanges { Enabled = false });
        Assert.Equal(TokenRefusal.Disabled, RefusalOf(Edit(machine, new TokenChanges { SecretVersion = 2 })));
        Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Enabled = true, SecretVersion = 2 }));
        Assert.True(machine.Accepts("a4"));
        Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Enabled = false, SecretVersion = 3 }));
        Assert.False(machine.Accepts("a5"));
    }

    [Fact]
    public void An_expired_one_is_replaced_only_with_a_new_life()
    {
        var machine = Machine.Issued(TokenProfile.ServiceToken, "1h");
        machine.Wait(TimeSpan.FromHours(1));
        Assert.Equal(TokenRefusal.Expired, RefusalOf(Edit(machine, new TokenChanges { SecretVersion = 2 })));
        Assert.IsType<Decision.Changed>(
            Edit(machine, new TokenChanges { SecretVersion = 2, Life = GoDuration.Of("1h") }));
        Assert.True(machine.Accepts("a3"));
    }

    [Fact]
    public void It_is_refused_at_another_version_than_expected()
    {
        var machine = ServiceToken();
        Assert.Equal(
            TokenRefusal.ChangedMeanwhile,
            RefusalOf(Edit(machine, new TokenChanges { ExpectedVersion = 2, FullName = "x" })));
        Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { ExpectedVersion = 1, FullName = "x" }));
    }

    [Fact]
    public void A_binding_is_changed_as_a_whole()
    {
        var machine = Machine.Issued(TokenProfile.AccessToken);
        var binding = new GrantBinding.Listed(ActionSet.Of("tokens:list"), Resources.All);
        Assert.IsType<Decision.Changed>(Edit(machine, new TokenChanges { Binding = binding }));
        Assert.Same(binding, machine.State!.Binding);
        Assert.IsType<Decision.Unchanged>(Edit(
            machine,
            new TokenChanges { Binding = new GrantBinding.Listed(ActionSet.Of("tokens:list"), Resources.All) }));
    }

    [Fact]
    public void What_lives_for_ever_has_no_end_and_nothing_due()
    {
        var machine = Machine.Issued(TokenProfile.AccessToken);
        Assert.Equal(Instant.Forever, machine.State!.ExpiresAt);
        Assert.Equal("forever", machine.State.Ttl.Text);
        Assert.Null(TokenMachine.NextDue(machine.State));
        machine.Wait(TimeSpan.FromDays(365 * 100));
        Assert.True(machine.Accepts("a1"));
    }

    [Fact]
    public void An_end_of_its_own_may_lie_in_the_past_and_the_token_stays_until_it_is_deleted()
    {
        var machine = new Machine { Profile = TokenProfile.FlowTeam };
        var issue = machine.Issue();
        Assert.IsType<Decision.Changed>(
            machine.Do(issue with { Spec = issue.Spec with { ExpiresAt = machine.Now.AddDays(-1) } }));
        Assert.False(machine.Accepts("a1"));
        Assert.Equal(TokenStatus.Expired, machine.State!.StatusAt(machine.Now));
        machine.Wait(TimeSpan.FromDays(1000));
        while (machine.Do(new TokenCommand.Tick()) is Decision.Changed)
        {
        }

        Assert.NotNull(machine.State);
    }

    [Fact]
    public void A_repetition_known_to_be_none_is_carried_out_and_takes_the_place_of_the_earlier_answer()
    {
        var machine = ServiceToken();
        IdempotencyTag Tag(byte what, bool fresh) => new([1], [2], [what], fresh);
        Decision Replace(byte what, bool fresh) => machine.Do(
            new TokenCommand.Replace(machine.NextPair()) { Idempotency = Tag(what, fresh) });
        Assert.IsType<Decision.Changed>(Replace(1, fresh: true));
        Assert.IsType<Decision.Changed>(Replace(2, fresh: true));
        Assert.Equal(3, machine.State!.SecretVersion);
        Assert.Equal([2], Assert.IsType<Decision.Replayed>(Replace(3, fresh: false)).Record.Sealed);
        Assert.Equal([2], TokenMachine.FindAnswer(machine.State, Tag(0, false), machine.Now)!.Sealed);
        Assert.Single(machine.State.Answers);
    }

    [Fact]
    public void An_edit_that_mints_nothing_keeps_no_secrets_for_its_repetition()
    {
        var machine = ServiceToken();
        machine.Do(new TokenCommand.Edit(new TokenChanges { FullName = "x" }, machine.NextPair()) { Idempotency = new([1], [2], [3]) });
        Assert.Empty(Assert.Single(machine.State!.Answers).Sealed);
    }
}
