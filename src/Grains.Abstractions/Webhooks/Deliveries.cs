using System.Collections.Immutable;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Webhooks;

/// <summary>The answer to a command that puts a secret in use.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.WebhookSecretAnswer")]
public sealed record WebhookSecretAnswer
{
    /// <summary>The endpoint, or why the command was refused.</summary>
    [Id(0)] public required ResourceAnswer Answer { get; init; }

    /// <summary>The secret in use; null where the command was refused.</summary>
    [Id(1)] public ProtectedText? Secret { get; init; }

    /// <summary>Until when the one before is used too; null where a silo of a release before answered.</summary>
    [Id(2)] public DateTimeOffset? PreviousUntil { get; init; }
}

/// <summary>Asks for a page of deliveries.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReadDeliveries")]
public sealed record ReadDeliveries
{
    /// <summary>Whose rights apply.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary><c>waiting</c>, <c>delivered</c>, <c>given_up</c> or <c>filtered</c>; null for all.</summary>
    [Id(1)] public string? Status { get; init; }

    /// <summary>Only those before this place; null from the newest on.</summary>
    [Id(2)] public long? Before { get; init; }

    /// <summary>How many at most.</summary>
    [Id(3)] public required int Limit { get; init; }
}

/// <summary>A page of deliveries.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.DeliveryPage")]
public sealed record DeliveryPage
{
    /// <summary>Why there is none; null where there is one.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>The deliveries, newest first.</summary>
    [Id(1)] public ImmutableArray<DeliveryView> Deliveries { get; init; } = [];

    /// <summary>Where the next page begins; null where this is the last.</summary>
    [Id(2)] public long? Next { get; init; }
}

/// <summary>A delivery as it may be shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.DeliveryView")]
public sealed record DeliveryView
{
    /// <summary>Its id, which is the header <c>webhook-id</c> of every attempt.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Type of the event.</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>Kind of what it is about.</summary>
    [Id(2)] public required string SubjectKind { get; init; }

    /// <summary>Id of what it is about.</summary>
    [Id(3)] public required string SubjectId { get; init; }

    /// <summary><c>waiting</c>, <c>delivered</c>, <c>given_up</c> or <c>filtered</c>.</summary>
    [Id(4)] public required string Status { get; init; }

    /// <summary>When it was queued first.</summary>
    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is attempted next; null where it is over.</summary>
    [Id(6)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The attempts so far, newest last.</summary>
    [Id(7)] public ImmutableArray<AttemptView> Attempts { get; init; } = [];
}

/// <summary>One attempt.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AttemptView")]
public sealed record AttemptView
{
    /// <summary>When it began.</summary>
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>HTTP status; null where there was no answer.</summary>
    [Id(1)] public int? Status { get; init; }

    /// <summary>Milliseconds that it took.</summary>
    [Id(2)] public required long Milliseconds { get; init; }

    /// <summary>Why there was no answer.</summary>
    [Id(3)] public string? Error { get; init; }

    /// <summary>The beginning of the answer's body, of the newest attempt only.</summary>
    [Id(4)] public string? Answer { get; init; }
}

/// <summary>Sends an event once more.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RedeliverEvent")]
public sealed record RedeliverEvent
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Id of the delivery. Null: an event that shows that the endpoint works.</summary>
    [Id(1)] public string? DeliveryId { get; init; }
}

/// <summary>Sends all events since a time once more.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReplayEvents")]
public sealed record ReplayEvents
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>The first time. Events are kept for two weeks.</summary>
    [Id(1)] public required DateTimeOffset Since { get; init; }
}

/// <summary>What a command queued.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.DeliveryAnswer")]
public sealed record DeliveryAnswer
{
    /// <summary>Why it was refused; null where it was not.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>How many deliveries wait now that did not.</summary>
    [Id(1)] public int Queued { get; init; }

    /// <summary>Id of the delivery, where it is one.</summary>
    [Id(2)] public string? DeliveryId { get; init; }
}
