using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.DurableJobs;

/// <summary>
/// What a job is made of, rows of its own that are written once and never changed: so its progress is one small row.
/// </summary>
internal static class JobParts
{
    private const int DroppedAtOnce = 50;

    public static StoredRecord Of(RecordKey job, RecordKey key, string organizationId, DateTimeOffset at, string state, string commandId) => new()
    {
        Key = key,
        Version = 1,
        CommandId = commandId,
        State = state,
        OrganizationId = organizationId,
        OwnerId = job.Id,
        Name = key.Id,
        CreatedAt = at,
        UpdatedAt = at,
    };

    /// <summary>Deletes rows of a kind that a job needs no more.</summary>
    public static async Task Drop(IRecordStore store, string kind, RecordKey job, Func<string> newCommand)
    {
        while (await store.Owned(kind, job.Id, DroppedAtOnce) is { Count: > 0 } rows)
        {
            await Task.WhenAll(rows.Select(row => store.Commit(
                RowWriter.Purge(row with { Version = row.Version + 1, CommandId = newCommand() }))));
        }
    }
}
