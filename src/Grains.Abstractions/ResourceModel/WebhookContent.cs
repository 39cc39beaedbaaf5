using System.Collections.Immutable;

namespace TokenActors.Grains.Abstractions.ResourceModel;

/// <summary>What an endpoint for events is. Its signing secrets are encrypted beside it.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.WebhookContent")]
public sealed record WebhookContent
{
    /// <summary>The URL that events are posted to.</summary>
    [Id(0)] public required string Address { get; init; }

    /// <summary>Types of events that it is sent; empty: all that are sent unasked.</summary>
    [Id(1)] public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>Accounts whose events it is sent; empty: all.</summary>
    [Id(2)] public ImmutableArray<Guid> AccountIds { get; init; } = [];

    /// <summary>Only events of accounts that bear one of these labels; empty: of all.</summary>
    [Id(3)] public ImmutableArray<string> AccountLabels { get; init; } = [];

    /// <summary>Free text.</summary>
    [Id(4)] public string? Description { get; init; }

    /// <summary><c>test</c> or <c>prod</c>; of those made on <c>/v1</c> only.</summary>
    [Id(5)] public string? Environment { get; init; }

    /// <summary>The filters of one made on <c>/v1</c>, as the wire names them.</summary>
    [Id(6)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>The credential with the secret of one made on <c>/v1</c>.</summary>
    [Id(7)] public Guid? CredentialId { get; init; }

    /// <summary>Since then it is sent nothing.</summary>
    [Id(8)] public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why it is sent nothing: <c>failing</c>, <c>gone</c> or <c>asked</c>.</summary>
    [Id(9)] public string? DisabledBecause { get; init; }
}
