using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.DurableJobs;

/// <summary>A job as it is stored. Property names are part of the stored form: add, never rename.</summary>
internal abstract record StoredJob
{
    protected StoredJob()
    {
    }

    [SetsRequiredMembers]
    protected StoredJob(DurableJob job)
    {
        Id = job.Id;
        OrganizationId = job.OrganizationId;
        TokenId = job.Starter.TokenId;
        MemberId = job.Starter.MemberId;
        Ancestors = [.. job.Starter.Ancestors];
        Grant = StoredGrant.From(job.Starter.Grant);
        Total = job.Total;
        Asked = job.Asked;
        Done = job.Done;
        Refused = job.Refused;
        StartedAt = job.StartedAt;
        EndedAt = job.EndedAt;
        CreatedAt = job.CreatedAt;
        UpdatedAt = job.UpdatedAt;
    }

    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required TokenId TokenId { get; init; }

    public required MemberId MemberId { get; init; }

    public TokenId[] Ancestors { get; init => field = value ?? []; } = [];

    public required StoredGrant Grant { get; init; }

    public required int Total { get; init; }

    public int Asked { get; init; }

    public int Done { get; init; }

    public int Refused { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    [JsonIgnore]
    protected JobStarter Starter => new(TokenId, MemberId, [.. Ancestors], Grant.ToGrant());

    /// <summary>The row of a job, which is found by its id.</summary>
    public static StoredRecord RowOf(DurableJob job, string kind, string commandId, string state) => new()
    {
        Key = new RecordKey(kind, job.Id.ToString()),
        Version = job.Version,
        CommandId = commandId,
        State = state,
        OrganizationId = job.OrganizationId.ToString(),
        OwnerId = job.OrganizationId.ToString(),
        Name = job.Id.ToString(),
        NameKey = job.Id.ToString(),
        CreatedAt = job.CreatedAt,
        UpdatedAt = job.UpdatedAt,
        DueAt = job.DueAt,
    };
}
