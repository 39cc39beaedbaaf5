namespace TokenActors.Hosting.Clustering;

/// <summary>Whether a client is connected to its cluster; until then it can call no grain.</summary>
public sealed class ClusterConnection
{
    private volatile bool _made;

    private volatile string? _problem;

    /// <summary>Why the last attempt failed, where the reason is one for the operator to mend; null where none
    /// is.</summary>
    public string? Problem
    {
        get => _problem;
        internal set => _problem = value;
    }

    public bool IsMade
    {
        get => _made;
        internal set => _made = value;
    }
}
