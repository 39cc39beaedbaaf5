using TokenActors.Domain.Grants;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>A key that something else issued: every cell of state × command, and what becomes of it.</summary>
public sealed class TokenImportTests
{
    private const string Changed = "changed";
    private const string Unchanged = "unchanged";
    private const string Scheme = "019f0000-0000-7000-8000-00000000000c";

    public static TheoryData<string, TokenStatus, string> Cells()
    {
        var data = new TheoryData<string, TokenStatus, string>();
        void Row(string command, string active, string disabled, string expired, string deleted)
        {
            data.Add(command, TokenStatus.Active, active);
            data.Add(command, TokenStatus.Disabled, disabled);
            data.Add(command, TokenStatus.Expired, expired);
            data.Add(command, TokenStatus.Deleted, deleted);
        }

        Row("Issue", "IdTaken", "IdTaken", "IdTaken", "IdTaken");
        Row("Refresh", "NotRefreshable", "Disabled", "Expired", "NotFound");
        Row("Rotate", Changed, "Disabled", "Expired", "NotFound");
        Row("Rotate as refresh", "NotRefreshable", "Disabled", "Expired", "NotFound");
        Row("Reset", Changed, "Disabled", Changed, "NotFound");
        Row("Replace", "NotRefreshable", "Disabled", "Expired", "NotFound");
        Row("MoveDeadline", Unchanged, Unchanged, Unchanged, "NotFound");
        Row("RemoveSecondary", Unchanged, Unchanged, Unchanged, "NotFound");
        Row("SetLife", Changed, Changed, Changed, "NotFound");
        Row("Enable", Unchanged, Changed, Unchanged, "NotFound");
        Row("Disable", Changed, Unchanged, Changed, "NotFound");
        Row("Describe", Changed, Changed, Changed, "NotFound");
        Row("Edit", Changed, Changed, Changed, "NotFound");
        Row("Edit that replaces", "NotRefreshable", "NotRefreshable", "NotRefreshable", "NotFound");
        Row("Edit that notes", Changed, Changed, Changed, "NotFound");
        Row("Edit that binds to addresses", Changed, Changed, Changed, "NotFound");
        Row("Edit that limits", Changed, Changed, Changed, "NotFound");
        Row("ReserveUses", Unchanged, "Disabled", "Expired", "NotFound");
        Row("ReturnUses", Unchanged, Unchanged, Unchanged, "NotFound");
        Row("Delete", Changed, Changed, Changed, "NotFound");
        Row("RenewDigest", Changed, Changed, Changed, "NotFound");
        Row("FinishCascade", Unchanged, Unchanged, Unchanged, Changed);
        Row("Tick", Unchanged, Unchanged, Changed, Unchanged);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Command_in_state_does_what_the_table_says(string command, TokenStatus status, string expected)
    {
        var machine = InState(status);
        var before = machine.State!;
        var decision = machine.Do(Make(machine, command));
        var actual = decision switch
        {
            Decision.Changed => Changed,
            Decision.Unchanged => Unchanged,
            Decision.Refused refused => refused.Refusal.ToString(),
            _ => decision.ToString()!,
        };
        Assert.Equal(expected, actual);
        Assert.Equal(expected == Changed ? before.Version + 1 : before.Version, machine.State!.Version);
    }

    [Fact]
    public void An_import_is_an_event_of_its_own_whatever_the_token_belongs_to()
    {
        foreach (var belongsTo in Enum.GetValues<TokenBelonging>())
        {
            var changed = Assert.IsType<Decision.Changed>(new Machine().Do(Import(belongsTo)));
            Assert.Equal((TokenEvent.Imported, TokenProfile.Imported), (changed.Event, changed.Next.Profile));
            Assert.True(TokenMachine.IsImported(changed.Next, PresentedKind.PrimaryAccess));
        }
    }

    [Fact]
    public void The_first_rotation_makes_a_pair_of_ours_and_the_key_keeps_the_deadline()
    {
        var machine = Imported();
        machine.Do(new TokenCommand.Rotate(Native(2), machine.Now.AddHours(1)));
        Assert.Equal(TokenProfile.Adopted, machine.State!.Profile);
        Assert.Equal(TokenKinds.Adhoc, TokenKinds.Of(machine.State.Profile));
        Assert.All(["key", "a2"], secret => Assert.True(machine.Accepts(secret)));
        Assert.Equal(
            [true, false, false],
            new[] { "key", "a2", "r2" }.Select(
                secret => TokenMachine.IsImported(machine.State, machine.Present(secret).Kind)));

        machine.Wait(TimeSpan.FromHours(1));
        Assert.False(machine.Accepts("key"));
        Assert.True(machine.Accepts("a2"));
        machine.Do(new TokenCommand.Tick());
        Assert.Null(TokenMachine.ImportedKeyOf(machine.State));
    }

    [Fact]
    public void After_that_it_is_refreshed_like_any_other_and_the_key_is_gone_with_the_next_pair()
    {
        var machine = Imported();
        machine.Do(new TokenCommand.Rotate(Native(2)));
        Assert.NotNull(TokenMachine.ImportedKeyOf(machine.State));
        Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Refresh(machine.Present("r2"), Native(3), [1])));
        Assert.Null(TokenMachine.ImportedKeyOf(machine.State));
        Assert.False(machine.Accepts("key"));
        Assert.Equal(PresentedKind.Unknown, machine.Present("key").Kind);
    }

    [Fact]
    public void A_reset_leaves_nothing_of_the_key()
    {
        var machine = Imported();
        machine.Do(new TokenCommand.Reset(Native(2)));
        Assert.False(machine.Accepts("key"));
        Assert.True(machine.Accepts("a2"));
        Assert.Null(TokenMachine.ImportedKeyOf(machine.State));
    }

    [Theory]
    [InlineData(null, "8760h")]
    [InlineData("20000h", "8760h")]
    [InlineData("48h", "48h")]
    public void The_life_of_a_key_is_that_of_its_pairs_as_far_as_a_pair_may_live(string? life, string expected)
    {
        var machine = Imported(life);
        Assert.Equal(
            life is null ? Instant.Forever : Machine.Start + GoDuration.Of(life).Value, machine.State!.ExpiresAt);
        machine.Wait(TimeSpan.FromHours(40));
        machine.Do(new TokenCommand.Rotate(Native(2)));
        Assert.Equal(
            (expected, machine.Now + GoDuration.Of(expected).Value),
            (machine.State.Ttl.Text, machine.State.Primary!.Access.ExpiresAt));
    }

    /// <summary>One that is years old is no older than its first pair to an ordinary token's longest life.</summary>
    [Fact]
    public void An_old_key_can_still_be_rotated()
    {
        var machine = Imported();
        machine.Wait(TimeSpan.FromDays(1_000));
        Assert.IsType<Decision.Changed>(machine.Do(new TokenCommand.Rotate(Native(2))));
        Assert.True(machine.Accepts("a2"));
    }

    [Fact]
    public void Under_another_pepper_it_is_the_same_key_of_the_same_scheme()
    {
        var machine = Imported();
        machine.Do(
            new TokenCommand.RenewDigest(PresentedKind.PrimaryAccess, Machine.Digest("key") with { PepperId = "p2" }));
        Assert.Equal(
            ("p2", Scheme), (machine.State!.Primary!.Access.Digest.PepperId, machine.State.Primary.Access.Scheme));
    }

    [Fact]
    public void The_policy_is_asked_about_its_kind_and_life()
    {
        static Decision Under(TokenPolicy policy) =>
            new Machine { Rules = TokenRules.Standard with { Policy = policy } }.Do(Import());
        Assert.Equal(
            new Decision.Refused(TokenRefusal.KindBeyondPolicy), Under(new() { AllowedKinds = [TokenKinds.Adhoc] }));
        Assert.IsType<Decision.Changed>(Under(new() { AllowedKinds = [TokenKinds.Imported] }));
        Assert.Equal(new Decision.Refused(TokenRefusal.LifeBeyondPolicy), Under(new() { MustExpire = true }));
        Assert.Equal(
            Machine.Start.AddHours(72),
            Assert.IsType<Decision.Changed>(Under(new() { MustExpire = true, LongestLife = GoDuration.Of("72h") })).Next.ExpiresAt);
    }

    private static Machine Imported(string? life = null)
    {
        Machine machine = new();
        Assert.IsType<Decision.Changed>(machine.Do(Import(life: life)));
        return machine;
    }

    private static TokenCommand.Issue Import(TokenBelonging belongsTo = TokenBelonging.Organization, string? life = null) => new(
        new TokenSpec
        {
            Id = Machine.Id,
            OrganizationId = Machine.Org,
            MemberId = Machine.Member,
            OwnerType = TokenOwnerType.Organization,
            OwnerId = Machine.Org.ToString(),
            Profile = TokenProfile.Imported,
            BelongsTo = belongsTo,
            Binding = new GrantBinding.Adhoc(PermissionSets.Viewer, Resources.All),
            Ttl = life is null ? null : GoDuration.Of(life),
        },
        new MintedPair(new MintedCredential(Machine.Digest("key"), "eKey", Scheme), Refresh: null));

    private static MintedPair Native(int n) => new(
        new MintedCredential(Machine.Digest($"a{n}"), "aaaa"), new MintedCredential(Machine.Digest($"r{n}"), "rrrr"));

    private static Machine InState(TokenStatus status)
    {
        var machine = Imported("24h");
        switch (status)
        {
            case TokenStatus.Disabled:
                machine.Do(new TokenCommand.Disable());
                break;
            case TokenStatus.Expired:
                machine.Wait(TimeSpan.FromDays(2));
                break;
            case TokenStatus.Deleted:
                machine.Do(new TokenCommand.Delete());
                break;
        }

        return machine;
    }

    private static TokenCommand Make(Machine machine, string command) => command switch
    {
        "Issue" => Import(),
        "Refresh" => new TokenCommand.Refresh(machine.Present("key"), Native(2), [1]),
        "Rotate" => new TokenCommand.Rotate(Native(2)),
        "Rotate as refresh" => new TokenCommand.Rotate(Native(2), AsRefresh: true),
        "Reset" => new TokenCommand.Reset(Native(2)),
        "Replace" => new TokenCommand.Replace(Native(2)),
        "MoveDeadline" => new TokenCommand.MoveDeadline(machine.Now.AddHours(1)),
        "RemoveSecondary" => new TokenCommand.RemoveSecondary(),
        "SetLife" => new TokenCommand.SetLife(GoDuration.Of("48h")),
        "Enable" => new TokenCommand.Enable(),
        "Disable" => new TokenCommand.Disable(),
        "Describe" => new TokenCommand.Describe("another", "Another"),
        "Edit" => new TokenCommand.Edit(new TokenChanges { FullName = "Another", Enabled = false }, Native(2)),
        "Edit that replaces" => new TokenCommand.Edit(new TokenChanges { SecretVersion = 2 }, Native(2)),
        "Edit that notes" =>
            new TokenCommand.Edit(new TokenChanges { Notes = new("for the build", ["ci"], "ops") }, Native(2)),
        "Edit that binds to addresses" => new TokenCommand.Edit(
            new TokenChanges { Addresses = AddressRanges.Of(["10.0.0.0/8"]) }, Native(2)),
        "Edit that limits" => new TokenCommand.Edit(new TokenChanges { Limits = new TokenLimits(7, 5, 6) }, Native(2)),
        "ReserveUses" => new TokenCommand.ReserveUses(),
        "ReturnUses" => new TokenCommand.ReturnUses(3),
        "Delete" => new TokenCommand.Delete(),
        "RenewDigest" =>
            new TokenCommand.RenewDigest(PresentedKind.PrimaryAccess, Machine.Digest("key") with { PepperId = "p2" }),
        "FinishCascade" => new TokenCommand.FinishCascade(),
        "Tick" => new TokenCommand.Tick(),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };
}
