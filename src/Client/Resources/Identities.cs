using TokenActors.Client.Tokens;

namespace TokenActors.Client.Resources;

/// <summary>The organization of the bearer.</summary>
public sealed record Organization : Resource
{
    /// <summary>Its default token.</summary>
    public string? RefreshTokenId { get; init; }

    /// <summary><c>root</c> or <c>standard</c>.</summary>
    public required string OrganizationType { get; init; }

    /// <summary>Whom to ask.</summary>
    public string? Contact { get; init; }

    /// <summary>Where answers go.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The URL of a picture.</summary>
    public string? Picture { get; init; }

    /// <summary>Rules of passwords and invitations.</summary>
    public OrganizationOptions? Options { get; init; }

    /// <summary><c>active</c> or <c>disabled</c>.</summary>
    public required string State { get; init; }
}

/// <summary>Rules of passwords and invitations.</summary>
/// <param name="InviteDuration">how long an invitation holds</param>
/// <param name="ForgotDuration">how long a forgotten password may be replaced</param>
/// <param name="PasswordDuration">how long a password lasts</param>
/// <param name="MinimumPasswordLength">characters</param>
public sealed record OrganizationOptions(
    string? InviteDuration, string? ForgotDuration, string? PasswordDuration, int? MinimumPasswordLength);

/// <summary>A person or a service that logs on.</summary>
public sealed record Member : Resource
{
    /// <summary><c>enabled</c>, <c>disabled</c>, <c>forgotten</c>, <c>invited</c> or <c>locked</c>.</summary>
    public required string State { get; init; }

    /// <summary>The last log-on.</summary>
    public DateTimeOffset LastLogon { get; init; }

    /// <summary>What friends say.</summary>
    public string? Nickname { get; init; }

    /// <summary>The URL of a picture.</summary>
    public string? Picture { get; init; }

    /// <summary>How long the password lasts.</summary>
    public string? Ttl { get; init; }

    /// <summary>How long the secrets of a session live.</summary>
    public string? TokenTtl { get; init; }

    /// <summary>When the password expires.</summary>
    public DateTimeOffset Expires { get; init; }

    /// <summary>Roles by id or name.</summary>
    public IReadOnlyList<string> RoleBinding { get; init; } = [];

    /// <summary><c>personal</c> or <c>service</c>.</summary>
    public string? Type { get; init; }
}

/// <summary>A member that is to be made.</summary>
public sealed record NewMember
{
    /// <summary>An email address, or one word for a service.</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Fullname { get; init; }

    /// <summary>What friends say.</summary>
    public string? Nickname { get; init; }

    /// <summary>The first password.</summary>
    public required Secret Secret { get; init; }

    /// <summary>Roles by id or name.</summary>
    public IReadOnlyList<string>? RoleBinding { get; init; }

    /// <summary>How long password and sessions last, and what must happen.</summary>
    public MemberOptions? Options { get; init; }

    /// <summary><c>personal</c> or <c>service</c>.</summary>
    public string? Type { get; init; }
}

/// <summary>How long password and sessions of a member last, and what must happen.</summary>
/// <param name="Ttl">how long the password lasts</param>
/// <param name="Options">such as <c>disabled</c> or <c>expired</c></param>
/// <param name="TokenTtl">how long the secrets of a session live</param>
public sealed record MemberOptions(string? Ttl, IReadOnlyList<string>? Options, string? TokenTtl);

/// <summary>Rights under a name, which members and tokens are bound to.</summary>
public sealed record Role : Resource
{
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>What it is narrowed to.</summary>
    public Tokens.Resources? Resources { get; init; }

    /// <summary>What it allows, such as <c>viewer</c>.</summary>
    public required string PermissionSet { get; init; }
}

/// <summary>A role that is to be made.</summary>
public sealed record NewRole
{
    /// <summary>Unique in the organization; null: the service makes one.</summary>
    public string? Name { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Fullname { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>What it is narrowed to.</summary>
    public Tokens.Resources? Resources { get; init; }

    /// <summary>What it allows, such as <c>viewer</c>.</summary>
    public required string PermissionSet { get; init; }
}

/// <summary>Actions under a name.</summary>
/// <param name="Name">such as <c>viewer</c></param>
/// <param name="Description">what it is for</param>
/// <param name="ResourceRestrictions">kinds of resources that it can be narrowed to</param>
/// <param name="Permissions">the actions, by the kind of resource</param>
public sealed record PermissionSet(
    string Name, string? Description, IReadOnlyList<string>? ResourceRestrictions,
    IReadOnlyDictionary<string, PermittedActions>? Permissions);

/// <summary>What may be done with a kind of resource.</summary>
/// <param name="Actions">such as <c>get</c></param>
public sealed record PermittedActions(IReadOnlyList<string> Actions);

/// <summary>Who the bearer is.</summary>
/// <param name="Token">the bearer's token</param>
/// <param name="Member">the member behind it; null where the bearer may not see it</param>
/// <param name="Organization">its organization; null where the bearer may not see it</param>
public sealed record Identity(Token Token, Member? Member, Organization? Organization);

internal sealed record CreatedMember(Member Member);
