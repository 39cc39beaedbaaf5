using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tokens;

/// <summary>A freshly minted secret, as the machine gets to know it.</summary>
/// <param name="Digest">as it is stored</param>
/// <param name="LastFour">its last characters</param>
/// <param name="Scheme">the scheme of a key that is imported, and not minted; null for all else</param>
public sealed record MintedCredential(SecretDigest Digest, string LastFour, string? Scheme = null);

/// <summary>
/// A freshly minted pair; <paramref name="Refresh"/> is there exactly where the profile has a refresh half.
/// </summary>
public sealed record MintedPair(MintedCredential Access, MintedCredential? Refresh);

/// <summary>Names a call that may be answered again: see <see cref="IdempotencyRecord"/>.</summary>
/// <param name="Key">names the call for its caller</param>
/// <param name="Request">hash of what is asked</param>
/// <param name="Sealed">the new secrets, sealed for the caller</param>
/// <param name="Fresh">known to be no repetition: carried out, and it takes the place of an earlier one of the same
/// key</param>
public sealed record IdempotencyTag(byte[] Key, byte[] Request, byte[] Sealed, bool Fresh = false);

/// <summary>What a new token is to be.</summary>
public sealed record TokenSpec
{
    public required TokenId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required MemberId MemberId { get; init; }

    public required TokenOwnerType OwnerType { get; init; }

    public required string OwnerId { get; init; }

    public required TokenProfile Profile { get; init; }

    /// <summary>Null: the token's id.</summary>
    public string? Name { get; init; }

    /// <summary>Null: the name.</summary>
    public string? FullName { get; init; }

    /// <summary>Null: no token was used to make it.</summary>
    public TokenId? ParentId { get; init; }

    /// <inheritdoc cref="TokenBelonging"/>
    public TokenBelonging BelongsTo { get; init; }

    /// <inheritdoc cref="TokenState.Ancestors"/>
    public ImmutableArray<TokenId> Ancestors { get; init; } = [];

    public required GrantBinding Binding { get; init; }

    public string? Claims { get; init; }

    /// <inheritdoc cref="TokenState.AccountId"/>
    public Guid? AccountId { get; init; }

    /// <inheritdoc cref="TokenNotes"/>
    public TokenNotes Notes { get; init; } = TokenNotes.None;

    /// <inheritdoc cref="TokenState.Addresses"/>
    public AddressRanges Addresses { get; init; } = AddressRanges.Anywhere;

    /// <inheritdoc cref="TokenState.Limits"/>
    public TokenLimits Limits { get; init; } = TokenLimits.None;

    /// <summary>Null: the profile's default.</summary>
    public GoDuration? Ttl { get; init; }

    /// <summary>Null: the profile's.</summary>
    public TimeSpan? LongestTtl { get; init; }

    /// <summary>The very end of its life, also in the past; null: counted from now.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc cref="TokenState.EndsBy"/>
    public DateTimeOffset? EndsBy { get; init; }

    /// <inheritdoc cref="TokenState.Independent"/>
    public bool Independent { get; init; }

    public bool Enabled { get; init; } = true;

    public long SecretVersion { get; init; } = 1;
}

/// <summary>Changes that are made together, as one version with one event; what is null stays.</summary>
public sealed record TokenChanges
{
    public string? FullName { get; init; }

    public string? Claims { get; init; }

    public GrantBinding? Binding { get; init; }

    /// <summary>All of them, in place of those that the token has.</summary>
    public TokenNotes? Notes { get; init; }

    public AddressRanges? Addresses { get; init; }

    /// <summary>All of them, in place of those that the token has.</summary>
    public TokenLimits? Limits { get; init; }

    /// <summary>Uses that were taken and not used, to be given back with another number of them.</summary>
    public long Unspent { get; init; }

    public GoDuration? Life { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>Above the present version it replaces the primary; below it, it is refused.</summary>
    public long? SecretVersion { get; init; }

    /// <summary>
    /// Deadline of the former primary: of the one that is replaced now, else of the present secondary.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Refused where the token is at another version.</summary>
    public long? ExpectedVersion { get; init; }
}

/// <summary>
/// A command to a token. <see cref="Idempotency"/> is set where the call may be answered again. Which states accept
/// which command, and what it does there, is said on each handler of <see cref="TokenMachine"/>.
/// </summary>
public abstract record TokenCommand
{
    private TokenCommand()
    {
    }

    public IdempotencyTag? Idempotency { get; init; }

    public sealed record Issue(TokenSpec Spec, MintedPair Pair) : TokenCommand;

    /// <param name="Presented">what the bearer of the call turned out to be</param>
    /// <param name="Pair">the next primary</param>
    /// <param name="Sealed">the next primary's secrets, sealed under the presented secret</param>
    public sealed record Refresh(Presented Presented, MintedPair Pair, byte[] Sealed) : TokenCommand;

    /// <param name="Pair">the next primary</param>
    /// <param name="Deadline">until when the former pair is accepted; null: until its own end</param>
    /// <param name="AsRefresh">an administrator refreshes for the holder, where there is anything to refresh</param>
    /// <param name="MintedAt">when the pair was minted that it supersedes; null: whichever is the primary</param>
    public sealed record Rotate(
        MintedPair Pair, DateTimeOffset? Deadline = null, bool AsRefresh = false, DateTimeOffset? MintedAt = null)
        : TokenCommand;

    public sealed record Reset(MintedPair Pair) : TokenCommand;

    public sealed record Replace(MintedPair Pair, DateTimeOffset? Deadline = null) : TokenCommand;

    public sealed record MoveDeadline(DateTimeOffset Deadline) : TokenCommand;

    public sealed record RemoveSecondary : TokenCommand;

    /// <param name="Life">counted from now</param>
    /// <param name="KeepsTtl">later renewals go by the ttl that the token has</param>
    public sealed record SetLife(GoDuration Life, bool KeepsTtl = false) : TokenCommand;

    public sealed record Enable : TokenCommand;

    public sealed record Disable : TokenCommand;

    public sealed record Describe(string? Name, string? FullName) : TokenCommand;

    /// <param name="Changes">what to change</param>
    /// <param name="Pair">the next primary, used only where the secret version is raised</param>
    public sealed record Edit(TokenChanges Changes, MintedPair Pair) : TokenCommand;

    public sealed record Delete : TokenCommand;

    /// <summary>A presented secret is to be stored under another pepper.</summary>
    public sealed record RenewDigest(PresentedKind Kind, SecretDigest Digest) : TokenCommand;

    /// <summary>Some of the uses that are left are to be given out.</summary>
    public sealed record ReserveUses : TokenCommand;

    /// <param name="Unspent">uses that were to be given out and were not</param>
    public sealed record ReturnUses(long Unspent) : TokenCommand;

    /// <summary>All descendants are deleted.</summary>
    public sealed record FinishCascade : TokenCommand;

    /// <summary>
    /// Time has passed. Does the one thing that is due first, so that each change leaves one event; repeat until
    /// nothing is.
    /// </summary>
    public sealed record Tick : TokenCommand;
}

/// <summary>What a presented secret is to a token.</summary>
public enum PresentedKind
{
    /// <summary>No secret of this token.</summary>
    Unknown,
    PrimaryAccess,
    PrimaryRefresh,
    SecondaryAccess,
    SecondaryRefresh,

    /// <summary>A refresh secret that lies behind the secondary.</summary>
    Spent,
}

/// <summary>The result of comparing a secret with all that a token knows.</summary>
public readonly record struct Presented(PresentedKind Kind, SpentSecret? Spent = null)
{
    public bool IsPrimary => Kind is PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh;

    public bool IsRefresh =>
        Kind is PresentedKind.PrimaryRefresh or PresentedKind.SecondaryRefresh or PresentedKind.Spent;

    /// <param name="state">the token</param>
    /// <param name="matches">compares the presented secret with a digest, in constant time</param>
    public static Presented Find(TokenState state, Func<SecretDigest, bool> matches)
    {
        if (state.Primary is { } primary)
        {
            if (matches(primary.Access.Digest))
            {
                return new(PresentedKind.PrimaryAccess);
            }

            if (primary.Refresh is { } refresh && matches(refresh.Digest))
            {
                return new(PresentedKind.PrimaryRefresh);
            }
        }

        if (state.Secondary is { Pair: var former })
        {
            if (matches(former.Access.Digest))
            {
                return new(PresentedKind.SecondaryAccess);
            }

            if (former.Refresh is { } refresh && matches(refresh.Digest))
            {
                return new(PresentedKind.SecondaryRefresh);
            }
        }

        return state.Spent.FirstOrDefault(spent => matches(spent.Digest)) is { } found
            ? new(PresentedKind.Spent, found)
            : new(PresentedKind.Unknown);
    }
}
