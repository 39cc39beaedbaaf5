namespace TokenActors.Storage.Records;

/// <summary>Who did what, on what, from where, with what outcome. Never a secret.</summary>
public sealed record AuditEntry
{
    public required string OrganizationId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>E.g. <c>token.refreshed</c>.</summary>
    public required string Event { get; init; }

    public required RecordKey Subject { get; init; }

    /// <summary>The subject's version after the event.</summary>
    public required long SubjectVersion { get; init; }

    public required string CommandId { get; init; }

    public string? ActorTokenId { get; init; }

    public string? ActorMemberId { get; init; }

    public string? RemoteAddress { get; init; }

    public string? UserAgent { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    /// <summary>The HTTP status that the call was answered with.</summary>
    public string? Code { get; init; }

    public string? AccountId { get; init; }

    public string? IntegrationId { get; init; }

    /// <summary><c>done</c>, or the refusal.</summary>
    public required string Outcome { get; init; }

    /// <summary>What is sent of it; null where nobody listens. No part of the audit row.</summary>
    public EventPayload? Payload { get; init; }
}
