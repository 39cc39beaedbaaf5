using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Jobs;

/// <summary>Whose rights a job asks each thing with. It goes on when the token that started it dies.</summary>
public sealed record JobStarter(TokenId TokenId, MemberId MemberId, ImmutableArray<TokenId> Ancestors, Grant Grant);

/// <summary>
/// A change of many things, in an order that stays: some have their turn together, and what they came to is noted
/// before the next have theirs.
/// </summary>
public abstract record DurableJob
{
    /// <summary>For how long one that ended is shown.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>After how long without progress a running job is taken up by a reminder.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required JobStarter Starter { get; init; }

    /// <summary>How many things there are.</summary>
    public required int Total { get; init; }

    /// <summary>How many had their turn: the first so many.</summary>
    public int Asked { get; init; }

    /// <summary>Of them, done.</summary>
    public int Done { get; init; }

    /// <summary>Of them, refused.</summary>
    public int Refused { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    /// <summary>Things have their turn.</summary>
    public abstract bool IsRunning { get; }

    /// <summary>Until when one that does not run yet may be started.</summary>
    protected abstract DateTimeOffset? StartBefore { get; }

    /// <summary>When somebody has to look after it, also after a crash.</summary>
    public DateTimeOffset DueAt => EndedAt is { } ended ? ended + KeptFor : StartBefore ?? UpdatedAt + Patience;

    /// <summary>Nobody asks for it any more.</summary>
    public bool IsOver(DateTimeOffset now) => !IsRunning && DueAt <= now;
}
