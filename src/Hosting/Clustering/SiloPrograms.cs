using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Clustering;

/// <summary>What each silo of the cluster says that it can run, as the cluster's membership spreads it.</summary>
internal sealed class SiloPrograms(IClusterManifestProvider manifests) : ISiloPrograms
{
    public bool AllHave(string grainType)
    {
        var type = GrainType.Create(grainType);
        return manifests.Current.Silos.Values.All(silo => silo.Grains.ContainsKey(type));
    }

    public bool AllKnow(string grainType, string what)
    {
        var type = GrainType.Create(grainType);
        return manifests.Current.Silos.Values.All(silo => silo.Grains.TryGetValue(type, out var grain)
            && grain.Properties.ContainsKey(Knowledge.PropertyOf(what)));
    }
}
