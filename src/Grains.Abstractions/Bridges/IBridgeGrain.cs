using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Abstractions.Bridges;

/// <summary>
/// One bridge of an account: the agents that reach the account's network together, and the credential with which they
/// report. What agents report is in memory only: after a restart of its silo it is known again once they have reported,
/// which they should do every 20 seconds.
/// </summary>
[Alias("TokenActors.IBridgeGrain")]
public interface IBridgeGrain : IResourceGrain
{
    /// <summary>
    /// Creates the bridge and its credential: both or neither. Refused: as <see cref="IResourceGrain.Create"/>.
    /// Repeated under the same idempotency key, the answer names the bridge; the token's grain has the credential.
    /// </summary>
    [Alias("Provision")]
    Task<ProvisionedBridge> Provision(ProvisionBridge command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes the report of an agent in place of its last one; null where it is taken. Refused: not found; too many
    /// items where as many agents as there may be have reported within a minute.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Report")]
    Task<ResourceRefusal?> Report(AgentReport report, CancellationToken cancellationToken = default);

    /// <summary>
    /// The agents that have reported within a minute, in the order of their ids. Refused: not found, forbidden.
    /// </summary>
    [AlwaysInterleave]
    [Alias("GetStatus")]
    Task<BridgeStatusAnswer> GetStatus(ReadResource query, CancellationToken cancellationToken = default);
}

/// <summary>Makes a bridge with its credential; the grain's key is the bridge's id.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProvisionBridge")]
public sealed record ProvisionBridge
{
    /// <summary>The bridge. Its command id, caller and idempotency are those of the whole.</summary>
    [Id(0)] public required CreateResource Bridge { get; init; }

    /// <summary>Id of the credential's token.</summary>
    [Id(1)] public required TokenId TokenId { get; init; }

    /// <summary>The credential, a token of the profile <c>bridge</c> that hangs on the bridge's account.</summary>
    [Id(2)] public required IssueToken Token { get; init; }
}

/// <summary>The answer to <see cref="ProvisionBridge"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProvisionedBridge")]
public sealed record ProvisionedBridge
{
    /// <summary>The bridge, or why it was refused.</summary>
    [Id(0)] public required ResourceAnswer Answer { get; init; }

    /// <summary>The credential's token; null where it was not made by this call.</summary>
    [Id(1)] public TokenView? Token { get; init; }

    /// <summary>Why the credential was refused, and so everything; null where it was not.</summary>
    [Id(2)] public TokenRefusal? TokenRefusal { get; init; }
}

/// <summary>What an agent tells of itself. Counts are since its start.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AgentReport")]
public sealed record AgentReport
{
    /// <summary>Which of the bridge's agents it is: a text of its own choice, the same in all of its reports.</summary>
    [Id(0)] public required string AgentId { get; init; }

    /// <summary>Of its program.</summary>
    [Id(1)] public required string Version { get; init; }

    /// <summary>What it may connect to.</summary>
    [Id(2)] public ImmutableArray<string> AllowAddresses { get; init; } = [];

    /// <summary>Where it keeps secrets, as a JSON object of texts; null where it says nothing.</summary>
    [Id(3)] public string? Vault { get; init; }

    /// <summary>Requests that it passed on.</summary>
    [Id(4)] public long Requests { get; init; }

    /// <summary>Those of them that failed.</summary>
    [Id(5)] public long Failures { get; init; }

    /// <summary>Bytes that it received.</summary>
    [Id(6)] public long InBytes { get; init; }

    /// <summary>Bytes that it sent.</summary>
    [Id(7)] public long OutBytes { get; init; }

    /// <summary>How long its last report took to be answered, as a Go-style duration; null for its first.</summary>
    [Id(8)] public string? ResponseDuration { get; init; }
}

/// <summary>An agent that has reported within a minute.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AgentStatus")]
public sealed record AgentStatus
{
    /// <summary>What it told last.</summary>
    [Id(0)] public required AgentReport Report { get; init; }

    /// <summary>When.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }
}

/// <summary>The answer to <see cref="IBridgeGrain.GetStatus"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.BridgeStatusAnswer")]
public sealed record BridgeStatusAnswer
{
    /// <summary>Null where the question was answered.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>The agents, in the order of their ids.</summary>
    [Id(1)] public ImmutableArray<AgentStatus> Agents { get; init; } = [];
}
