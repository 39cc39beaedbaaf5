using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Revoking;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>The row of a job. The ids of its tokens are rows of their own, which are written with it.</summary>
internal static class RevocationJobRow
{
    public static StoredRecord Of(RevocationJob job, string commandId) => new()
    {
        Key = new RecordKey(Kinds.RevocationJob, job.Id.ToString()),
        Version = job.Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(StoredRevocationJob.From(job), RevocationJson.Default.StoredRevocationJob),
        OrganizationId = job.OrganizationId.ToString(),
        OwnerId = job.OrganizationId.ToString(),
        Name = job.Id.ToString(),
        NameKey = job.Id.ToString(),
        CreatedAt = job.CreatedAt,
        UpdatedAt = job.UpdatedAt,
        DueAt = job.DueAt,
    };

    public static RevocationJob Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, RevocationJson.Default.StoredRevocationJob) is { } stored
            ? stored.ToJob() with { Version = record.Version }
            : throw new JsonException($"{record.Key} holds null");

    public static RevocationJobView ViewOf(RevocationJob job) => new()
    {
        Id = job.Id,
        Status = job.Status.ToString().ToLowerInvariant(),
        Total = job.Total,
        Done = job.Done,
        Gone = job.Gone,
        Refused = job.Refused,
        Filters = job.Filters,
        TokenId = job.Starter.TokenId,
        MemberId = job.Starter.MemberId,
        CreatedAt = job.CreatedAt,
        PlanEndsAt = job.PlanEndsAt,
        StartedAt = job.StartedAt,
        EndedAt = job.EndedAt,
    };
}

/// <summary>A job as it is stored. Property names are part of the stored form: add, never rename.</summary>
internal sealed record StoredRevocationJob
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required TokenId TokenId { get; init; }

    public required MemberId MemberId { get; init; }

    public TokenId[] Ancestors { get; init; } = [];

    public required StoredGrant Grant { get; init; }

    public string[] Filters { get; init; } = [];

    public required RevocationJobStatus Status { get; init; }

    public required int Total { get; init; }

    public int Asked { get; init; }

    public int Done { get; init; }

    public int Gone { get; init; }

    public int Refused { get; init; }

    public DateTimeOffset? PlanEndsAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static StoredRevocationJob From(RevocationJob job) => new()
    {
        Id = job.Id,
        OrganizationId = job.OrganizationId,
        TokenId = job.Starter.TokenId,
        MemberId = job.Starter.MemberId,
        Ancestors = [.. job.Starter.Ancestors],
        Grant = StoredGrant.From(job.Starter.Grant),
        Filters = [.. job.Filters],
        Status = job.Status,
        Total = job.Total,
        Asked = job.Asked,
        Done = job.Done,
        Gone = job.Gone,
        Refused = job.Refused,
        PlanEndsAt = job.PlanEndsAt,
        StartedAt = job.StartedAt,
        EndedAt = job.EndedAt,
        CreatedAt = job.CreatedAt,
        UpdatedAt = job.UpdatedAt,
    };

    public RevocationJob ToJob() => new()
    {
        Id = Id,
        OrganizationId = OrganizationId,
        Starter = new JobStarter(TokenId, MemberId, ImmutableArray.Create(Ancestors), Grant.ToGrant()),
        Filters = ImmutableArray.Create(Filters),
        Status = Status,
        Total = Total,
        Asked = Asked,
        Done = Done,
        Gone = Gone,
        Refused = Refused,
        PlanEndsAt = PlanEndsAt,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        Version = 0,
    };
}

[JsonSerializable(typeof(StoredRevocationJob))]
[JsonSerializable(typeof(StoredBatch))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(OrganizationIdJson), typeof(MemberIdJson), typeof(TokenIdJson)])]
internal sealed partial class RevocationJson : JsonSerializerContext;
