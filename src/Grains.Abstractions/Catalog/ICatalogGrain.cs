using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;

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
}

/// <summary>A page of tokens.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenPage")]
public sealed record TokenPage
{
    /// <summary>The tokens; null where <c>start_after</c> names none of the list's.</summary>
    [Id(0)] public ImmutableArray<TokenView>? Tokens { get; init; }
}

/// <summary>Runs list queries against storage. Stateless: any key will do, by custom <c>0</c>.</summary>
[Alias("TokenActors.ICatalogGrain")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>A page of an organization's tokens. The request must be well formed.</summary>
    [AlwaysInterleave]
    [Alias("ListTokens")]
    Task<TokenPage> ListTokens(ListRequest request);

    /// <summary>The live token of that name, or null.</summary>
    [AlwaysInterleave]
    [Alias("FindToken")]
    Task<TokenId?> FindToken(OrganizationId organization, string name);

    /// <summary>The organization of that name or type that is fully founded, oldest first, or null.</summary>
    [AlwaysInterleave]
    [Alias("FindOrganization")]
    Task<OrganizationView?> FindOrganization(string? name, OrganizationType? type);
}
