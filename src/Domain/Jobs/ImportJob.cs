using System.Collections.Immutable;
using TokenActors.Domain.Identity;

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
public sealed record ImportJob
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    /// <summary>With whose rights the tokens are made, and with which token.</summary>
    public required JobStarter Starter { get; init; }

    /// <summary>SHA-256 of what was asked, to tell the same call again.</summary>
    public required ImmutableArray<byte> Request { get; init; }

    public required ImportJobStatus Status { get; init; }

    /// <summary>How many lines there are.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them were handed over: the first so many.</summary>
    public int Received { get; init; }

    /// <summary>How many had their turn: the first so many.</summary>
    public int Asked { get; init; }

    /// <summary>Imported.</summary>
    public int Done { get; init; }

    /// <summary>Refused at their turn, each for a reason that is kept.</summary>
    public int Refused { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    /// <summary>When somebody has to look after it, also after a crash.</summary>
    public DateTimeOffset DueAt => this switch
    {
        { EndedAt: { } ended } => ended + ImportJobMachine.KeptFor,
        { Status: ImportJobStatus.Receiving } => UpdatedAt + ImportJobMachine.ReceivingHolds,
        _ => UpdatedAt + ImportJobMachine.Patience,
    };

    /// <summary>Nobody asks for it any more.</summary>
    public bool IsOver(DateTimeOffset now) => Status != ImportJobStatus.Running && DueAt <= now;
}
