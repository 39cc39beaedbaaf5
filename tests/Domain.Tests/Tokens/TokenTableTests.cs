using TokenActors.Domain.Grants;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>Every cell of state × command.</summary>
public sealed class TokenTableTests
{
    private const string Changed = "changed";
    private const string Unchanged = "unchanged";

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
        Row("Refresh", Changed, "Disabled", "Expired", "NotFound");
        Row("Rotate", Changed, "Disabled", "Expired", "NotFound");
        Row("Rotate of this pair", Changed, "Disabled", "Expired", "NotFound");
        Row("Rotate of another pair", "ChangedMeanwhile", "Disabled", "Expired", "NotFound");
        Row("Reset", Changed, "Disabled", Changed, "NotFound");
        Row("Replace", Changed, "Disabled", "Expired", "NotFound");
        Row("MoveDeadline", Changed, Changed, Changed, "NotFound");
        Row("RemoveSecondary", Changed, Changed, Changed, "NotFound");
        Row("SetLife", Changed, Changed, Changed, "NotFound");
        Row("Enable", Unchanged, Changed, Unchanged, "NotFound");
        Row("Disable", Changed, Unchanged, Changed, "NotFound");
        Row("Describe", Changed, Changed, Changed, "NotFound");
        Row("Edit", Changed, Changed, Changed, "NotFound");
        Row("Edit that replaces", Changed, "Disabled", "Expired", "NotFound");
        Row("Edit that notes", Changed, Changed, Changed, "NotFound");
        Row("Edit that notes too much", "TooManyItems", "TooManyItems", "TooManyItems", "NotFound");
        Row("Edit that binds to addresses", Changed, Changed, Changed, "NotFound");
        Row("Edit that binds to too many", "TooManyItems", "TooManyItems", "TooManyItems", "NotFound");
        Row("Edit that limits", Changed, Changed, Changed, "NotFound");
        Row("Edit that limits to nothing", "LimitsOutOfBounds", "LimitsOutOfBounds", "LimitsOutOfBounds", "NotFound");
        Row("ReserveUses", Changed, "Disabled", "Expired", "NotFound");
        Row("ReserveUses of any number", Unchanged, "Disabled", "Expired", "NotFound");
        Row("ReserveUses of none left", "UsedUp", "Disabled", "Expired", "NotFound");
        Row("ReturnUses", Changed, Changed, Changed, "NotFound");
        Row("ReturnUses of none", Unchanged, Unchanged, Unchanged, "NotFound");
        Row("Refresh of none left", "UsedUp", "Disabled", "Expired", "NotFound");
        Row("Rotate of none left", Changed, "Disabled", "Expired", "NotFound");
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
        if (command.Contains("Uses", StringComparison.Ordinal)
            || command.Contains("none left", StringComparison.Ordinal))
        {
            var left = command.Contains("none left", StringComparison.Ordinal) ? 0 : 50;
            machine.State = machine.State! with { Limits = new TokenLimits(100, null, null), UsesLeft = left };
        }

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
    public void Nothing_but_issue_finds_a_record_that_is_not_there()
    {
        foreach (var command in new[] { "Rotate", "Reset", "Replace", "MoveDeadline", "RemoveSecondary", "SetLife", "Enable", "Disable", "Edit", "Delete", "Tick" })
        {
            var machine = new Machine();
            Assert.Equal(new Decision.Refused(TokenRefusal.NotFound), machine.Do(Make(machine, command)));
        }
    }

    /// <summary>A token with a secondary, brought into a state. One with a life of 8 days is expired after 9.</summary>
    private static Machine InState(TokenStatus status)
    {
        var machine = Machine.Issued();
        machine.Do(new TokenCommand.Rotate(machine.NextPair()));
        switch (status)
        {
            case TokenStatus.Disabled:
                machine.Do(new TokenCommand.Disable());
                break;
            case TokenStatus.Expired:
                machine.Wait(TimeSpan.FromDays(9));
                break;
            case TokenStatus.Deleted:
                machine.Do(new TokenCommand.Delete());
                break;
        }

        return machine;
    }

    private static TokenCommand.ReserveUses Unlimited(Machine machine)
    {
        machine.State = machine.State! with { Limits = TokenLimits.None, UsesLeft = 0 };
        return new();
    }

    private static TokenCommand Make(Machine machine, string command) => command switch
    {
        "Issue" => machine.Issue(),
        "Refresh" => machine.RefreshWith("r2"),
        "Rotate" => new TokenCommand.Rotate(machine.NextPair()),
        "Rotate of this pair" =>
            new TokenCommand.Rotate(machine.NextPair(), MintedAt: machine.State!.Primary?.MintedAt),
        "Rotate of another pair" => new TokenCommand.Rotate(machine.NextPair(), MintedAt: machine.Now.AddDays(-30)),
        "Reset" => new TokenCommand.Reset(machine.NextPair()),
        "Replace" => new TokenCommand.Replace(machine.NextPair()),
        "MoveDeadline" => new TokenCommand.MoveDeadline(machine.Now.AddHours(1)),
        "RemoveSecondary" => new TokenCommand.RemoveSecondary(),
        "SetLife" => new TokenCommand.SetLife(GoDuration.Of("48h")),
        "Enable" => new TokenCommand.Enable(),
        "Disable" => new TokenCommand.Disable(),
        "Describe" => new TokenCommand.Describe("another", "Another"),
        "Edit" => new TokenCommand.Edit(new TokenChanges { FullName = "Another", Enabled = false }, machine.NextPair()),
        "Edit that replaces" => new TokenCommand.Edit(
            new TokenChanges { SecretVersion = machine.State!.SecretVersion + 1 }, machine.NextPair()),
        "Edit that notes" =>
            new TokenCommand.Edit(new TokenChanges { Notes = new("for the build", ["ci"], "ops") }, machine.NextPair()),
        "Edit that notes too much" => new TokenCommand.Edit(
            new TokenChanges { Notes = new(null, [.. Enumerable.Range(0, TokenNotes.MostLabels + 1).Select(i => $"l{i}")], null) }, machine.NextPair()),
        "Edit that binds to addresses" => new TokenCommand.Edit(
            new TokenChanges { Addresses = AddressRanges.Of(["10.0.0.0/8"]) }, machine.NextPair()),
        "Edit that binds to too many" => new TokenCommand.Edit(
            new TokenChanges { Addresses = AddressRanges.Of(Enumerable.Range(0, 33).Select(i => $"10.0.{i}.1")) }, machine.NextPair()),
        "Edit that limits" =>
            new TokenCommand.Edit(new TokenChanges { Limits = new TokenLimits(7, 5, 6) }, machine.NextPair()),
        "Edit that limits to nothing" =>
            new TokenCommand.Edit(new TokenChanges { Limits = new TokenLimits(0, null, null) }, machine.NextPair()),
        "ReserveUses" or "ReserveUses of none left" => new TokenCommand.ReserveUses(),
        "ReserveUses of any number" => Unlimited(machine),
        "ReturnUses" => new TokenCommand.ReturnUses(3),
        "ReturnUses of none" => new TokenCommand.ReturnUses(0),
        "Refresh of none left" => machine.RefreshWith("r2"),
        "Rotate of none left" => new TokenCommand.Rotate(machine.NextPair()),
        "Delete" => new TokenCommand.Delete(),
        "RenewDigest" => new TokenCommand.RenewDigest(
            PresentedKind.SecondaryRefresh, Machine.Digest("renewed") with { PepperId = "p2" }),
        "FinishCascade" => new TokenCommand.FinishCascade(),
        "Tick" => new TokenCommand.Tick(),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };
}
