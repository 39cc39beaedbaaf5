using Orleans.Metadata;
using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Clustering;

/// <summary>
/// What each silo of the cluster says that it can run, as the cluster's membership spreads it. A client's manifest
/// stands among them, of which nothing is asked.
/// </summary>
internal sealed class SiloPrograms(IClusterManifestProvider manifests) : ISiloPrograms
{
    private IEnumerable<GrainManifest> Silos =>
        manifests.Current.Silos.Where(one => !one.Key.IsClient).Select(one => one.Value);

    public bool AllHave(string grainType)
    {
        var type = GrainType.Create(grainType);
        return Silos.All(silo => silo.Grains.ContainsKey(type));
    }

    public bool AllKnow(string grainType, string what)
    {
        var type = GrainType.Create(grainType);
        return Silos.All(silo => silo.Grains.TryGetValue(type, out var grain)
            && grain.Properties.ContainsKey(Knowledge.PropertyOf(what)));
    }
}
