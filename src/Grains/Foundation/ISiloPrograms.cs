namespace TokenActors.Grains.Foundation;

/// <summary>What the programs of the cluster's silos know: during an upgrade some are older than others.</summary>
public interface ISiloPrograms
{
    /// <summary>Whether every silo of the cluster can run grains of a type.</summary>
    bool AllHave(string grainType);
}
