using TokenActors.Grains.Abstractions.Jobs;

namespace TokenActors.Gateway.Management.Jobs;

/// <summary><c>OperationInput</c>.</summary>
internal sealed record OperationInputWire(IReadOnlyList<string>? Filters);

/// <summary><c>OperationError</c>.</summary>
internal sealed record OperationErrorWire(string Message);

/// <summary><c>Operation</c>.</summary>
internal sealed record OperationWire
{
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string AccountId { get; init; }

    public required string IntegrationId { get; init; }

    public required string Operation { get; init; }

    public required OperationInputWire Input { get; init; }

    public required string Status { get; init; }

    /// <summary>Why the last execution failed.</summary>
    public IReadOnlyList<OperationErrorWire>? Errors { get; init; }

    /// <summary>Of all executions, in microseconds.</summary>
    public required long CpuTime { get; init; }

    /// <summary>Of all executions.</summary>
    public required long InBytes { get; init; }

    public static OperationWire From(OperationView operation) => new()
    {
        Id = operation.Id.ToString(),
        CreatedAt = operation.CreatedAt,
        UpdatedAt = operation.UpdatedAt,
        AccountId = operation.AccountId.ToString(),
        IntegrationId = operation.IntegrationId.ToString(),
        Operation = operation.Operation,
        Input = new(operation.Filters is [] ? null : operation.Filters),
        Status = operation.Status,
        Errors = operation.Error is { } error ? [new(error)] : null,
        CpuTime = operation.CpuTime,
        InBytes = operation.InBytes,
    };
}

/// <summary><c>OperationExecutionEvent</c>.</summary>
internal sealed record ExecutionWire
{
    public required string ExecutionId { get; init; }

    public required string OperationId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public required string AccountId { get; init; }

    public required string IntegrationId { get; init; }

    public string? IntegrationPointId { get; init; }

    public required string Operation { get; init; }

    public required string TriggerType { get; init; }

    public required string TriggerSource { get; init; }

    public required string Status { get; init; }

    public required long RecordsProcessed { get; init; }

    public required long CpuTime { get; init; }

    public required long InBytes { get; init; }

    /// <summary>In microseconds.</summary>
    public required long Duration { get; init; }

    public string? InitialCursor { get; init; }

    public string? FinalCursor { get; init; }

    public string? Error { get; init; }

    public static ExecutionWire From(ExecutionView ended) => new()
    {
        ExecutionId = ended.ExecutionId,
        OperationId = ended.OperationId,
        StartedAt = ended.StartedAt,
        CompletedAt = ended.CompletedAt,
        AccountId = ended.AccountId,
        IntegrationId = ended.IntegrationId,
        IntegrationPointId = ended.IntegrationPointId,
        Operation = ended.Operation,
        TriggerType = ended.TriggerType,
        TriggerSource = ended.TriggerSource,
        Status = ended.Status,
        RecordsProcessed = ended.RecordsProcessed,
        CpuTime = ended.CpuTime,
        InBytes = ended.InBytes,
        Duration = (long)(ended.CompletedAt - ended.StartedAt).TotalMicroseconds,
        InitialCursor = ended.InitialCursor,
        FinalCursor = ended.FinalCursor,
        Error = ended.Error,
    };
}
