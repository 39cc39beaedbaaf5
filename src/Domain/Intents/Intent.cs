using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Intents;

/// <summary>Who took an intent to carry it out.</summary>
/// <param name="TokenId">the bearer's token</param>
/// <param name="Key">of the call, as only the bearer and its idempotency key give it</param>
/// <param name="At">when</param>
public sealed record IntentCollector(TokenId TokenId, string Key, DateTimeOffset At);

/// <summary>
/// A command that would mint a secret, wished for by somebody who must not see one. Nothing is done until a person of
/// the same member collects it, and then it is done with that person's rights. It holds no secret.
/// </summary>
public sealed record Intent
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Whose wish it is, and who may collect it.</summary>
    public required MemberId MemberId { get; init; }

    /// <summary>The token that it was made with.</summary>
    public required TokenId TokenId { get; init; }

    /// <summary><c>rotate</c> or <c>create</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The token that is to be rotated.</summary>
    public TokenId? Subject { get; init; }

    /// <summary>The body of the command, as JSON.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it may be collected.</summary>
    public required DateTimeOffset LapsesAt { get; init; }

    /// <summary>Null while nobody has collected it.</summary>
    public IntentCollector? Collector { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    /// <summary>When nobody can ask for it any more.</summary>
    public DateTimeOffset DueAt => Collector is { } collector ? collector.At + IntentMachine.AnsweredFor : LapsesAt;
}
