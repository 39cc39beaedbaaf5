using System.Collections.Immutable;
using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Abstractions.Audit;

/// <summary>Asks for a page of an organization's audit trail, with what proves its rows.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReadAudit")]
public sealed record ReadAudit
{
    /// <summary>The organization that nothing of the answer may leave.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(1)] public required int Limit { get; init; }

    /// <summary>Time of the last row seen; null for the first page.</summary>
    [Id(2)] public DateTimeOffset? AfterTime { get; init; }

    /// <summary>Number of the last row seen.</summary>
    [Id(3)] public long AfterNumber { get; init; }

    /// <summary>Newest first.</summary>
    [Id(4)] public bool Descending { get; init; }

    /// <summary>Only rows before which none can appear any more: those older than a minute.</summary>
    [Id(5)] public bool OnlySettled { get; init; }

    /// <summary>As on the wire: <c>field[op]value</c>.</summary>
    [Id(6)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Only calls about these accounts. Null: about anything.</summary>
    [Id(7)] public ImmutableArray<string>? Accounts { get; init; }
}

/// <summary>Asks for a page of what happened to one subject.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReadHistory")]
public sealed record ReadHistory
{
    /// <summary>The organization that nothing of the answer may leave.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The id of the subject.</summary>
    [Id(1)] public required string SubjectId { get; init; }

    /// <summary>Number of the last row seen; null for the first page.</summary>
    [Id(2)] public long? Before { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(3)] public required int Limit { get; init; }
}

/// <summary>A row of the audit trail: everything that its code in the chain covers.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AuditRecord")]
public sealed record AuditRecord
{
    /// <summary>Its number in the service's trail.</summary>
    [Id(0)] public required long Number { get; init; }

    /// <summary>When, to the microsecond.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }

    /// <summary>What happened, such as <c>token.rotated</c>.</summary>
    [Id(2)] public required string Event { get; init; }

    /// <summary>Kind of what it happened to.</summary>
    [Id(3)] public required string SubjectKind { get; init; }

    /// <summary>Id of what it happened to.</summary>
    [Id(4)] public required string SubjectId { get; init; }

    /// <summary>Version of it after that; of failed log-ons their number.</summary>
    [Id(5)] public required long SubjectVersion { get; init; }

    /// <summary><c>done</c>, or why not.</summary>
    [Id(6)] public required string Outcome { get; init; }

    /// <summary>Names the command.</summary>
    [Id(7)] public required string CommandId { get; init; }

    /// <summary>The bearer's token.</summary>
    [Id(8)] public string? TokenId { get; init; }

    /// <summary>The member behind it.</summary>
    [Id(9)] public string? MemberId { get; init; }

    /// <summary>Address of the caller.</summary>
    [Id(10)] public string? Address { get; init; }

    /// <summary>What the caller says that it is.</summary>
    [Id(11)] public string? UserAgent { get; init; }

    /// <summary>HTTP method.</summary>
    [Id(12)] public string? Method { get; init; }

    /// <summary>Path of the request.</summary>
    [Id(13)] public string? Path { get; init; }

    /// <summary>HTTP status.</summary>
    [Id(14)] public string? Status { get; init; }

    /// <summary>The account that it was about.</summary>
    [Id(15)] public string? AccountId { get; init; }

    /// <summary>The integration that it was about.</summary>
    [Id(16)] public string? IntegrationId { get; init; }

    /// <summary>Number of the chain's link that holds it; null where it is not linked yet.</summary>
    [Id(17)] public long? Link { get; init; }

    /// <summary>Its code in that link, in hexadecimal.</summary>
    [Id(18)] public string? Code { get; init; }
}
