using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.ResourceModel;

namespace TokenActors.Grains.Tests.ResourceModel;

/// <summary>Calls that are made again under their key, and policies as they become known.</summary>
public sealed class RepetitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static Idempotency Call(byte key, byte request = 1) =>
        new() { Key = [key], Request = [request], Sealed = [] };

    private static CallContext Context(Idempotency? call) => new() { CommandId = Guid.NewGuid(), Idempotency = call };

    private static ResourceState Made(Idempotency? call, DateTimeOffset? deleted = null) => ResourceState.Of(
        Guid.NewGuid(),
        new CreateResource
        {
            Context = Context(call), OrganizationId = new OrganizationId(Guid.NewGuid()), Content = new() { Account = new() { Environment = "test" } },
        },
        Now) with
    { DeletedAt = deleted };

    /// <summary>Made under a key; asked again under which key, with which request, after how long.</summary>
    [Theory]
    [InlineData(1, 1, 1, 0, null)]
    [InlineData(1, 1, 1, 9.9, null)]
    [InlineData(1, 1, 2, 0, ResourceRefusal.IdempotencyConflict)]
    [InlineData(1, 1, 1, 10, ResourceRefusal.IdTaken)]
    [InlineData(1, 1, 2, 10, ResourceRefusal.IdTaken)]
    [InlineData(1, 2, 1, 0, ResourceRefusal.IdTaken)]
    [InlineData(1, 0, 1, 0, ResourceRefusal.IdTaken)]
    [InlineData(0, 1, 1, 0, ResourceRefusal.IdTaken)]
    [InlineData(0, 0, 1, 0, ResourceRefusal.IdTaken)]
    public void A_creation_is_answered_again_for_the_call_that_made_it(
        byte made, byte asked, byte request, double minutes, ResourceRefusal? refusal)
    {
        var state = Made(made == 0 ? null : Call(made));
        var again = Context(asked == 0 ? null : Call(asked, request));
        Assert.Equal(refusal, state.RefusalToRepeat(again, isOwnCommand: false, Now.AddMinutes(minutes)));

        // The command itself, asked again after a lost answer, needs no key.
        Assert.Null(state.RefusalToRepeat(again, isOwnCommand: true, Now.AddMinutes(minutes)));
    }

    [Fact]
    public void What_is_deleted_is_made_by_no_call()
    {
        var state = Made(Call(1), deleted: Now);
        Assert.Equal(ResourceRefusal.IdTaken, state.RefusalToRepeat(Context(Call(1)), isOwnCommand: false, Now));
        Assert.Equal(ResourceRefusal.IdTaken, state.RefusalToRepeat(Context(Call(1)), isOwnCommand: true, Now));
    }

    [Fact]
    public void A_deletion_is_known_by_its_call_for_ten_minutes()
    {
        var deleted = Made(null) with { DeletedAt = Now.AddHours(1), DeletedBy = new CreatingCall([1], [1]) };
        Assert.True(deleted.IsDeletedUnder(Call(1), Now.AddHours(1).AddMinutes(9.9)));
        Assert.False(deleted.IsDeletedUnder(Call(1), Now.AddHours(1).AddMinutes(10)));
        Assert.False(deleted.IsDeletedUnder(Call(2), Now.AddHours(1)));
        Assert.False(deleted.IsDeletedUnder(null, Now.AddHours(1)));
        Assert.False(Made(Call(1)).IsDeletedUnder(Call(1), Now));
        Assert.False((deleted with { DeletedBy = null }).IsDeletedUnder(Call(1), Now.AddHours(1)));
    }

    [Fact]
    public void What_is_named_by_nobody_is_named_by_its_id()
    {
        var state = Made(null);
        Assert.Equal((state.Id.ToString(), state.Id.ToString()), (state.Name, state.FullName));
        Assert.Equal(
            (state.Id, state.OrganizationId, 0L),
            (state.ToView().Id, state.ToView().OrganizationId, state.ToView().Version));
    }

    private static PolicyContent Longest(string life) => new() { LongestLife = life };

    [Fact]
    public void A_policy_that_is_older_than_what_is_known_changes_nothing()
    {
        KnownPolicies known = new();
        Assert.Null(known.Current);
        Assert.True(known.NoteOwn(Longest("48h"), 3));
        Assert.False(known.NoteOwn(Longest("9h"), 2));
        Assert.Equal("48h", known.Current?.LongestLife);
        Assert.True(known.NoteOwn(Longest("24h"), 3));
        Assert.Equal("24h", known.Current?.LongestLife);
        Assert.True(known.NoteOwn(null, 4));
        Assert.Null(known.Current);
    }

    /// <summary>Whichever is heard first: both hold at once.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_holds_above_holds_too(bool aboveFirst)
    {
        KnownPolicies known = new();
        if (aboveFirst)
        {
            known.NoteAbove(Longest("24h"), 9);
            Assert.Equal("24h", known.Current?.LongestLife);
        }

        known.NoteOwn(Longest("48h") with { MustExpire = true }, 1);
        known.NoteAbove(Longest("24h"), 9);
        Assert.Equal(("24h", true), (known.Current?.LongestLife, known.Current?.MustExpire));
        Assert.False(known.NoteAbove(null, 8));
        known.NoteAbove(null, 10);
        Assert.Equal("48h", known.Current?.LongestLife);
        var before = known.Current;
        Assert.Same(before, known.Current);
    }
}
