using CsCheck;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>Uses of a token that has a number of them.</summary>
public sealed class TokenUsesTests
{
    private static Machine WithUses(long uses)
    {
        var machine = Machine.Issued();
        Assert.IsType<Decision.Changed>(
            machine.Do(new TokenCommand.Edit(
                new TokenChanges { Limits = new TokenLimits(uses, null, null) }, machine.NextPair())));
        Assert.Equal(uses, machine.State!.UsesLeft);
        return machine;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(19, 1)]
    [InlineData(20, 2)]
    [InlineData(100, 10)]
    [InlineData(639, 63)]
    [InlineData(640, 64)]
    [InlineData(TokenLimits.MostUses, 64)]
    public void A_block_is_a_tenth_of_what_is_left(long left, long block) =>
        Assert.Equal(block, TokenLimits.BlockOf(left));

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData(1L, 1, 1, true)]
    [InlineData(TokenLimits.MostUses, TokenLimits.MostPerSecond, TokenLimits.LargestBurst, true)]
    [InlineData(0L, null, null, false)]
    [InlineData(-1L, null, null, false)]
    [InlineData(TokenLimits.MostUses + 1, null, null, false)]
    [InlineData(null, 0, null, false)]
    [InlineData(null, null, 5, false)]
    [InlineData(null, 5, 0, false)]
    [InlineData(null, TokenLimits.MostPerSecond + 1, null, false)]
    public void Limits_have_bounds(long? uses, int? perSecond, int? burst, bool within) =>
        Assert.Equal(within, new TokenLimits(uses, perSecond, burst).IsWithinBounds);

    [Fact]
    public void Blocks_add_up_to_the_number_and_the_last_is_told_once() =>
        Gen.Long[1, 3000].HoldsForAll(300, uses =>
        {
            var machine = WithUses(uses);
            var (given, told, commits) = (0L, 0, 0);
            while (machine.State!.UsesLeft is var left
                && machine.Do(new TokenCommand.ReserveUses()) is Decision.Changed changed)
            {
                given += left - changed.Next.UsesLeft;
                told += changed.Event == TokenEvent.LimitReached ? 1 : 0;
                commits++;
                Assert.Equal(changed.Next.UsesLeft == 0, changed.Event == TokenEvent.LimitReached);
            }

            Assert.Equal((uses, 1), (given, told));
            Assert.True(commits <= (uses / 64) + 64, $"{commits} writes for {uses} uses");
            Assert.Equal(new Decision.Refused(TokenRefusal.UsedUp), machine.Do(new TokenCommand.ReserveUses()));
        });

    [Fact]
    public void Another_number_counts_those_that_were_used()
    {
        var machine = WithUses(100);
        machine.Do(new TokenCommand.ReserveUses());
        TokenCommand.Edit To(long? uses, long unspent = 0) =>
            new(new TokenChanges { Limits = new TokenLimits(uses, null, null), Unspent = unspent }, machine.NextPair());

        // Ten were taken; four of them were not used and come back.
        machine.Do(To(200, unspent: 4));
        Assert.Equal(194, machine.State!.UsesLeft);
        machine.Do(To(5));
        Assert.True(TokenMachine.IsUsedUp(machine.State!));
        machine.Do(To(7));
        Assert.Equal(1, machine.State!.UsesLeft);
        machine.Do(To(null));
        Assert.False(TokenMachine.IsUsedUp(machine.State!));
        machine.Do(To(3));
        Assert.Equal(3, machine.State!.UsesLeft);
        Assert.IsType<Decision.Unchanged>(machine.Do(To(3, unspent: 2)));
    }

    [Fact]
    public void What_is_given_back_is_never_more_than_there_was()
    {
        var machine = WithUses(50);
        machine.Do(new TokenCommand.ReserveUses());
        machine.Do(new TokenCommand.ReturnUses(1_000));
        Assert.Equal(50, machine.State!.UsesLeft);
        machine.State = machine.State with { UsesLeft = 0 };
        Assert.IsType<Decision.Unchanged>(machine.Do(new TokenCommand.ReturnUses(1)));
    }

    [Fact]
    public void One_limits_at_least_as_much_as_another()
    {
        TokenLimits Of(long? uses, int? perSecond, int? burst = null) => new(uses, perSecond, burst);
        Assert.True(Of(1, 1).IsWithin(TokenLimits.None));
        Assert.True(Of(5, 2, 4).IsWithin(Of(5, 2)));
        Assert.False(TokenLimits.None.IsWithin(Of(5, null)));
        Assert.False(TokenLimits.None.IsWithin(Of(null, 5)));
        Assert.False(Of(6, null).IsWithin(Of(5, null)));
        Assert.False(Of(null, 2, 5).IsWithin(Of(null, 2)));
        Assert.False(Of(null, 3).IsWithin(Of(null, 2, 9)));
    }
}
