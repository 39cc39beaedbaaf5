using Microsoft.Extensions.Logging;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Jobs;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Jobs;

/// <summary>
/// One scheduled operation of an integration: runs it whenever its reminder ticks. The beginning of an execution is
/// durable before its executor is asked, and its end is in the history before the next begins; one whose silo died is
/// given up by a later tick.
/// </summary>
[GrainType(Kinds.Operation)]
[Knows(Knowledge.Cron)]
public sealed class ScheduledOperationGrain(
    IRecordStore store, IExecutionStore history, SiloLease lease, JobSettings settings,
    IEnumerable<IExecutionListener> listeners, CronOccurrence occurrence, TimeProvider time,
    ILogger<ScheduledOperationGrain> logger)
    : RecordGrain<OperationState>(store, lease, time, Kinds.Operation), IScheduledOperationGrain, IRemindable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Longer than an executor has: what is under way then runs in a silo that is dead.</summary>
    private readonly TimeSpan _bound = settings.ExecutionTime + TimeSpan.FromMinutes(1);

    public async Task Expect(ExpectedOperation operation)
    {
        var wanted = new OperationState
        {
            Id = Guid.ParseExact(Key.Id, "D"),
            OrganizationId = operation.OrganizationId,
            AccountId = operation.AccountId,
            IntegrationId = operation.IntegrationId,
            Operation = operation.Operation,
            CreatedAt = default,
            UpdatedAt = default,
        };
        await Write(current => OperationMachine.Expect(current, wanted, Now));
        await Remind();
    }

    public async Task Settle()
    {
        if (Current is { } state)
        {
            await Adopt(await Integration(state));
            await Remind();
        }

        LeaveIfAbsent();
    }

    public async Task Run(Guid execution)
    {
        if (Current is not { } state || state.Running?.Id != execution)
        {
            return;
        }

        ExecutedOperation outcome = new() { RecordsProcessed = 0 };
        string? error = null;
        try
        {
            outcome = await Execute(state, execution);
            error = ProblemWith(outcome) ?? outcome.Error;
        }
        catch (Exception e)
        {
            // Whatever an executor of somebody else's throws costs this one attempt.
            error = e is TimeoutException or OperationCanceledException
                ? $"The executor did not answer within {settings.ExecutionTime.TotalSeconds} s."
                : $"The executor failed: {e.GetType().Name}.";
            Log.ExecutionFailed(logger, state.Operation, Key.Id, e);
        }

        await this.AsReference<IScheduledOperationGrain>().Finish(execution, outcome, error);
    }

    public async Task Finish(Guid execution, ExecutedOperation outcome, string? error)
    {
        if (Current is { Running: { } running } state && running.Id == execution)
        {
            // It may be there already, where a crash or a listener came between.
            var ended = await history.Find(state.OrganizationId.ToString(), execution.ToString())
                ?? Executions.Of(state, running, outcome, error, Now);
            await history.Add(ended);
            foreach (var listener in listeners)
            {
                await listener.Ended(ended);
            }

            await Write(current => current is null
                ? null
                : OperationMachine.Finish(current, execution, Executions.OutcomeOf(ended), Now));
            await Remind();
        }
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        DemandOwn(reminderName);
        if (Current is { Running: { } running } && running.GivenUpAt <= Now)
        {
            await Finish(running.Id, new ExecutedOperation { RecordsProcessed = 0 }, "The silo that ran it ended.");
        }

        if (Current is { } state)
        {
            await Adopt(await Integration(state));
            await Begin();
            await Remind();
        }

        LeaveIfAbsent();
    }

    protected override OperationState Restore(StoredRecord record) => OperationRow.Read(record);

    /// <summary>What it was begun with is read from the integration again, which may have changed meanwhile.</summary>
    private async Task<ExecutedOperation> Execute(OperationState state, Guid execution)
    {
        if (await Integration(state) is not { } integration)
        {
            return new ExecutedOperation { RecordsProcessed = 0, Error = "The integration was deleted." };
        }

        var schedule = ScheduleOf(state, integration);
        using var ends = new CancellationTokenSource(settings.ExecutionTime);
        var command = new ExecuteOperation
        {
            ExecutionId = execution,
            OperationId = state.Id,
            OrganizationId = state.OrganizationId,
            AccountId = state.AccountId,
            IntegrationId = state.IntegrationId,
            Operation = state.Operation,
            ProviderConfig = integration.ProviderConfig,
            Filters = state.Filters,
            Cursor = schedule?.IsFullSnapshot == true ? null : state.Cursor,
            BackfillFrom = schedule?.BackfillFrom,
            AnswerWithin = settings.ExecutionTime,
        };
        return await Executions.ExecutorOf(GrainFactory, integration.ProviderType, Key.Id)
            .Execute(command, ends.Token).WaitAsync(settings.ExecutionTime);
    }

    /// <summary>Begins an execution where one is due; it runs on its own.</summary>
    private async Task Begin()
    {
        if (Current is not { Running: null, NextAt: { } planned } state || planned > Now)
        {
            return;
        }

        if (await IsDisabled(state))
        {
            await Write(current => current is null ? null : OperationMachine.Skip(current, occurrence, Now));
            return;
        }

        var execution = Guid.CreateVersion7(Time.GetUtcNow());
        await Write(current => current is null
            ? null
            : OperationMachine.Start(current, execution, _bound, occurrence, Now));
        if (Current?.Running?.Id == execution)
        {
            this.AsReference<IScheduledOperationGrain>().Run(execution).Forget();
        }
    }

    private async Task Adopt(IntegrationContent? integration)
    {
        if (Current is not { } state)
        {
            return;
        }

        if (integration is not null && ScheduleOf(state, integration) is { } schedule)
        {
            await Write(current => current is null
                ? null
                : OperationMachine.Adopt(
                    current, schedule, integration.IntegrationPointId, occurrence, Now));
        }
        else
        {
            await Purge();
        }
    }

    private static OperationSchedule? ScheduleOf(OperationState state, IntegrationContent integration) =>
        OperationSchedule.Of(state.IntegrationId, integration.ScheduledOperations)
            .FirstOrDefault(schedule => schedule.Id == state.Id);

    private Task<IntegrationContent?> Integration(OperationState state) =>
        GrainFactory.Integration(state.OrganizationId, state.IntegrationId, CancellationToken.None);

    private async Task<bool> IsDisabled(OperationState state) =>
        await GrainFactory.GetGrain<IOrganizationGrain>(state.OrganizationId.ToString()).Get()
            is { Status: OrganizationStatus.Disabled };

    /// <summary>Why an outcome cannot be kept; null where it can.</summary>
    private static string? ProblemWith(ExecutedOperation outcome) =>
        outcome.Cursor?.Length > Executions.LongestCursor || outcome.RecordsProcessed < 0 || outcome.InBytes < 0
            ? "The executor answered what cannot be kept."
            : null;

    private Task<bool> Write(Func<OperationState?, OperationState?> change) => Apply(
        () =>
        {
            var next = change(Current);
            return next is null || ReferenceEquals(next, Current)
                ? Step<OperationState, bool>.Just(false)
                : new Step<OperationState, bool>(
                    next, new Commit(RowOf(next), next.Version - 1, []), outcome => outcome == CommitOutcome.Done);
        },
        CancellationToken.None);

    private Task<bool> Purge() => Apply(
        () => Current is { } state
            ? new Step<OperationState, bool>(
                null,
                new Commit(RowOf(state with { Version = state.Version + 1 }), state.Version, []) { Purges = true },
                outcome => outcome == CommitOutcome.Done)
            : Step<OperationState, bool>.Just(false),
        CancellationToken.None);

    private StoredRecord RowOf(OperationState state) =>
        OperationRow.Of(state, InternalCommand().CommandId.ToString("N"));

    /// <summary>The runtime lets a reminder that is due before it is registered wait for its next period.</summary>
    private Task Remind()
    {
        if (Current?.DueAt is not { } due)
        {
            return Task.CompletedTask;
        }

        var soon = Time.GetUtcNow() + Soon;
        return RegisterReminder(Kinds.Run, due > soon ? due : soon);
    }
}
