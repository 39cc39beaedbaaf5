using TokenActors.Domain.Identity;
using TokenActors.Domain.Intents;

namespace TokenActors.Domain.Tests.Intents;

/// <summary>Who may take an intent, and until when, on a clock that is driven.</summary>
public sealed class IntentMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenId Person = new(Guid.NewGuid());
    private static readonly TokenId Another = new(Guid.NewGuid());

    private static readonly Intent Open = new()
    {
        Id = Guid.NewGuid(), OrganizationId = new(Guid.NewGuid()), MemberId = new(Guid.NewGuid()), TokenId = new(Guid.NewGuid()), Command = "rotate",
        Subject = new TokenId(Guid.NewGuid()), Body = "{}", CreatedAt = Start, LapsesAt = Start + IntentMachine.Holds,
        UpdatedAt = Start, Version = 1,
    };

    private static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    [Theory]
    [InlineData(0, true)]
    [InlineData(4.99, true)]
    [InlineData(5, false)]
    [InlineData(60, false)]
    public void It_is_taken_within_five_minutes(double minutes, bool isTaken)
    {
        var next = IntentMachine.Collect(Open, Person, "k", At(minutes));
        Assert.Equal(isTaken, next is not null);
        Assert.Equal(At(5), Open.DueAt);
        Assert.True(
            next is null || (next.Version == 2 && next.Collector == new IntentCollector(Person, "k", At(minutes))));
    }

    [Theory]
    [InlineData("k", 9.9, true)]
    [InlineData("k", 10, false)]
    [InlineData("other", 1, false)]
    public void Whoever_took_it_takes_it_again_under_the_same_key_for_ten_minutes(
        string key, double later, bool isTaken)
    {
        var taken = IntentMachine.Collect(Open, Person, "k", At(4));
        Assert.NotNull(taken);
        Assert.Equal(At(14), taken.DueAt);
        Assert.Same(isTaken ? taken : null, IntentMachine.Collect(taken, Person, key, At(4 + later)));
        Assert.Null(IntentMachine.Collect(taken, Another, key, At(4 + later)));
    }
}
