using TokenActors.Domain.Integrations;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Jobs;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Jobs;

/// <summary>Executions as the history keeps them, and who executes.</summary>
internal static class Executions
{
    public const int LongestCursor = 1_000;

    private const int LongestError = 1_000;

    /// <summary>The executor of a provider: its own, or ours for mocks.</summary>
    public static IOperationExecutorGrain ExecutorOf(IGrainFactory grains, string provider, string operation)
    {
        var type = ProviderCatalog.Find(provider)?.IsMock == true ? MockExecutorGrain.Type : $"executor.{provider}";
        return grains.GetGrain<IOperationExecutorGrain>(GrainId.Create(type, operation));
    }

    public static Execution Of(
        OperationState state, RunningExecution running, ExecutedOperation outcome, string? error, DateTimeOffset now) =>
        new()
        {
            ExecutionId = running.Id.ToString(),
            OrganizationId = state.OrganizationId.ToString(),
            OperationId = state.Id.ToString(),
            AccountId = state.AccountId.ToString(),
            IntegrationId = state.IntegrationId.ToString(),
            IntegrationPointId = state.IntegrationPointId?.ToString(),
            Operation = state.Operation,
            TriggerType = "SCHEDULED",
            TriggerSource = state.IntegrationId.ToString(),
            Status = error is null ? OperationStatus.Complete : OperationStatus.Cancelled,
            StartedAt = running.StartedAt,
            CompletedAt = now,
            RecordsProcessed = Math.Max(0, outcome.RecordsProcessed),
            CpuTime = Math.Max(0, (long)outcome.CpuTime.TotalMicroseconds),
            InBytes = Math.Max(0, outcome.InBytes),
            InitialCursor = state.Cursor,
            FinalCursor = error is null ? outcome.Cursor ?? state.Cursor : state.Cursor,
            Error = error is null
                ? null
                : StorableText.Cut(error.Replace("\0", "", StringComparison.Ordinal), LongestError),
        };

    /// <summary>An execution that failed leaves the cursor where it was.</summary>
    public static ExecutionOutcome OutcomeOf(Execution ended) =>
        new(ended.FinalCursor, ended.Error, ended.CpuTime, ended.InBytes);

    public static ExecutionView ViewOf(Execution ended) => new()
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
        InitialCursor = ended.InitialCursor,
        FinalCursor = ended.FinalCursor,
        Error = ended.Error,
    };
}
