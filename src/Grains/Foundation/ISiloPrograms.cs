namespace TokenActors.Grains.Foundation;

/// <summary>What the programs of the cluster's silos know: during an upgrade some are older than others.</summary>
public interface ISiloPrograms
{
    /// <summary>Whether every silo of the cluster can run grains of a type.</summary>
    bool AllHave(string grainType);

    /// <summary>Whether every silo's grains of a type know something; a word of <see cref="Knowledge"/>.</summary>
    bool AllKnow(string grainType, string what);
}
