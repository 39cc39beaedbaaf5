namespace TokenActors.Silo;

/// <summary>How far a silo of a cluster is.</summary>
internal enum SiloPhase
{
    /// <summary>The database, its schema or its lease cannot be had yet.</summary>
    Waiting,

    /// <summary>It joins its cluster.</summary>
    Starting,

    /// <summary>It takes calls.</summary>
    Running,

    /// <summary>It finishes what it began and takes no new calls.</summary>
    Draining,

    /// <summary>It ended for a reason that waiting does not mend.</summary>
    Failed,
}

/// <summary>What probes are told, and how the process ends.</summary>
internal sealed class SiloStatus
{
    private volatile SiloPhase _phase = SiloPhase.Waiting;

    public SiloPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>Set while the silo runs: whether it may answer from memory now.</summary>
    public Func<bool> MayAnswer { get; set; } = () => false;

    public bool IsReady => Phase == SiloPhase.Running && MayAnswer();
}
