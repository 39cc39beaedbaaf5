using System.Collections.Immutable;
using System.Net;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Tokens;

/// <summary>Asks for a token on behalf of a caller.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.SeeToken")]
public sealed record SeeToken
{
    /// <summary>Whose rights apply; it sees itself in any case.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>What the caller needs a permission for.</summary>
    [Id(1)] public string Action { get; init; } = "tokens:get";
}

/// <summary>Asks whether a presented secret is accepted.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.VerifyToken")]
public sealed record VerifyToken
{
    /// <summary>Fingerprint of the presented secret.</summary>
    [Id(0)] public required SecretFingerprint Presented { get; init; }

    /// <summary>
    /// A refresh secret is accepted too (introspection, revocation). Otherwise only access secrets are.
    /// </summary>
    [Id(1)] public bool RefreshToo { get; init; }

    /// <summary>
    /// A token that may only change its member's password is accepted too. It opens nothing else, so that no one else
    /// asks for it.
    /// </summary>
    [Id(2)] public bool PasswordChangeToo { get; init; }

    /// <summary>It is no use of an integration, but a question or a report about it.</summary>
    [Id(3)] public bool Uncounted { get; init; }

    /// <summary>
    /// From where it was presented; null where that is not known. A token with addresses is not accepted then.
    /// </summary>
    [Id(4)] public IPAddress? Address { get; init; }

    /// <summary>From where is not asked: whoever holds a secret may end it from anywhere.</summary>
    [Id(5)] public bool FromAnywhere { get; init; }

    /// <summary>What kind of client presented it, as it calls itself; null where that is not known.</summary>
    [Id(6)] public string? Client { get; init; }

    /// <summary>It is asked again about a secret that was let in, which is no further use of the token.</summary>
    [Id(7)] public bool IsAskedAgain { get; init; }

    /// <summary>
    /// Whoever asks holds to the limits of tokens and keeps no answer of a token that has a number of uses. Without
    /// that no token with limits is accepted: a gateway of before there were limits does not say so.
    /// </summary>
    [Id(8)] public bool KnowsLimits { get; init; }

    /// <summary>
    /// The secret is accepted if this answer says so, which is a use of a token that has a number of them. Else it is
    /// only asked about.
    /// </summary>
    [Id(9)] public bool IsUse { get; init; }

    /// <summary>
    /// An imported key is accepted too: a resource server or a proxy of its organization asks about it. No API of this
    /// service does.
    /// </summary>
    [Id(10)] public bool ImportedToo { get; init; }

    /// <summary>
    /// Whoever asks decides by the answer whether the secret was brought to the right place: that it would be accepted
    /// is no use of the token, and is noted nowhere. A refusal is noted as ever.
    /// </summary>
    [Id(11)] public bool IsQuestion { get; init; }
}

/// <summary>The answer to <see cref="VerifyToken"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.Verification")]
public sealed record Verification
{
    /// <summary>Why the secret is not accepted; null where it is.</summary>
    [Id(0)] public TokenRefusal? Refusal { get; init; }

    /// <summary>Who the bearer is; null where it is not accepted.</summary>
    [Id(1)] public Caller? Caller { get; init; }

    /// <summary>The token; null where the secret is not accepted.</summary>
    [Id(2)] public TokenView? Token { get; init; }

    /// <summary>Which of the token's secrets was presented.</summary>
    [Id(3)] public PresentedKind Presented { get; init; }

    /// <summary>When this secret ends to be accepted, as things stand.</summary>
    [Id(4)] public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the member behind the token is called; null where that is not known.</summary>
    [Id(5)] public string? MemberName { get; init; }
}

/// <summary>Half a pair as it may be shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CredentialView")]
public sealed record CredentialView
{
    /// <summary>The last four characters of the secret.</summary>
    [Id(0)] public required string LastFour { get; init; }

    /// <summary>From then on it is not accepted.</summary>
    [Id(1)] public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A pair as it may be shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.PairView")]
public sealed record PairView
{
    /// <summary>The access half.</summary>
    [Id(0)] public required CredentialView Access { get; init; }

    /// <summary>The refresh half, where the profile has one.</summary>
    [Id(1)] public CredentialView? Refresh { get; init; }

    /// <summary>When it was minted.</summary>
    [Id(2)] public required DateTimeOffset MintedAt { get; init; }
}

/// <summary>A token as it may be shown: everything but secrets and digests.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenView")]
public sealed record TokenView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required TokenId Id { get; init; }

    /// <summary>Its organization.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The member behind it.</summary>
    [Id(2)] public required MemberId MemberId { get; init; }

    /// <summary>What kind of owner it opens.</summary>
    [Id(3)] public required TokenOwnerType OwnerType { get; init; }

    /// <summary>Id of the organization or integration that it opens.</summary>
    [Id(4)] public required string OwnerId { get; init; }

    /// <summary>Name of its <see cref="TokenProfile"/>.</summary>
    [Id(5)] public required string Profile { get; init; }

    /// <summary>Unique in the organization.</summary>
    [Id(6)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(7)] public required string FullName { get; init; }

    /// <summary>The token that it was made with; its own id where there was none.</summary>
    [Id(8)] public required TokenId ParentId { get; init; }

    /// <summary>Role names; empty for a token with a grant of its own.</summary>
    [Id(9)] public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Permission set of a token with a grant of its own.</summary>
    [Id(10)] public string? PermissionSet { get; init; }

    /// <summary>Resources of a token with a grant of its own.</summary>
    [Id(11)] public Resources? Resources { get; init; }

    /// <summary>Free-form claims, a JSON object.</summary>
    [Id(12)] public string? Claims { get; init; }

    /// <summary>The duration as it was sent.</summary>
    [Id(13)] public required string Ttl { get; init; }

    /// <summary>When it was made.</summary>
    [Id(14)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(15)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the record's life ends.</summary>
    [Id(16)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>False while disabled.</summary>
    [Id(17)] public required bool Enabled { get; init; }

    /// <summary>Number of changes so far.</summary>
    [Id(18)] public required long Version { get; init; }

    /// <summary>The current pair.</summary>
    [Id(19)] public required PairView Primary { get; init; }

    /// <summary>The former pair, while any secret of it is accepted.</summary>
    [Id(20)] public PairView? Secondary { get; init; }

    /// <summary>The secondary's deadline, where one was set.</summary>
    [Id(21)] public DateTimeOffset? SecondaryDeadline { get; init; }

    /// <summary>When a secret of it was last presented; may lag by a minute after a restart.</summary>
    [Id(22)] public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Actions of a token with a grant of its own that is no permission set.</summary>
    [Id(23)] public ImmutableArray<string>? Actions { get; init; }

    /// <summary>Counts the primaries.</summary>
    [Id(24)] public long SecretVersion { get; init; } = 1;

    /// <summary>It does not depend on its member.</summary>
    [Id(25)] public bool Independent { get; init; }

    /// <summary>The account that it hangs on.</summary>
    [Id(26)] public Guid? AccountId { get; init; }

    /// <summary>What people note of it; null where they note nothing.</summary>
    [Id(27)] public NotesOfToken? Notes { get; init; }

    /// <summary>The ranges of addresses from which it is accepted; null where it is from anywhere.</summary>
    [Id(28)] public ImmutableArray<string>? Addresses { get; init; }

    /// <summary>How often it is accepted; null where that is not limited.</summary>
    [Id(29)] public LimitsOfToken? Limits { get; init; }

    /// <inheritdoc cref="TokenBelonging"/>
    [Id(30)] public TokenBelonging BelongsTo { get; init; }

    /// <summary>From when on its life is counted; the default where a silo of an older release answered.</summary>
    [Id(31)] public DateTimeOffset LifeBeganAt { get; init; }

    /// <summary>The roles of <see cref="Roles"/>, each with its id where the token is bound to it by id.</summary>
    [Id(32)] public ImmutableArray<string> RoleReferences { get; init; } = [];
}

/// <summary>How the secrets of an answer reach the caller.</summary>
[GenerateSerializer, Alias("TokenActors.AnswerSecrets")]
public enum AnswerSecrets
{
    /// <summary>They are those that came with the command, or there are none.</summary>
    AsMinted,

    /// <summary>
    /// A lost refresh answer: <see cref="TokenAnswer.Sealed"/>, to be opened with the presented refresh secret.
    /// </summary>
    SealedForHolder,

    /// <summary>
    /// A repeated call: <see cref="TokenAnswer.Sealed"/>, to be opened with the caller's bearer and idempotency key.
    /// </summary>
    SealedForCaller,
}

/// <summary>The answer to a command: the token, or why it was refused.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenAnswer")]
public sealed record TokenAnswer
{
    /// <summary>Null where the command was done.</summary>
    [Id(0)] public TokenRefusal? Refusal { get; init; }

    /// <summary>The token after the command; null where it was refused or deleted.</summary>
    [Id(1)] public TokenView? Token { get; init; }

    /// <summary>Where the secrets are.</summary>
    [Id(2)] public AnswerSecrets Secrets { get; init; }

    /// <summary>Sealed secrets, by <see cref="Secrets"/>.</summary>
    [Id(3)] public byte[]? Sealed { get; init; }

    /// <summary>Nothing had to be changed.</summary>
    [Id(4)] public bool Unchanged { get; init; }

    /// <summary>
    /// The first things that the caller lacks, where <see cref="Refusal"/> is <see cref="TokenRefusal.BeyondGrant"/>:
    /// actions, parts such as <c>resources.accounts.ids</c>, <c>addresses</c>. They are for a caller that sees the
    /// token.
    /// </summary>
    [Id(5)] public ImmutableArray<string> TooMuch { get; init; } = [];

    /// <summary>After <see cref="EditToken"/>: the primary was replaced, so that its secret is to be shown.</summary>
    [Id(6)] public bool Replaced { get; init; }
}

/// <summary>What a token may do now, and what hinders it.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenGrantAnswer")]
public sealed record TokenGrantAnswer
{
    /// <summary>Not found, also where the caller's grant does not reach the token; else null.</summary>
    [Id(0)] public TokenRefusal? Refusal { get; init; }

    /// <summary>The token; null where it is refused.</summary>
    [Id(1)] public TokenView? Token { get; init; }

    /// <summary>Its grant with its roles resolved, cut to what its member may do.</summary>
    [Id(2)] public Grant Grant { get; init; } = Grant.Nothing;

    /// <summary>Why no secret of it is accepted, whatever its grant holds; null where nothing stands in the
    /// way.</summary>
    [Id(3)] public TokenRefusal? Hindrance { get; init; }
}
