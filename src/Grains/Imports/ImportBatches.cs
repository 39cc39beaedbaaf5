using System.Globalization;
using System.Text.Json;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.DurableJobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Imports;

/// <summary>
/// The lines of an import, some hundred to a row, written as they come and never changed; and those that were refused,
/// a row for each share that has any. So the progress of an import is one small row.
/// </summary>
internal static class ImportBatches
{
    /// <summary>Lines that have their turn together.</summary>
    public const int Share = 100;

    public static Commit Of(ImportJob job, int from, IReadOnlyList<StoredImportLine> lines, string commandId) => Row(
        job, KeyOf(job, Kinds.ImportBatch, from),
        JsonSerializer.Serialize(new StoredImportBatch([.. lines]), ImportLinesJson.Default.StoredImportBatch), commandId);

    public static Commit Failures(ImportJob job, int from, IEnumerable<StoredImportFailure> failures, string commandId) => Row(
        job, KeyOf(job, Kinds.ImportFailures, from),
        JsonSerializer.Serialize(new StoredImportFailures([.. failures]), ImportLinesJson.Default.StoredImportFailures), commandId);

    /// <summary>The lines of the share that begins after so many lines.</summary>
    /// <exception cref="InvalidOperationException">the row is not there</exception>
    public static async Task<IReadOnlyList<StoredImportLine>> Read(IRecordStore store, ImportJob job, int from)
    {
        var row = await store.Read(KeyOf(job, Kinds.ImportBatch, from - (from % AppendImportLines.MostLines)))
            ?? throw new InvalidOperationException($"import {job.Id} has lost the lines from {from} on");
        var lines = JsonSerializer.Deserialize(row.State, ImportLinesJson.Default.StoredImportBatch)?.Lines ?? [];
        var begin = from % AppendImportLines.MostLines;
        return lines[begin..Math.Min(lines.Length, begin + Share)];
    }

    /// <summary>Why lines of some shares were refused, by their numbers.</summary>
    public static async Task<Dictionary<int, TokenRefusal>> ReadFailures(
        IRecordStore store, ImportJob job, IEnumerable<int> shares)
    {
        var rows = await store.ReadMany(
            Kinds.ImportFailures, [.. shares.Select(from => KeyOf(job, Kinds.ImportFailures, from).Id)]);
        return rows
            .SelectMany(
                row => JsonSerializer.Deserialize(row.State, ImportLinesJson.Default.StoredImportFailures)?.Lines ?? [])
            .ToDictionary(failure => failure.Number, failure => failure.Refusal);
    }

    private static Commit Row(ImportJob job, RecordKey key, string state, string commandId) => new(
        JobParts.Of(
            new(Kinds.ImportJob, job.Id.ToString()), key, job.OrganizationId.ToString(), job.CreatedAt, state,
            commandId),
        ExpectedVersion: 0,
        []);

    private static RecordKey KeyOf(ImportJob job, string kind, int from) =>
        new(kind, string.Create(CultureInfo.InvariantCulture, $"{job.Id}/{from:D7}"));
}
