using System.Collections.Immutable;
using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Abstractions.Usage;

/// <summary>
/// When, from where and how often tokens were used. Key: <c>0</c>. What is told is up to a minute late, and a kill of a
/// silo loses as much. Whether a caller may ask is the asker's to check.
/// </summary>
[Alias("TokenActors.ITokenUsageGrain")]
public interface ITokenUsageGrain : IGrainWithStringKey
{
    /// <summary>What became of a token's secrets since a time, by hour, and where it was used from last.</summary>
    [Alias("Of")]
    Task<TokenUsageView> Of(TokenId token, DateTimeOffset from, CancellationToken cancellationToken = default);

    /// <summary>The last uses of some tokens; those that were never used are left out.</summary>
    [Alias("LastUses")]
    Task<ImmutableArray<TokenLastUse>> LastUses(
        ImmutableArray<TokenId> tokens, CancellationToken cancellationToken = default);
}

/// <summary>The last use of a token, as it was noted.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenLastUse")]
public sealed record TokenLastUse
{
    /// <summary>The token.</summary>
    [Id(0)] public required TokenId TokenId { get; init; }

    /// <summary>When.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }

    /// <summary>The network that it came from; null where it is not known, as of most introspections.</summary>
    [Id(2)] public string? Address { get; init; }

    /// <summary>The kind of client, as it calls itself; null where it is not known.</summary>
    [Id(3)] public string? Client { get; init; }
}

/// <summary>What became of a token's secrets.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenUsageView")]
public sealed record TokenUsageView
{
    /// <summary>Hours in which something was counted, the first at the beginning.</summary>
    [Id(0)] public ImmutableArray<TokenHourView> Hours { get; init; } = [];

    /// <summary>The last networks that it was used from, the last first.</summary>
    [Id(1)] public ImmutableArray<TokenAddressView> Addresses { get; init; } = [];

    /// <summary>Its last use; null where there was none.</summary>
    [Id(2)] public TokenLastUse? Last { get; init; }

    /// <summary>Hours and networks are kept; false where the operator switched that off.</summary>
    [Id(3)] public bool IsKept { get; init; }
}

/// <summary>What was counted in an hour.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenHourView")]
public sealed record TokenHourView
{
    /// <summary>Its first instant.</summary>
    [Id(0)] public required DateTimeOffset Start { get; init; }

    /// <summary>How often a secret was accepted.</summary>
    [Id(1)] public required long Accepted { get; init; }

    /// <summary>How often one was refused, by the reason.</summary>
    [Id(2)] public ImmutableArray<RefusalCount> Refused { get; init; } = [];
}

/// <summary>How often a secret was refused for a reason.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RefusalCount")]
public sealed record RefusalCount
{
    /// <summary>The reason, in a word.</summary>
    [Id(0)] public required string Reason { get; init; }

    /// <summary>How often.</summary>
    [Id(1)] public required long Count { get; init; }
}

/// <summary>A network that a token was used from.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenAddressView")]
public sealed record TokenAddressView
{
    /// <summary>Its first address and the length of its prefix: 24 bits of an IPv4 address, 48 of an IPv6
    /// address.</summary>
    [Id(0)] public required string Address { get; init; }

    /// <summary>The kind of client that was seen there last; null where it did not say.</summary>
    [Id(1)] public string? Client { get; init; }

    /// <summary>When the token was used from there first, since it was among the last ones.</summary>
    [Id(2)] public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When it was used from there last.</summary>
    [Id(3)] public required DateTimeOffset LastAt { get; init; }
}
