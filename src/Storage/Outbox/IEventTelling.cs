using TokenActors.Storage.Records;

namespace TokenActors.Storage.Outbox;

/// <summary>Says who is told of what is about to be written, and hears when it is written.</summary>
public interface IEventTelling
{
    /// <summary>The commit with the payloads of its events; the same one where nobody listens.</summary>
    /// <exception cref="StorageUnavailableException">who listens cannot be found out now</exception>
    ValueTask<Commit> Tell(Commit commit);

    /// <summary>The audit entry with its payload; the same one where nobody listens.</summary>
    /// <exception cref="StorageUnavailableException">who listens cannot be found out now</exception>
    ValueTask<AuditEntry> Tell(AuditEntry entry);

    /// <summary>Hears of written audit entries, so that what waits is delivered at once.</summary>
    void Written(IReadOnlyList<AuditEntry> entries);
}
