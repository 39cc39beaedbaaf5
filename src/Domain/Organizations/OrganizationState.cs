using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;

namespace TokenActors.Domain.Organizations;

/// <summary>States of an organization, as on the wire.</summary>
public enum OrganizationStatus
{
    Enabled,

    /// <summary>Every call is answered 402.</summary>
    Disabled,

    /// <summary>Proof of value: never blocks by itself.</summary>
    Pov,

    /// <summary>Product-led growth: as disabled after its end date (end of that day, UTC).</summary>
    Plg,
}

public enum OrganizationType
{
    Root,
    Standard,
}

/// <summary>
/// What an organization decides about its members. Durations are Go-style; null stands for the default.
/// </summary>
public sealed record OrganizationOptions
{
    /// <summary>How long an invitation stands: 24h to 168h, by default 168h.</summary>
    public string? InviteDuration { get; init; }

    /// <summary>How long a forgotten password may be set anew: 24h to 168h, by default 24h.</summary>
    public string? ForgotDuration { get; init; }

    /// <summary>How long a password lasts: 24h to 8760h.</summary>
    public string? PasswordDuration { get; init; }

    /// <summary>8 to 71.</summary>
    public int? MinimumPasswordLength { get; init; }
}

/// <summary>An organization's own record.</summary>
public sealed record OrganizationState : ITombstone
{
    public required OrganizationId Id { get; init; }

    public required OrganizationType Type { get; init; }

    public required string Name { get; init; }

    public required string FullName { get; init; }

    /// <summary>The organization's default token.</summary>
    public required TokenId RefreshTokenId { get; init; }

    public string? Contact { get; init; }

    public string? ReplyTo { get; init; }

    public string? Picture { get; init; }

    public OrganizationStatus Status { get; init; } = OrganizationStatus.Enabled;

    /// <summary>Last day of a pov or plg.</summary>
    public DateOnly? EndDate { get; init; }

    /// <summary>
    /// Its administrator and default token may not be stored yet. Until they are, no list or look-up shows it.
    /// </summary>
    public bool Founding { get; init; }

    /// <summary>The root organization that made it; null for a root.</summary>
    public OrganizationId? ParentId { get; init; }

    /// <summary>A row of before there were any has none.</summary>
    public OrganizationOptions Options { get; init => field = value ?? new(); } = new();

    /// <summary>A tombstone since then: nothing of it is accepted.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>What belongs to it may still have to be deleted.</summary>
    public bool CascadePending { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public bool IsBlockedAt(DateTimeOffset now) => Status switch
    {
        OrganizationStatus.Disabled => true,
        OrganizationStatus.Plg => EndDate is { } last && DateOnly.FromDateTime(now.UtcDateTime) > last,
        _ => false,
    };
}
