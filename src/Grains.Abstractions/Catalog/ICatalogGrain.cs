using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Abstractions.Usage;

namespace TokenActors.Grains.Abstractions.Catalog;

/// <summary>A list query as the wire has it; see <c>ListQueryParser</c> for the forms.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ListRequest")]
public sealed record ListRequest
{
    /// <summary>The organization whose rows are listed.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Only this member's. Null: all.</summary>
    [Id(1)] public MemberId? MemberId { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(2)] public required int Limit { get; init; }

    /// <summary>The key of the last item seen.</summary>
    [Id(3)] public string? StartAfter { get; init; }

    /// <summary><c>field</c>, <c>field[asc]</c> or <c>field[desc]</c>.</summary>
    [Id(4)] public ImmutableArray<string> Orders { get; init; } = [];

    /// <summary><c>field[op]value</c>, ANDed.</summary>
    [Id(5)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Whose rights apply. Null for the operator's own code.</summary>
    [Id(6)] public Caller? Caller { get; init; }
}

/// <summary>A page of tokens.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenPage")]
public sealed record TokenPage
{
    /// <summary>The tokens; null where <c>start_after</c> names none of the list's.</summary>
    [Id(0)] public ImmutableArray<TokenView>? Tokens { get; init; }
}

/// <summary>Asks for a page of tokens of every kind.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenListRequest")]
public sealed record TokenListRequest
{
    /// <summary>The organization whose tokens are listed.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Only this member's. Null: all.</summary>
    [Id(1)] public MemberId? MemberId { get; init; }

    /// <summary>Only what was made with this token, or with what was made with it, and so on. Null: all.</summary>
    [Id(2)] public TokenId? Below { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(3)] public required int Limit { get; init; }

    /// <summary>Where the page before ended. Null: the first page.</summary>
    [Id(4)] public string? Cursor { get; init; }

    /// <summary><c>field</c>, <c>field[asc]</c> or <c>field[desc]</c>.</summary>
    [Id(5)] public ImmutableArray<string> Orders { get; init; } = [];

    /// <summary><c>field[op]value</c>, ANDed.</summary>
    [Id(6)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Whose rights apply. Null for the operator's own code.</summary>
    [Id(7)] public Caller? Caller { get; init; }

    /// <summary>Only what is not as this policy wants it. Null: all.</summary>
    [Id(8)] public PolicyContent? Breaching { get; init; }
}

/// <summary>A page of tokens of every kind.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenListPage")]
public sealed record TokenListPage
{
    /// <summary>The tokens; null where the cursor is none of this list in this order.</summary>
    [Id(0)] public ImmutableArray<TokenView>? Tokens { get; init; }

    /// <summary>Where the next page begins; null where there is none.</summary>
    [Id(1)] public string? Next { get; init; }

    /// <summary>The last uses of those of them that were used, in no particular order.</summary>
    [Id(2)] public ImmutableArray<TokenLastUse> LastUses { get; init; } = [];

    /// <summary>Those of a page of descendants that do not die with the token that they are below.</summary>
    [Id(3)] public ImmutableArray<TokenId> Staying { get; init; } = [];
}

/// <summary>What a list of a facade's tokens may be ordered by.</summary>
[GenerateSerializer, Alias("TokenActors.ShelfOrder")]
public enum ListingOrder
{
    /// <summary>When they were made.</summary>
    CreatedAt,

    /// <summary>When they expire.</summary>
    ExpiresAt,

    /// <summary>The display name, bytewise.</summary>
    Name,

    /// <summary>The id.</summary>
    Id,

    /// <summary>The profile's name.</summary>
    Profile,

    /// <summary>The principal.</summary>
    Principal,
}

/// <summary>A page of one facade's tokens. All conditions that are set must hold.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ShelfRequest")]
public sealed record ListingRequest
{
    /// <summary>The organization whose tokens are listed.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The listing that a <c>TokenProfile</c> names.</summary>
    [Id(1)] public required string Shelf { get; init; }

    /// <summary>Only this member's, and those that depend on no member. Null: all.</summary>
    [Id(2)] public MemberId? MemberId { get; init; }

    /// <summary>Exactly this name.</summary>
    [Id(3)] public string? Name { get; init; }

    /// <summary>A part of the name, in any letter case.</summary>
    [Id(4)] public string? Search { get; init; }

    /// <summary>Any of these profiles; empty: all.</summary>
    [Id(5)] public ImmutableArray<string> Profiles { get; init; } = [];

    /// <summary>Any of these principals; empty: all.</summary>
    [Id(6)] public ImmutableArray<string> Principals { get; init; } = [];

    /// <summary>Made then or later.</summary>
    [Id(7)] public DateTimeOffset? From { get; init; }

    /// <summary>Made before.</summary>
    [Id(8)] public DateTimeOffset? To { get; init; }

    /// <summary>What they are ordered by; equal ones by id.</summary>
    [Id(9)] public ListingOrder Order { get; init; }

    /// <summary>The last first.</summary>
    [Id(10)] public bool Descending { get; init; }

    /// <summary>How many to leave out before the page.</summary>
    [Id(11)] public long Offset { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(12)] public required int Limit { get; init; }

    /// <summary>Only those that depend on no member.</summary>
    [Id(13)] public bool OnlyIndependent { get; init; }
}

/// <summary>A page of a facade's tokens.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ShelfPage")]
public sealed record ListingPage
{
    /// <summary>The tokens; empty past the end.</summary>
    [Id(0)] public required ImmutableArray<TokenView> Tokens { get; init; }

    /// <summary>How many there are on all pages.</summary>
    [Id(1)] public required long Total { get; init; }
}

/// <summary>Asks for a page of resources.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ResourceListRequest")]
public sealed record ResourceListRequest
{
    /// <summary>The organization that nothing of the answer may leave.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Kind of resource, such as <c>account</c>.</summary>
    [Id(1)] public required string Kind { get; init; }

    /// <summary>Whose rights apply. Null for the operator's own code.</summary>
    [Id(2)] public Caller? Caller { get; init; }

    /// <summary>Only what hangs on this. Null: not asked.</summary>
    [Id(3)] public string? OwnerId { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(4)] public required int Limit { get; init; }

    /// <summary>The sort key of the last item seen.</summary>
    [Id(5)] public string? StartAfter { get; init; }

    /// <summary>As on the wire: <c>field[desc]</c>.</summary>
    [Id(6)] public ImmutableArray<string> Orders { get; init; } = [];

    /// <summary>As on the wire: <c>field[op]value</c>.</summary>
    [Id(7)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Count all that match, too.</summary>
    [Id(8)] public bool Total { get; init; }

    /// <summary>What the caller needs a permission for.</summary>
    [Id(9)] public string Verb { get; init; } = "list";

    /// <summary>
    /// The action that has to be covered, where it is another than the verb on the kind, such as one on what hangs on
    /// the resource. Null: the verb on the kind.
    /// </summary>
    [Id(10)] public string? Action { get; init; }
}

/// <summary>A page of members.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MemberPage")]
public sealed record MemberPage
{
    /// <summary>Null where <c>start_after</c> names no row and the order is by another field than the name.</summary>
    [Id(0)] public ImmutableArray<MemberView>? Members { get; init; }
}

/// <summary>A page of organizations.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.OrganizationPage")]
public sealed record OrganizationPage
{
    /// <summary>Null where <c>start_after</c> names no row and the order is by another field than the name.</summary>
    [Id(0)] public ImmutableArray<OrganizationView>? Organizations { get; init; }
}

/// <summary>A page of resources.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ResourcePage")]
public sealed record ResourcePage
{
    /// <summary>Null where <c>start_after</c> names no row and the order is by another field than the key.</summary>
    [Id(0)] public ImmutableArray<Resource>? Resources { get; init; }

    /// <summary>How many match, where that was asked for.</summary>
    [Id(1)] public long? Total { get; init; }
}

/// <summary>
/// Runs list queries against storage. Stateless: any key will do, by custom <c>0</c>. A cancellation token ends the
/// wait for a page, with <see cref="OperationCanceledException"/>.
/// </summary>
[Alias("TokenActors.ICatalogGrain")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>A page of an organization's tokens. The request must be well formed.</summary>
    [AlwaysInterleave]
    [Alias("ListTokens")]
    Task<TokenPage> ListTokens(ListRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// A page of an organization's tokens of every kind, of those only that the caller's grant reaches. For a narrowed
    /// caller it may hold fewer than asked for although there is a next one.
    /// </summary>
    [AlwaysInterleave]
    [Alias("ListEveryToken")]
    Task<TokenListPage> ListEveryToken(TokenListRequest request, CancellationToken cancellationToken = default);

    /// <summary>A page of an organization's members.</summary>
    [AlwaysInterleave]
    [Alias("ListMembers")]
    Task<MemberPage> ListMembers(ListRequest request, CancellationToken cancellationToken = default);

    /// <summary>A page of the organizations that a root organization made, in reach of the caller.</summary>
    [AlwaysInterleave]
    [Alias("ListOrganizations")]
    Task<OrganizationPage> ListOrganizations(ListRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// The first 1,000 organizations that a root organization made, by name: for gateways of the release before.
    /// </summary>
    [AlwaysInterleave]
    [Alias("ListSubOrganizations")]
    Task<ImmutableArray<OrganizationView>> ListSubOrganizations(
        OrganizationId root, CancellationToken cancellationToken = default);

    /// <summary>A page of a facade's tokens.</summary>
    [AlwaysInterleave]
    [Alias("ListShelf")]
    Task<ListingPage> ListFacade(ListingRequest request, CancellationToken cancellationToken = default);

    /// <summary>The live token of that name, or null.</summary>
    [AlwaysInterleave]
    [Alias("FindToken")]
    Task<TokenId?> FindToken(OrganizationId organization, string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// A page of an organization's resources of one kind, of those only that the caller's grant covers.
    /// </summary>
    [AlwaysInterleave]
    [Alias("ListResources")]
    Task<ResourcePage> ListResources(ResourceListRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// The id of the only live resource of that kind and name, or null: integrations of several accounts may bear one
    /// name, and so may credentials of several owners.
    /// </summary>
    [AlwaysInterleave]
    [Alias("FindResource")]
    Task<Guid?> FindResource(
        OrganizationId organization, string kind, string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// The organization of that name or type that is fully founded, oldest first, or null. A name finds an organization
    /// only where no other in the service bears it.
    /// </summary>
    [AlwaysInterleave]
    [Alias("FindOrganization")]
    Task<OrganizationView?> FindOrganization(
        string? name, OrganizationType? type, CancellationToken cancellationToken = default);
}
