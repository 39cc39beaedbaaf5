using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Audit;

/// <summary>A call that was refused to a caller who is known.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RefusedCall")]
public sealed record RefusedCall
{
    /// <summary>Who asked, and from where.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Why, in a word of the service's.</summary>
    [Id(1)] public required string Reason { get; init; }
}

/// <summary>Asks for a page of an organization's audit trail.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AuditListRequest")]
public sealed record AuditListRequest
{
    /// <summary>The organization that nothing of the answer may leave.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>1 to 1000. Calls of one instant are never torn apart, so that a page may hold a few more.</summary>
    [Id(1)] public required int Limit { get; init; }

    /// <summary>Time of the last call seen.</summary>
    [Id(2)] public string? StartAfter { get; init; }

    /// <summary>Newest first.</summary>
    [Id(3)] public bool Descending { get; init; }

    /// <summary>As on the wire: <c>field[op]value</c>.</summary>
    [Id(4)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Only calls about these accounts. Null: about anything.</summary>
    [Id(5)] public ImmutableArray<string>? Accounts { get; init; }
}

/// <summary>One call as the audit trail tells it.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AuditedCall")]
public sealed record AuditedCall
{
    /// <summary>When.</summary>
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>What happened, such as <c>token.rotated</c>.</summary>
    [Id(1)] public required string Event { get; init; }

    /// <summary>Kind and id of what it happened to, as <c>kind/id</c>.</summary>
    [Id(2)] public required string Subject { get; init; }

    /// <summary><c>done</c>, or why not.</summary>
    [Id(3)] public required string Outcome { get; init; }

    /// <summary>HTTP status.</summary>
    [Id(4)] public string? Code { get; init; }

    /// <summary>Where from, and what was asked.</summary>
    [Id(5)] public required CallOrigin Origin { get; init; }

    /// <summary>The member behind the bearer.</summary>
    [Id(6)] public string? MemberId { get; init; }

    /// <summary>The account that it was about.</summary>
    [Id(7)] public string? AccountId { get; init; }

    /// <summary>The integration that it was about.</summary>
    [Id(8)] public string? IntegrationId { get; init; }

    /// <summary>How often it happened, where one row stands for several calls; null: once.</summary>
    [Id(9)] public long? Count { get; init; }
}

/// <summary>The audit trail. Stateless: any key will do, by custom <c>0</c>.</summary>
[Alias("TokenActors.IAuditGrain")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>A page of calls. The request must be well formed.</summary>
    [AlwaysInterleave]
    [Alias("List")]
    Task<ImmutableArray<AuditedCall>> List(AuditListRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// A page of calls with what proves each, by time and number. The request must be well formed.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Read")]
    Task<ImmutableArray<AuditRecord>> Read(ReadAudit request, CancellationToken cancellationToken = default);

    /// <summary>A page of what happened to one subject, the latest first, with what proves each row.</summary>
    [AlwaysInterleave]
    [Alias("History")]
    Task<ImmutableArray<AuditRecord>> History(ReadHistory request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Notes a call that was refused. A client that leaves does not take its refusal out of the trail: there is no
    /// token.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Refused")]
    Task Refused(RefusedCall call);

    /// <summary>Notes a preview: who looked at what a change would do.</summary>
    [AlwaysInterleave]
    [Alias("Previewed")]
    Task Previewed(CallContext context);
}
