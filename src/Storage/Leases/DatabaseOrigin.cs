namespace TokenActors.Storage.Leases;

/// <summary>Whether a database is the one that its silos were told of.</summary>
public enum DatabaseOrigin
{
    /// <summary>The one in which the service last ran.</summary>
    Own,

    /// <summary>A copy, such as a restored dump: what it said of silos was about the original's, and was
    /// forgotten.</summary>
    Copy,
}
