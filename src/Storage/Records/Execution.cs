namespace TokenActors.Storage.Records;

/// <summary>One execution of an operation, once it has ended.</summary>
public sealed record Execution
{
    public required string ExecutionId { get; init; }

    public required string OrganizationId { get; init; }

    public required string OperationId { get; init; }

    public required string AccountId { get; init; }

    public required string IntegrationId { get; init; }

    public string? IntegrationPointId { get; init; }

    /// <summary>What was done, such as <c>siem_query_events</c>.</summary>
    public required string Operation { get; init; }

    /// <summary><c>API</c> or <c>SCHEDULED</c>.</summary>
    public required string TriggerType { get; init; }

    /// <summary>Id of the integration or integration point whose schedule it was.</summary>
    public required string TriggerSource { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public required long RecordsProcessed { get; init; }

    /// <summary>In microseconds.</summary>
    public required long CpuTime { get; init; }

    public required long InBytes { get; init; }

    public string? InitialCursor { get; init; }

    public string? FinalCursor { get; init; }

    /// <summary>Why it did not come to its end; null where it did.</summary>
    public string? Error { get; init; }
}
