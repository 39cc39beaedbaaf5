using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;

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

    public static WebhookContent SwitchedAs(this WebhookContent webhook, WebhookContent before) =>
        webhook with { DisabledAt = before.DisabledAt, DisabledBecause = before.DisabledBecause };

    public static bool IsSwitched(this ResourceState endpoint, bool on) =>
        endpoint is { DeletedAt: null, Content.Webhook: { } webhook } && webhook.DisabledAt is null == on;

    /// <summary>What follows a switch, in any number.</summary>
    public static async Task FollowSwitch(this IOutbox outbox, IGrainFactory grains, string endpointId, bool isOn)
    {
        await outbox.NoteFailingSince(endpointId, null);
        if (!isOn)
        {
            await outbox.GiveUp(endpointId);
        }

        // It may hold what was given up, and hear of this only once it is switched on again.
        grains.GetGrain<IWebhookDeliveryGrain>(endpointId).Wake(fromStart: true).Forget();
    }
}
