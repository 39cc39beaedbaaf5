namespace TokenActors.Cli.Foundation;

/// <summary>What the program ends with. Scripts read these numbers, so they stay.</summary>
internal enum ExitCode
{
    /// <summary>It was done.</summary>
    Done = 0,

    /// <summary>It failed, as where the service cannot be reached.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>What was named does not exist, or is out of reach.</summary>
    NotFound = 3,

    /// <summary>There are no credentials, or none that are accepted.</summary>
    NotSignedIn = 4,

    /// <summary>The service refused it.</summary>
    Refused = 5,

    /// <summary>Nobody knows whether it was done; it is safe to repeat under the key that was printed.</summary>
    OutcomeUnknown = 6,

    /// <summary>Some of many things were not done.</summary>
    Partly = 7,

    /// <summary>Ctrl-C.</summary>
    Interrupted = 130,
}
