using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Webhooks;

/// <summary>
/// An endpoint that an organization's events are posted to. Its signing secrets are made at a gateway, or by the grain
/// where nobody is shown them, and are encrypted in its row.
/// </summary>
[Alias("TokenActors.IWebhookGrain")]
public interface IWebhookGrain : IResourceGrain
{
    /// <summary>
    /// Puts another secret in use. The one before is used beside it for a day: receivers are sent a signature under
    /// each. Repeated under the same idempotency key, it answers with the secret of the first time. Refused: not found,
    /// forbidden.
    /// </summary>
    [Alias("RotateSecret")]
    Task<WebhookSecretAnswer> RotateSecret(RotateWebhookSecret command, CancellationToken cancellationToken = default);

    /// <summary>
    /// The secret that it was made with, for the call that made it, asked again under its idempotency key while that is
    /// kept; null for any other.
    /// </summary>
    [Alias("GetFirstSecret")]
    Task<ProtectedText?> GetFirstSecret(CallContext context, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends it events again, or none any more. What waits for one that is switched off is given up. Refused: not
    /// found, forbidden.
    /// </summary>
    [Alias("SetEnabled")]
    Task<ResourceAnswer> SetEnabled(SetWebhookEnabled command, CancellationToken cancellationToken = default);

    /// <summary>A page of what it was sent and is to be sent, newest first. Refused: not found, forbidden.</summary>
    [AlwaysInterleave]
    [Alias("GetDeliveries")]
    Task<DeliveryPage> GetDeliveries(ReadDeliveries query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends an event once more, under its id, or an event that shows that it works. Refused: not found, forbidden; not
    /// found too where it was not sent this event, and where that still waits.
    /// </summary>
    [Alias("Redeliver")]
    Task<DeliveryAnswer> Redeliver(RedeliverEvent command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends it every event since a time that is for it, also those that it was sent. At most 10,000 at once. Refused:
    /// not found, forbidden.
    /// </summary>
    [Alias("Replay")]
    Task<DeliveryAnswer> Replay(ReplayEvents command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Encrypts its secrets' key anew under the server key in use. The grain calls itself; repeating changes nothing.
    /// </summary>
    [Alias("Rewrap")]
    Task Rewrap();

    /// <summary>
    /// Where its events go, with its secrets; null where it is gone. For the service's own code: the call is not open
    /// to callers.
    /// </summary>
    [AlwaysInterleave]
    [Alias("GetTarget")]
    Task<WebhookTarget?> GetTarget(CancellationToken cancellationToken = default);
}

/// <summary>An endpoint made on <c>/v1</c>.</summary>
[Alias("TokenActors.IOrganizationWebhookGrain")]
public interface IOrganizationWebhookGrain : IWebhookGrain
{
    /// <summary>
    /// Creates it with the credential that holds its secret: both or neither. Refused: as
    /// <see cref="IResourceGrain.Create"/>, and where the organization has as many endpoints as it may have.
    /// </summary>
    [Alias("Provision")]
    Task<ResourceAnswer> Provision(ProvisionWebhook command, CancellationToken cancellationToken = default);
}

/// <summary>An endpoint made on the Lifecycle API.</summary>
[Alias("TokenActors.IEventEndpointGrain")]
public interface IEventEndpointGrain : IWebhookGrain;

/// <summary>Makes an endpoint and the credential that its content names.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProvisionWebhook")]
public sealed record ProvisionWebhook
{
    /// <summary>The endpoint.</summary>
    [Id(0)] public required CreateResource Webhook { get; init; }

    /// <summary>The secret under which bodies are signed, as given.</summary>
    [Id(1)] public required ProtectedText Secret { get; init; }

    /// <summary>From then on the credential should not be used.</summary>
    [Id(2)] public DateTimeOffset? SecretExpires { get; init; }
}

/// <summary>Puts another secret in use.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RotateWebhookSecret")]
public sealed record RotateWebhookSecret
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary><c>whsec_</c> and 32 bytes in base64.</summary>
    [Id(1)] public required ProtectedText Secret { get; init; }
}

/// <summary>Switches an endpoint on or off.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.SetWebhookEnabled")]
public sealed record SetWebhookEnabled
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Whether it is to be sent events.</summary>
    [Id(1)] public required bool Enabled { get; init; }

    /// <summary>Why not: <c>failing</c>, <c>gone</c> or <c>asked</c>.</summary>
    [Id(2)] public string? Because { get; init; }
}

/// <summary>What is needed to send an endpoint its events.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.WebhookTarget")]
public sealed record WebhookTarget
{
    /// <summary>Its organization.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>What it is.</summary>
    [Id(1)] public required WebhookContent Content { get; init; }

    /// <summary>Secrets of Standard Webhooks, the one in use first.</summary>
    [Id(2)] public required ImmutableArray<ProtectedText> Secrets { get; init; }

    /// <summary>The secret that the maker of one on <c>/v1</c> gave; null for others.</summary>
    [Id(3)] public ProtectedText? OwnSecret { get; init; }
}
