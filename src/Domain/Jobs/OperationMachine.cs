using TokenActors.Domain.Integrations;

namespace TokenActors.Domain.Jobs;

/// <summary>What an execution came to.</summary>
/// <param name="Cursor">where it got to; null: where it began</param>
/// <param name="Error">why it did not come to its end; null where it did</param>
/// <param name="CpuTime">in microseconds</param>
/// <param name="InBytes">that it read</param>
public sealed record ExecutionOutcome(string? Cursor, string? Error, long CpuTime, long InBytes);

/// <summary>The first time after another at which a cron expression occurs; null where it never does again.</summary>
public delegate DateTimeOffset? CronOccurrence(string expression, DateTimeOffset after);

/// <summary>
/// The transitions of a scheduled operation. Each gives the next state, or the same object where nothing changes. An
/// operation has one execution at a time; executions that were missed, while no silo ran or the one before took
/// longer than the period, are not made up for.
/// </summary>
public static class OperationMachine
{
    /// <summary>How long an announced change may take before the operation asks for itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A change of the schedule is about to be made. Ignored where one is expected already: it is asked for soon
    /// enough.
    /// </summary>
    public static OperationState Expect(OperationState? current, OperationState wanted, DateTimeOffset now) =>
        current switch
        {
            null => wanted with { CheckAt = now + Patience, CreatedAt = now, UpdatedAt = now, Version = 1 },
            { CheckAt: not null } => current,
            _ => Next(current, now) with { CheckAt = now + Patience },
        };

    /// <summary>
    /// The schedule as the integration has it. One that is enabled runs at once, or when its cron expression next
    /// occurs; another period or expression holds from now on.
    /// </summary>
    public static OperationState Adopt(
        OperationState current, OperationSchedule schedule, Guid? point, CronOccurrence occurrence, DateTimeOffset now)
    {
        var next = schedule.Enabled ? Planned(current, schedule, occurrence, now) : null;
        var isSame = current.CheckAt is null && current.Period == schedule.Period && current.Cron == schedule.Cron
            && current.NextAt == next && current.IntegrationPointId == point
            && current.Filters.SequenceEqual(schedule.Filters);
        return isSame
            ? current
            : Next(current, now) with
            {
                CheckAt = null,
                Period = schedule.Period,
                Cron = schedule.Cron,
                NextAt = next,
                IntegrationPointId = point,
                Filters = schedule.Filters,
                Status = StatusOf(current.Running, next),
            };
    }

    /// <summary>An execution begins. Ignored where none is due, or one is under way.</summary>
    public static OperationState Start(
        OperationState current, Guid execution, TimeSpan bound, CronOccurrence occurrence, DateTimeOffset now) =>
        current is { Running: null, NextAt: { } planned } && planned <= now
            ? Next(current, now) with
            {
                Running = new RunningExecution(execution, now, now + bound),
                NextAt = After(planned, current, occurrence, now),
                Status = OperationStatus.Processing,
            }
            : current;

    /// <summary>What is due is not run, since its organization is disabled. Ignored where nothing is due.</summary>
    public static OperationState Skip(OperationState current, CronOccurrence occurrence, DateTimeOffset now) =>
        current is { Running: null, NextAt: { } planned } && planned <= now
            ? Next(current, now) with { NextAt = After(planned, current, occurrence, now) }
            : current;

    /// <summary>An execution has ended. Ignored where it was given up, or finished before.</summary>
    public static OperationState Finish(
        OperationState current, Guid execution, ExecutionOutcome outcome, DateTimeOffset now) =>
        current.Running?.Id == execution
            ? Next(current, now) with
            {
                Running = null,
                Cursor = outcome.Cursor ?? current.Cursor,
                Error = outcome.Error,
                CpuTime = current.CpuTime + outcome.CpuTime,
                InBytes = current.InBytes + outcome.InBytes,
                Status = StatusOf(running: null, current.NextAt),
            }
            : current;

    private static string StatusOf(RunningExecution? running, DateTimeOffset? next) => (running, next) switch
    {
        (not null, _) => OperationStatus.Processing,
        (null, null) => OperationStatus.Disabled,
        _ => OperationStatus.Scheduled,
    };

    private static DateTimeOffset? Planned(
        OperationState current, OperationSchedule schedule, CronOccurrence occurrence, DateTimeOffset now)
    {
        if (schedule.Cron is { } cron)
        {
            // One that is due stays due: this is also asked by the tick that is about to run it.
            return cron == current.Cron && current.NextAt is not null ? current.NextAt : occurrence(cron, now);
        }

        return current.NextAt is { } planned && schedule.Period != current.Period && planned >= now + schedule.Period
            ? now + schedule.Period
            : current.NextAt ?? now;
    }

    /// <summary>The first planned time that is still to come.</summary>
    private static DateTimeOffset? After(
        DateTimeOffset planned, OperationState state, CronOccurrence occurrence, DateTimeOffset now) =>
        state.Cron is { } cron
            ? occurrence(cron, now)
            : planned + (state.Period * (Math.Floor((now - planned) / state.Period) + 1));

    private static OperationState Next(OperationState current, DateTimeOffset now) =>
        current with { UpdatedAt = now, Version = current.Version + 1 };
}
