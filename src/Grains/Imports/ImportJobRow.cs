using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.DurableJobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Imports;

/// <summary>The row of an import. Its lines are rows of their own.</summary>
internal static class ImportJobRow
{
    public static StoredRecord Of(ImportJob job, string commandId) => StoredJob.RowOf(
        job, Kinds.ImportJob, commandId, JsonSerializer.Serialize(
            new StoredImportJob(job), ImportJobJson.Default.StoredImportJob));

    public static ImportJob Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, ImportJobJson.Default.StoredImportJob) is { } stored
            ? stored.ToJob() with { Version = record.Version }
            : throw new JsonException($"{record.Key} holds null");

    public static ImportJobView ViewOf(ImportJob job) => new()
    {
        Id = job.Id,
        Status = job.Status.ToString().ToLowerInvariant(),
        Total = job.Total,
        Done = job.Done,
        Refused = job.Refused,
        TokenId = job.Starter.TokenId,
        MemberId = job.Starter.MemberId,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        EndedAt = job.EndedAt,
    };
}

/// <summary>An import as it is stored. Property names are part of the stored form: add, never rename.</summary>
internal sealed record StoredImportJob : StoredJob
{
    public StoredImportJob()
    {
    }

    [SetsRequiredMembers]
    public StoredImportJob(ImportJob job)
        : base(job)
    {
        Request = [.. job.Request];
        Status = job.Status;
        Received = job.Received;
    }

    public required byte[] Request { get; init; }

    public required ImportJobStatus Status { get; init; }

    public int Received { get; init; }

    public ImportJob ToJob() => new()
    {
        Id = Id,
        OrganizationId = OrganizationId,
        Starter = Starter,
        Request = [.. Request],
        Status = Status,
        Total = Total,
        Received = Received,
        Asked = Asked,
        Done = Done,
        Refused = Refused,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        Version = 0,
    };
}

[JsonSerializable(typeof(StoredImportJob))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(OrganizationIdJson), typeof(MemberIdJson), typeof(TokenIdJson)])]
internal sealed partial class ImportJobJson : JsonSerializerContext;
