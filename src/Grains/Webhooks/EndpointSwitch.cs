using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;

namespace TokenActors.Grains.Webhooks;

/// <summary>Switches an endpoint on and off. One that is off stays so for the reason of the first who switched it
/// off.</summary>
internal static class EndpointSwitch
{
    public static ResourceContent Switched(this WebhookContent webhook, SetWebhookEnabled command, DateTimeOffset now) => new()
    {
        Webhook = webhook with
        {
            DisabledAt = command.Enabled ? null : webhook.DisabledAt ?? now,
            DisabledBecause = command.Enabled ? null : webhook.DisabledBecause ?? command.Because ?? "asked",
        },
    };
}
