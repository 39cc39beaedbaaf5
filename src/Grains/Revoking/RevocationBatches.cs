using System.Text.Json;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>
/// The chosen tokens of a job, a thousand to a row: written with the job and never changed, so that its progress is one
/// small row.
/// </summary>
internal static class RevocationBatches
{
    private const int Size = 1_000;
    private const int DroppedAtOnce = 50;

    public static IReadOnlyList<Commit> Of(RevocationJob job, IReadOnlyList<TokenId> tokens, string commandId) =>
    [
        .. tokens.Chunk(Size).Select((ids, number) => new Commit(
            RowOf(job, number, JsonSerializer.Serialize(new StoredBatch(ids), RevocationJson.Default.StoredBatch), commandId),
            ExpectedVersion: 0,
            [])),
    ];

    /// <summary>The tokens from a place on, at most so many; those of one row.</summary>
    /// <exception cref="InvalidOperationException">the row is not there</exception>
    public static async Task<IReadOnlyList<TokenId>> Read(IRecordStore store, RevocationJob job, int from, int limit)
    {
        var row = await store.Read(KeyOf(job, from / Size))
            ?? throw new InvalidOperationException($"job {job.Id} has lost the tokens from {from} on");
        var ids = JsonSerializer.Deserialize(row.State, RevocationJson.Default.StoredBatch)?.Ids ?? [];
        return ids[(from % Size)..Math.Min(ids.Length, (from % Size) + limit)];
    }

    /// <summary>Deletes what a job that ended needs no more.</summary>
    public static async Task Drop(IRecordStore store, RecordKey job, Func<string> newCommand)
    {
        while (await store.Owned(Kinds.RevocationBatch, job.Id, DroppedAtOnce) is { Count: > 0 } rows)
        {
            await Task.WhenAll(rows.Select(row => store.Commit(
                RowWriter.Purge(row with { Version = row.Version + 1, CommandId = newCommand() }))));
        }
    }

    private static StoredRecord RowOf(RevocationJob job, int number, string state, string commandId) => new()
    {
        Key = KeyOf(job, number),
        Version = 1,
        CommandId = commandId,
        State = state,
        OrganizationId = job.OrganizationId.ToString(),
        OwnerId = job.Id.ToString(),
        Name = KeyOf(job, number).Id,
        CreatedAt = job.CreatedAt,
        UpdatedAt = job.CreatedAt,
    };

    private static RecordKey KeyOf(RevocationJob job, int number) => new(Kinds.RevocationBatch, $"{job.Id}/{number}");
}

/// <summary>Ids of tokens, in the order in which they are asked.</summary>
internal sealed record StoredBatch(TokenId[] Ids);
