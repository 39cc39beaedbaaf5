using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Imports;

/// <summary>The row of an import. Its lines are rows of their own.</summary>
internal static class ImportJobRow
{
    public static StoredRecord Of(ImportJob job, string commandId) => new()
    {
        Key = new RecordKey(Kinds.ImportJob, job.Id.ToString()),
        Version = job.Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(StoredImportJob.From(job), ImportJobJson.Default.StoredImportJob),
        OrganizationId = job.OrganizationId.ToString(),
        OwnerId = job.OrganizationId.ToString(),
        Name = job.Id.ToString(),
        NameKey = job.Id.ToString(),
        CreatedAt = job.CreatedAt,
        UpdatedAt = job.UpdatedAt,
        DueAt = job.DueAt,
    };

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

    public static Caller CallerOf(ImportJob job) => new()
    {
        TokenId = job.Starter.TokenId,
        OrganizationId = job.OrganizationId,
        MemberId = job.Starter.MemberId,
        Grant = job.Starter.Grant,
        Ancestors = job.Starter.Ancestors,
    };
}

/// <summary>An import as it is stored. Property names are part of the stored form: add, never rename.</summary>
internal sealed record StoredImportJob
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required TokenId TokenId { get; init; }

    public required MemberId MemberId { get; init; }

    public TokenId[] Ancestors { get; init; } = [];

    public required StoredGrant Grant { get; init; }

    public required byte[] Request { get; init; }

    public required ImportJobStatus Status { get; init; }

    public required int Total { get; init; }

    public int Received { get; init; }

    public int Asked { get; init; }

    public int Done { get; init; }

    public int Refused { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static StoredImportJob From(ImportJob job) => new()
    {
        Id = job.Id,
        OrganizationId = job.OrganizationId,
        TokenId = job.Starter.TokenId,
        MemberId = job.Starter.MemberId,
        Ancestors = [.. job.Starter.Ancestors],
        Grant = StoredGrant.From(job.Starter.Grant),
        Request = [.. job.Request],
        Status = job.Status,
        Total = job.Total,
        Received = job.Received,
        Asked = job.Asked,
        Done = job.Done,
        Refused = job.Refused,
        StartedAt = job.StartedAt,
        EndedAt = job.EndedAt,
        CreatedAt = job.CreatedAt,
        UpdatedAt = job.UpdatedAt,
    };

    public ImportJob ToJob() => new()
    {
        Id = Id,
        OrganizationId = OrganizationId,
        Starter = new JobStarter(TokenId, MemberId, [.. Ancestors], Grant.ToGrant()),
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
