namespace TokenActors.Domain.Tests.Records;

/// <summary>What a record may be when a transition is asked of it.</summary>
public enum RecordCase
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>Live, at the version that was decided about.</summary>
    Live,

    /// <summary>Live, at another version than the one that was decided about.</summary>
    OtherVersion,

    /// <summary>Deleted; what hangs on it is not yet.</summary>
    Pending,

    /// <summary>Deleted with everything that hung on it.</summary>
    Deleted,
}
