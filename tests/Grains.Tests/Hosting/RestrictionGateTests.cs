using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>When a restriction may be committed, and what is demanded of programs before.</summary>
public sealed class RestrictionGateTests : ISiloPrograms, ISchemaFloor
{
    private readonly List<int> _demanded = [];
    private bool _isKnown = true;
    private bool _isJoinedMeanwhile;

    [Fact]
    public async Task What_every_silo_knows_is_demanded_of_every_later_program_before_it_is_committed()
    {
        Assert.True(await Admits(Restriction.Policies));
        Assert.True(await Admits(Restriction.OfTokens));
        Assert.Equal([13, 14], _demanded);
    }

    [Fact]
    public async Task What_a_silo_does_not_know_is_refused_and_demanded_of_nobody()
    {
        _isKnown = false;
        Assert.False(await Admits(Restriction.OfTokens));
        Assert.False(await Admits(Restriction.Policies));
        Assert.Empty(_demanded);
    }

    [Fact]
    public async Task A_preview_demands_nothing()
    {
        Assert.True(await Admits(Restriction.OfTokens, isPreview: true));
        Assert.Empty(_demanded);
    }

    [Fact]
    public async Task A_silo_that_joined_before_the_demand_was_stored_is_seen()
    {
        _isJoinedMeanwhile = true;
        Assert.False(await Admits(Restriction.OfTokens));
    }

    bool ISiloPrograms.AllHave(string grainType) => _isKnown && grainType == Kinds.Policy;

    bool ISiloPrograms.AllKnow(string grainType, string what) =>
        _isKnown && (grainType, what) == (Kinds.Token, Knowledge.Restrictions);

    int ISchemaFloor.ProgramSchema => 16;

    Task<SchemaState> ISchemaFloor.Read() => throw new NotSupportedException();

    ValueTask ISchemaFloor.Demand(int program)
    {
        _demanded.Add(program);
        _isKnown &= !_isJoinedMeanwhile;
        return default;
    }

    private ValueTask<bool> Admits(Restriction restriction, bool isPreview = false) =>
        new RestrictionGate(this, this).Admits(
            restriction, new CallContext { CommandId = Guid.NewGuid(), IsPreview = isPreview });
}
