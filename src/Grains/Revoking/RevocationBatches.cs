using System.Text.Json;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.DurableJobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>
/// The chosen tokens of a job, a thousand to a row: written with the job and never changed, so that its progress is one
/// small row.
/// </summary>
internal static class RevocationBatches
{
    public const int Size = 1_000;

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

    private static StoredRecord RowOf(RevocationJob job, int number, string state, string commandId) => JobParts.Of(
        new(Kinds.RevocationJob, job.Id.ToString()), KeyOf(job, number), job.OrganizationId.ToString(), job.CreatedAt, state, commandId);

    private static RecordKey KeyOf(RevocationJob job, int number) => new(Kinds.RevocationBatch, $"{job.Id}/{number}");
}

/// <summary>Ids of tokens, in the order in which they are asked.</summary>
internal sealed record StoredBatch(TokenId[] Ids);
