using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;

using TokenActors.Grains.Abstractions.ResourceModel;
namespace TokenActors.Grains.Abstractions.Organizations;

/// <summary>Asks the authority of an organization whether everything above a token still stands.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.StandingQuery")]
public sealed record OwnerStatusQuery
{
    /// <summary>The member behind the token.</summary>
    [Id(0)] public required MemberId MemberId { get; init; }

    /// <summary>Role names to resolve, for a token bound to roles.</summary>
    [Id(1)] public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>The tokens above it.</summary>
    [Id(2)] public ImmutableArray<TokenId> Ancestors { get; init; } = [];

    /// <summary>The resources that it hangs on.</summary>
    [Id(3)] public ImmutableArray<Guid> Within { get; init; } = [];

    /// <summary>What is asked about was read from a row a moment ago, and not from the memory of its grain.</summary>
    [Id(4)] public bool IsOfRow { get; init; }
}

/// <summary>What the authority says.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.Standing")]
public sealed record OwnerStatus
{
    /// <summary>There is such an organization.</summary>
    [Id(0)] public required bool Exists { get; init; }

    /// <summary>It is disabled: every call is answered 402.</summary>
    [Id(1)] public required bool Blocked { get; init; }

    /// <summary>The member is there and enabled.</summary>
    [Id(2)] public required bool MemberStands { get; init; }

    /// <summary>No token above is deleted.</summary>
    [Id(3)] public required bool AboveStands { get; init; }

    /// <summary>What the member may do now.</summary>
    [Id(4)] public required Grant MemberGrant { get; init; }

    /// <summary>What the asked roles allow now; the member's grant where none were asked.</summary>
    [Id(5)] public required Grant RolesGrant { get; init; }

    /// <summary>Asked roles that do not exist.</summary>
    [Id(6)] public ImmutableArray<string> UnknownRoles { get; init; } = [];

    /// <summary>
    /// The asked roles as they are bound now, each a <see cref="RoleReference"/>; those of the member where none were
    /// asked.
    /// </summary>
    [Id(7)] public ImmutableArray<string> Bound { get; init; } = [];

    /// <summary>Who is sent events of the organization. A silo of before there were events says none.</summary>
    [Id(8)] public ImmutableArray<EventListener> Listeners { get; init; } = [];

    /// <summary>What the organization demands of its tokens; null where it demands nothing.</summary>
    [Id(9)] public PolicyContent? Policy { get; init; }

    /// <summary>What the member is called; null where it is not known. A silo of before says none.</summary>
    [Id(10)] public string? MemberName { get; init; }

    /// <summary>
    /// Nothing that was deleted was cleared for four seconds: whoever read a row since then would have read its
    /// tombstone. Said only of a question about a row.
    /// </summary>
    [Id(11)] public bool IsSettled { get; init; }

    /// <summary>Why a token of this owner is not accepted; null where it is.</summary>
    /// <param name="independent">the token does not depend on its member</param>
    public TokenRefusal? RefusalFor(bool independent = false) => this switch
    {
        { Exists: false } => TokenRefusal.NotFound,
        { Blocked: true } => TokenRefusal.OrganizationDisabled,
        { MemberStands: false } when !independent => TokenRefusal.OwnerGone,
        { AboveStands: false } => TokenRefusal.OwnerGone,
        _ => null,
    };
}

/// <summary>What roles allow.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ResolvedRoles")]
public sealed record ResolvedRoles
{
    /// <summary>All of them together.</summary>
    [Id(0)] public required Grant Grant { get; init; }

    /// <summary>Names that no role has.</summary>
    [Id(1)] public ImmutableArray<string> Unknown { get; init; } = [];

    /// <summary>The roles as they are bound now, each a <see cref="RoleReference"/>.</summary>
    [Id(2)] public ImmutableArray<string> Bound { get; init; } = [];

    /// <summary>The present names of those that exist.</summary>
    [Id(3)] public ImmutableArray<string> Names { get; init; } = [];
}
