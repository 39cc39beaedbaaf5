using System.Collections.Immutable;

namespace TokenActors.Domain.Jobs;

/// <summary>How far an import is.</summary>
public enum ImportJobStatus
{
    /// <summary>Its lines are being handed over; nothing is imported before all are there.</summary>
    Receiving,

    Running,

    /// <summary>Every line was imported or refused.</summary>
    Done,

    /// <summary>Somebody stopped it; what was imported stays.</summary>
    Stopped,
}

/// <summary>The import of many keys, a line each: in the order of the lines, each once.</summary>
public sealed record ImportJob : DurableJob
{
    /// <summary>SHA-256 of what was asked, to tell the same call again.</summary>
    public required ImmutableArray<byte> Request { get; init; }

    public required ImportJobStatus Status { get; init; }

    /// <summary>How many lines were handed over: the first so many.</summary>
    public int Received { get; init; }

    public override bool IsRunning => Status == ImportJobStatus.Running;

    protected override DateTimeOffset? StartBefore =>
        Status == ImportJobStatus.Receiving ? UpdatedAt + ImportJobMachine.ReceivingHolds : null;
}
