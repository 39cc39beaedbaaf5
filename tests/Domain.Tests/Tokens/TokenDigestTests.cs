using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>Secrets that move to another pepper when they are shown, so that the old one can be retired.</summary>
public sealed class TokenDigestTests
{
    private static readonly SecretDigest Renewed = Machine.Digest("renewed") with { PepperId = "p2" };

    /// <summary>A token whose primary is pair 3, whose secondary is pair 2, and that spent pair 1.</summary>
    private static Machine Refreshed()
    {
        var machine = Machine.Issued();
        machine.Do(machine.RefreshWith("r1"));
        machine.Do(machine.RefreshWith("r2"));
        return machine;
    }

    [Theory]
    [InlineData("a3", PresentedKind.PrimaryAccess)]
    [InlineData("r3", PresentedKind.PrimaryRefresh)]
    [InlineData("a2", PresentedKind.SecondaryAccess)]
    [InlineData("r2", PresentedKind.SecondaryRefresh)]
    public void A_live_secret_is_known_by_its_new_digest_alone_and_nothing_else_changes(
        string secret, PresentedKind kind)
    {
        var machine = Refreshed();
        var before = machine.State!;
        Assert.Equal(Machine.Digest(secret), TokenMachine.DigestOf(before, kind));
        var decision = machine.Do(new TokenCommand.RenewDigest(kind, Renewed));
        Assert.Equal(TokenEvent.DigestRenewed, Assert.IsType<Decision.Changed>(decision).Event);

        var after = machine.State!;
        Assert.Equal(kind, Presented.Find(after, Renewed.Equals).Kind);
        Assert.Equal(PresentedKind.Unknown, machine.Present(secret).Kind);
        Assert.Equal(TokenMachine.ExpiryOf(before, kind), TokenMachine.ExpiryOf(after, kind));
        Assert.Equal((before.SecretVersion, before.ExpiresAt), (after.SecretVersion, after.ExpiresAt));
        Assert.Same(before.SealedPrimary, after.SealedPrimary);
        foreach (var other in new[] { "a3", "r3", "a2", "r2", "r1" }.Where(other => other != secret))
        {
            Assert.Equal(Presented.Find(before, Machine.Digest(other).Equals).Kind, machine.Present(other).Kind);
        }
    }

    [Theory]
    [InlineData(PresentedKind.Spent)]
    [InlineData(PresentedKind.Unknown)]
    public void What_is_no_live_secret_is_left_alone(PresentedKind kind)
    {
        var machine = Refreshed();
        Assert.Null(TokenMachine.DigestOf(machine.State!, kind));
        Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.RenewDigest(kind, Renewed)));
    }

    [Theory]
    [InlineData(PresentedKind.SecondaryAccess)]
    [InlineData(PresentedKind.SecondaryRefresh)]
    public void A_secondary_that_went_meanwhile_is_left_alone(PresentedKind kind)
    {
        var machine = Machine.Issued();
        Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.RenewDigest(kind, Renewed)));
    }

    [Fact]
    public void Under_the_same_pepper_there_is_nothing_to_renew()
    {
        var machine = Refreshed();
        var same = Machine.Digest("renewed");
        Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.RenewDigest(PresentedKind.PrimaryAccess, same)));
    }

    [Fact]
    public void A_single_token_has_no_refresh_digest_to_renew()
    {
        var machine = Machine.Issued(TokenProfile.Mcp);
        Assert.Null(TokenMachine.DigestOf(machine.State!, PresentedKind.PrimaryRefresh));
        var decision = machine.Do(new TokenCommand.RenewDigest(PresentedKind.PrimaryRefresh, Renewed));
        Assert.IsType<Decision.Unchanged>(decision);
    }

    [Fact]
    public void A_renewed_secret_still_refreshes_and_is_spent_under_its_new_digest()
    {
        var machine = Refreshed();
        machine.Do(new TokenCommand.RenewDigest(PresentedKind.PrimaryRefresh, Renewed));
        var refresh = machine.RefreshWith("r3") with { Presented = Presented.Find(machine.State!, Renewed.Equals) };
        Assert.Equal(TokenEvent.Refreshed, Assert.IsType<Decision.Changed>(machine.Do(refresh)).Event);
        Assert.Equal(PresentedKind.SecondaryRefresh, Presented.Find(machine.State!, Renewed.Equals).Kind);
    }
}
