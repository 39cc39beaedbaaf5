namespace TokenActors.Domain.Tokens;

/// <summary>
/// Why a command or a presented secret was refused. The names are stable: they cross grain calls and label metrics.
/// </summary>
public enum TokenRefusal
{
    /// <summary>There is no such token, it is deleted, or the caller may not know of it.</summary>
    NotFound,

    /// <summary>The presented secret is none of this token's.</summary>
    UnknownSecret,

    /// <summary>An access secret where a refresh secret is needed, or the other way round.</summary>
    WrongKind,

    /// <summary>The secret, its pair's deadline or the record has expired.</summary>
    Expired,

    /// <summary>The token is disabled.</summary>
    Disabled,

    /// <summary>The pair was rotated away, reset or removed. Its holder did nothing wrong.</summary>
    Superseded,

    /// <summary>A refresh secret was shown again after its successor was used, or later than the grace.</summary>
    Reused,

    /// <summary>The id of a new token is taken.</summary>
    IdTaken,

    /// <summary>The name is taken in the organization.</summary>
    NameTaken,

    /// <summary>The idempotency key was used for another request.</summary>
    IdempotencyConflict,

    /// <summary>The duration lies outside the profile's bounds.</summary>
    LifeOutOfBounds,

    /// <summary>A default token lives as long as its owner.</summary>
    DefaultTokenStays,

    /// <summary>
    /// Something above the token is gone: its organization is disabled, its member disabled, or a token above it
    /// deleted.
    /// </summary>
    OwnerGone,

    /// <summary>The organization is disabled.</summary>
    OrganizationDisabled,

    /// <summary>The caller's grant does not hold what the token may do.</summary>
    BeyondGrant,

    /// <summary>The profile has no refresh half.</summary>
    NotRefreshable,

    /// <summary>The organization has as many live tokens as it may.</summary>
    TooManyTokens,

    /// <summary>The token was changed since the caller looked at it.</summary>
    ChangedMeanwhile,

    /// <summary>A secret version below the present one.</summary>
    VersionGoesBack,

    /// <summary>It is to be bound to a role that does not exist.</summary>
    UnknownRole,

    /// <summary>It names more roles, accounts or the like than there may be.</summary>
    TooManyItems,

    /// <summary>The organization's policy allows no new token of this kind.</summary>
    KindBeyondPolicy,

    /// <summary>The organization's policy allows no life of this length, or none without an end.</summary>
    LifeBeyondPolicy,

    /// <summary>The secret is accepted, but not from where it was presented.</summary>
    OutsideAddresses,

    /// <summary>Not every program of the cluster knows yet how the token is to be restricted.</summary>
    UpgradePending,

    /// <summary>The token was accepted as often as it may be.</summary>
    UsedUp,

    /// <summary>A limit is less than one, or more than there may be.</summary>
    LimitsOutOfBounds,

    /// <summary>The key is imported already, under the same scheme of the organization.</summary>
    KeyTaken,

    /// <summary>The scheme of the key was deleted, so that the key would not be found.</summary>
    SchemeGone,
}

/// <summary>What an audit event says happened. Names are stored as <c>token.&lt;lower case&gt;</c>.</summary>
public enum TokenEvent
{
    Issued,
    Refreshed,
    Rotated,
    Reset,
    Replaced,
    DeadlineMoved,
    SecondaryRemoved,
    LifeSet,
    Enabled,
    Disabled,
    Described,
    Deleted,
    CascadeFinished,

    /// <summary>The secondary's time was over.</summary>
    SecondaryEnded,

    /// <summary>The record's life ends soon.</summary>
    Expiring,
    Expired,
    Purged,
    ReuseDetected,

    /// <summary>A secret's digest moved to another pepper.</summary>
    DigestRenewed,

    /// <summary>Several things were changed together.</summary>
    Edited,

    /// <summary>Some of its uses are being given out.</summary>
    UsesTaken,

    /// <summary>Uses that were being given out are left again.</summary>
    UsesReturned,

    /// <summary>The last of its uses is being given out.</summary>
    LimitReached,

    /// <summary>It was made, and belongs to the organization: neither its maker nor its member takes it
    /// along.</summary>
    IssuedToOrganization,

    /// <summary>It was made of the hash of a key that something else issued.</summary>
    Imported,
}

/// <summary>What the machine made of a command. A closed set.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>A new state, one version later, that leaves exactly one event.</summary>
    public sealed record Changed(TokenState Next, TokenEvent Event) : Decision;

    /// <summary>The token already is as the command wants it.</summary>
    public sealed record Unchanged(TokenState State) : Decision;

    /// <summary>
    /// A refresh whose answer was lost or that lost a race: the same pair again, from
    /// <see cref="TokenState.SealedPrimary"/>.
    /// </summary>
    public sealed record SameAnswer(TokenState State, byte[] Sealed) : Decision;

    /// <summary>The command was carried out before under the same idempotency key.</summary>
    public sealed record Replayed(IdempotencyRecord Record) : Decision;

    /// <summary>The record's time is over: remove the row.</summary>
    public sealed record Purge(TokenState State) : Decision;

    /// <summary>Nothing changed.</summary>
    public sealed record Refused(TokenRefusal Refusal) : Decision;

    /// <summary>
    /// A replay of a spent refresh secret: refused as <see cref="TokenRefusal.Reused"/>. <paramref name="Disabled"/>
    /// is the next state where replays disable the token.
    /// </summary>
    public sealed record Reuse(TokenState? Disabled) : Decision;
}

/// <summary>What an operator decides about refresh races and replays, and what the token's organization
/// demands.</summary>
/// <param name="RefreshGrace">how long a holder of a spent refresh secret gets the same pair again although its
/// successor was used</param>
/// <param name="DisableOnReuse">a replay after the grace disables the token</param>
public sealed record TokenRules(TimeSpan RefreshGrace, bool DisableOnReuse)
{
    public static readonly TokenRules Standard = new(TimeSpan.FromSeconds(60), false);

    /// <summary>What the token's organization demands.</summary>
    public TokenPolicy Policy { get; init; } = TokenPolicy.Standard;
}
