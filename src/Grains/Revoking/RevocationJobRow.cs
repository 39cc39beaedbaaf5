using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Revoking;
using TokenActors.Grains.DurableJobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>The row of a job. The ids of its tokens are rows of their own, which are written with it.</summary>
internal static class RevocationJobRow
{
    /// <summary>
    /// A job that was started under a key is named by that, so that the database admits one: nobody starts two by it.
    /// </summary>
    public static StoredRecord Of(RevocationJob job, string commandId)
    {
        var state = JsonSerializer.Serialize(new StoredRevocationJob(job), RevocationJson.Default.StoredRevocationJob);
        var row = StoredJob.RowOf(job, Kinds.RevocationJob, commandId, state);
        return job.StartKey is { } key ? row with { NameKey = key } : row;
    }

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
internal sealed record StoredRevocationJob : StoredJob
{
    public StoredRevocationJob()
    {
    }

    [SetsRequiredMembers]
    public StoredRevocationJob(RevocationJob job)
        : base(job)
    {
        Filters = [.. job.Filters];
        Status = job.Status;
        Gone = job.Gone;
        PlanEndsAt = job.PlanEndsAt;
        StartKey = job.StartKey;
    }

    public string[] Filters { get; init; } = [];

    public required RevocationJobStatus Status { get; init; }

    public int Gone { get; init; }

    public DateTimeOffset? PlanEndsAt { get; init; }

    public string? StartKey { get; init; }

    public RevocationJob ToJob() => new()
    {
        Id = Id,
        OrganizationId = OrganizationId,
        Starter = Starter,
        Filters = ImmutableArray.Create(Filters),
        Status = Status,
        Total = Total,
        Asked = Asked,
        Done = Done,
        Gone = Gone,
        Refused = Refused,
        PlanEndsAt = PlanEndsAt,
        StartKey = StartKey,
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
