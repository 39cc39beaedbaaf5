using System.Collections.Immutable;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;

namespace TokenActors.Grains.Webhooks;

/// <summary>Which events an endpoint is sent, as its organization knows it.</summary>
internal static class EventListeners
{
    /// <summary>The kinds of resources that are endpoints.</summary>
    public static readonly ImmutableArray<string> EndpointKinds = [Kinds.Webhook, Kinds.EventEndpoint];

    /// <summary>Null where an endpoint is sent nothing.</summary>
    public static EventListener? Of(ResourceState endpoint) =>
        endpoint is { DeletedAt: null, Content.Webhook: { DisabledAt: null } webhook }
            ? new EventListener
            {
                EndpointId = endpoint.Id.ToString(),
                Types = webhook.Types,
                AccountIds = [.. webhook.AccountIds.Select(id => id.ToString())],
                WantsResource = webhook.CredentialId is not null,
            }
            : null;
}
