using TokenActors.Domain.Grants;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>What a token may not have, whoever asks: the machine itself refuses it.</summary>
public sealed class TokenBoundsTests
{
    public static TheoryData<string, TokenRefusal> Excesses => new()
    {
        { "notes", TokenRefusal.TooManyItems }, { "addresses", TokenRefusal.TooManyItems }, { "uses", TokenRefusal.LimitsOutOfBounds },
        { "burst", TokenRefusal.LimitsOutOfBounds },
    };

    [Theory]
    [MemberData(nameof(Excesses))]
    public void A_token_is_not_issued_with_more_than_it_may_have(string what, TokenRefusal refusal)
    {
        var machine = new Machine();
        var issue = machine.Issue();
        var spec = what switch
        {
            "notes" => issue.Spec with { Notes = new(null, [.. Enumerable.Range(0, TokenNotes.MostLabels + 1).Select(i => $"l{i}")], null) },
            "addresses" => issue.Spec with
            {
                Addresses = AddressRanges.Of(
                    Enumerable.Range(0, AddressRanges.MostRanges + 1).Select(i => $"10.0.{i}.1")),
            },
            "uses" => issue.Spec with { Limits = new(0, null, null) },
            _ => issue.Spec with { Limits = new(null, null, 5) },
        };
        Assert.Equal(new Decision.Refused(refusal), machine.Do(issue with { Spec = spec }));
        Assert.Null(machine.State);
    }

    [Theory]
    [InlineData("mcp", "24h1s")]
    [InlineData("organization", "500ms")]
    [InlineData("logon", "59s")]
    public void A_life_outside_the_bounds_of_the_profile_is_not_set(string profile, string life)
    {
        var machine = Machine.Issued(TokenProfile.Named(profile));
        var before = machine.State;
        Assert.Equal(
            new Decision.Refused(TokenRefusal.LifeOutOfBounds),
            machine.Do(new TokenCommand.SetLife(GoDuration.Of(life))));
        Assert.Same(before, machine.State);
    }

    /// <summary>Its refresh secret may end before the token does.</summary>
    [Fact]
    public void A_refresh_secret_that_has_ended_refreshes_nothing()
    {
        var machine = Machine.Issued();
        var primary = machine.State!.Primary!;
        var end = machine.Now.AddHours(1);
        machine.State = machine.State with { Primary = primary with { Refresh = primary.Refresh! with { ExpiresAt = end } } };
        machine.Wait(TimeSpan.FromHours(1));
        Assert.Equal(TokenStatus.Active, machine.State.StatusAt(machine.Now));
        Assert.Equal(new Decision.Refused(TokenRefusal.Expired), machine.Do(machine.RefreshWith("r1")));
        machine.Now = end.AddMicroseconds(-1);
        Assert.IsType<Decision.Changed>(machine.Do(machine.RefreshWith("r1")));
    }
}
