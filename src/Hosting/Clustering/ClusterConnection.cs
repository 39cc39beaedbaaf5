namespace TokenActors.Hosting.Clustering;

/// <summary>Whether a client has found its cluster; until then it knows no grains.</summary>
public sealed class ClusterConnection
{
    private volatile bool _made;

    public bool IsMade
    {
        get => _made;
        internal set => _made = value;
    }
}
