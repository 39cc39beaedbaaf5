namespace TokenActors.Silo;

/// <summary>The phases of a cluster's silo.</summary>
internal enum SiloPhase
{
    /// <summary>Waits for the database, its schema or the lease.</summary>
    Waiting,

    /// <summary>Joins the cluster.</summary>
    Starting,

    /// <summary>Takes calls.</summary>
    Running,

    /// <summary>Finishes running calls, and takes no new ones.</summary>
    Draining,

    /// <summary>Ended: waiting would not help.</summary>
    Failed,
}

/// <summary>The silo's phase, which decides the answers to probes and the exit code.</summary>
internal sealed class SiloStatus
{
    private volatile SiloPhase _phase = SiloPhase.Waiting;

    public SiloPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>
    /// Whether the silo may answer from memory now, and store: it holds its lease, and the database can be written. Set
    /// once the silo runs.
    /// </summary>
    public Func<bool> MayAnswer { get; set; } = () => false;

    public bool IsReady => Phase == SiloPhase.Running && MayAnswer();
}
