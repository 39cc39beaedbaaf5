using System.Collections.Immutable;
using TokenActors.Domain.Events;

namespace TokenActors.Grains.Abstractions.Organizations;

/// <summary>An endpoint that is sent events of its organization.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.EventListener")]
public sealed record EventListener
{
    /// <summary>The endpoint's id.</summary>
    [Id(0)] public required string EndpointId { get; init; }

    /// <summary>Types of events that it is sent; empty: all that are sent unasked.</summary>
    [Id(1)] public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>Ids of accounts whose events it is sent; empty: of all, and those of none.</summary>
    [Id(2)] public ImmutableArray<string> AccountIds { get; init; } = [];

    /// <summary>It is sent resources as they are after the event.</summary>
    [Id(3)] public bool WantsResource { get; init; }

    /// <summary>Whether it is sent an event.</summary>
    public bool Hears(string type, string? accountId) =>
        (Types.IsEmpty ? EventTypes.IsSentUnasked(type) : Types.Contains(type, StringComparer.Ordinal))
        && (AccountIds.IsEmpty || (accountId is not null && AccountIds.Contains(accountId, StringComparer.Ordinal)));
}
