namespace TokenActors.Hosting.Clustering;

/// <summary>Whether a client is connected to its cluster; until then it can call no grain.</summary>
public sealed class ClusterConnection
{
    private volatile bool _made;

    public bool IsMade
    {
        get => _made;
        internal set => _made = value;
    }
}
