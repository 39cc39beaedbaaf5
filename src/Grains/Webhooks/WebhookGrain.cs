using TokenActors.Domain.Grants;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// One endpoint for events, of either kind. It tells its organization's authority of every change before it answers,
/// so that its events begin with the first change after its creation was answered.
/// </summary>
public abstract class WebhookGrain(
    IRecordStore store, IOutbox outbox, SiloLease lease, PepperRing ring, TimeProvider time, ResourceKind kind)
    : ResourceGrain(store, lease, time, kind), IWebhookGrain
{
    /// <summary>Endpoints of an organization, of both kinds.</summary>
    private const int MostEndpoints = 20;

    private readonly SecretBox _box = new(ring);
    private readonly RecentRepeats _recent = new(time);
    private readonly HeldPlace _place = new();
    private string? _address;

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _place.Release(GrainFactory);
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<WebhookSecretAnswer> RotateSecret(
        RotateWebhookSecret command, CancellationToken cancellationToken)
    {
        if (Current is not { DeletedAt: null, Sealed: { } sealedText } current)
        {
            return new WebhookSecretAnswer { Answer = NotFound() };
        }

        var before = WebhookSecrets.Of(_box.Open(sealedText, Id));
        var after = before.Followed(command.Secret, command.Context.Idempotency, Now);
        var answer = await Change(
            command.Context,
            current,
            state => ReferenceEquals(before, after) ? state : state with { Sealed = _box.Seal(after.ToText(), Id) },
            "secret_rotated",
            by: null,
            cancellationToken);
        return new WebhookSecretAnswer
        {
            Answer = answer, PreviousUntil = after.PreviousUntil,
            Secret = answer.Refusal is null ? new ProtectedText(after.Current) : null,
        };
    }

    public Task<ProtectedText?> GetFirstSecret(CallContext context, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Task.FromResult(
            Current is { DeletedAt: null, Sealed: { } sealedText } state
            && context.Caller?.OrganizationId == state.OrganizationId
            && state.IsMadeUnder(context.Idempotency, Time.GetUtcNow())
            && WebhookSecrets.Of(_box.Open(sealedText, Id)) is { PutInUseAt: null } secrets
                ? new ProtectedText(secrets.Current)
                : null);
    }

    public async Task<DeliveryPage> GetDeliveries(ReadDeliveries query, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return await RefusalFor(query.Caller, "get", cancellationToken) is { } refusal
            ? new DeliveryPage { Refusal = refusal }
            : await DeliveryPages.Read(outbox, Key.Id, query);
    }

    public Task<DeliveryAnswer> Redeliver(RedeliverEvent command, CancellationToken cancellationToken) => Queue(
        command.Context, async (endpoint, repeats) => command.DeliveryId is { } delivery
            ? await repeats.Redeliver(delivery, Now)
            : await repeats.Test(endpoint, command.Context, Now),
        cancellationToken);

    public Task<DeliveryAnswer> Replay(ReplayEvents command, CancellationToken cancellationToken) =>
        Queue(command.Context, (endpoint, repeats) => repeats.Replay(endpoint, command.Since, Now), cancellationToken);

    public async Task<ResourceAnswer> SetEnabled(SetWebhookEnabled command, CancellationToken cancellationToken)
    {
        if (Current is not { DeletedAt: null, Content.Webhook: { } webhook } current)
        {
            return NotFound();
        }

        var answer = await Change(
            command.Context,
            current,
            state => state with { Content = webhook.Switched(command, Now) },
            command.Enabled ? "enabled" : "disabled",
            ResourceState.CallOf(command.Context),
            cancellationToken);

        // Also where the answer is that of before: what follows may not have been done then.
        if (answer.Refusal is null && !command.Context.IsPreview && Current?.IsSwitched(command.Enabled) == true)
        {
            await outbox.FollowSwitch(GrainFactory, Key.Id, command.Enabled);
            if (!command.Enabled && !answer.Repeated)
            {
                WebhookTelemetry.SwitchedOff(webhook, command.Because);
            }
        }

        return answer;
    }

    public async Task<WebhookTarget?> GetTarget(CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Current is { DeletedAt: null, Content.Webhook: { } webhook, Sealed: { } sealedText } state
            ? new WebhookTarget
            {
                OrganizationId = state.OrganizationId,
                Content = webhook,
                Secrets = WebhookSecrets.Of(_box.Open(sealedText, Id)).At(Now),
                OwnSecret = webhook.CredentialId is { } credential
                    ? await GrainFactory.GetGrain<ICredentialGrain>(credential.ToString()).Use(cancellationToken)
                    : null,
            }
            : null;
    }

    public Task Rewrap() => Current is { DeletedAt: null }
        ? Execute(
            InternalCommand(),
            (current, now) => ResourceMachine.Rewrap(current, Rewrapped, now),
            CancellationToken.None)
        : Task.CompletedTask;

    /// <summary>
    /// Tells the organization again, as after a crash between commit and answer. Secrets that are under an older pepper
    /// are encrypted anew by a call that runs after the activation.
    /// </summary>
    protected override async Task OnLoaded()
    {
        if (Current is not { } state)
        {
            return;
        }

        _address = state.Content.Webhook?.Address;
        await OnCommitted(state);
        if (state is { DeletedAt: null, Sealed: { } sealedText } && !_box.IsCurrent(sealedText))
        {
            this.AsReference<IWebhookGrain>().Rewrap().Forget();
        }
    }

    /// <summary>
    /// The first secret; later ones come by <see cref="RotateSecret"/>. It is switched on and off by
    /// <see cref="SetEnabled"/> alone, whatever was read before a replacement.
    /// </summary>
    protected override ResourceState Protect(ResourceState state, ProtectedText? secret)
    {
        var kept = Current?.Content.Webhook is { } before && state.Content.Webhook is { } next
            ? state with { Content = state.Content with { Webhook = next.SwitchedAs(before) } }
            : state;
        return kept.Sealed is null
            ? kept with { Sealed = _box.Seal(WebhookSecrets.First(secret ?? WebhookSecret.New()).ToText(), Id) }
            : kept;
    }

    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(new ResourceTarget(state.OrganizationId.ToString()));

    protected override async Task OnCommitted(ResourceState state)
    {
        await _place.Release(GrainFactory);
        await Organization(state.OrganizationId).ListenerChanged(state.Id, EventListeners.Of(state), state.Version);
        // What is under way knows the endpoint as it was.
        GrainFactory.GetGrain<IWebhookDeliveryGrain>(Key.Id).Wake(fromStart: false).Forget();
        if (state.DeletedAt is not null)
        {
            await outbox.Forget(Key.Id);
        }
        else if (_address is not null && state.Content.Webhook?.Address != _address)
        {
            // Another address has not failed yet.
            await outbox.NoteFailingSince(Key.Id, null);
        }

        _address = state.Content.Webhook?.Address;
    }

    protected override async ValueTask<ResourceAnswer?> RefuseLast(
        ResourceState next, ResourceState? current, CallContext context)
    {
        Quota quota = new()
        {
            Kinds = EventListeners.EndpointKinds, OrganizationId = next.OrganizationId, Most = MostEndpoints,
        };
        return current is not null || await _place.Take(GrainFactory, quota, Key.Id)
            ? null
            : new ResourceAnswer
            {
                Refusal = ResourceRefusal.InvalidReference,
                Details = [$"an organization may have {MostEndpoints} webhooks, and has them"],
            };
    }

    /// <summary>Under the key of <paramref name="by"/> its answer is kept; null where it is kept elsewhere.</summary>
    private async Task<ResourceAnswer> Change(
        CallContext context, ResourceState current, Func<ResourceState, ResourceState> change, string happened,
        CreatingCall? by, CancellationToken cancellationToken) =>
        await Hide(current, context.Caller, "update", cancellationToken)
        ?? (CurrentCommand == context.CommandId.ToString("N") ? null : await Earlier(current, context.Idempotency))
        ?? await Execute(
            context,
            (s, now) => ResourceMachine.Change(s, current, change, happened, by, now),
            cancellationToken);

    private ResourceState Rewrapped(ResourceState state) => state.Sealed is { } sealedText && !_box.IsCurrent(sealedText)
        ? state with { Sealed = _box.Rewrap(sealedText, Id) }
        : state;

    /// <summary>Why a caller may not act on it; null where it may.</summary>
    private async Task<ResourceRefusal?> RefusalFor(Caller? caller, string verb, CancellationToken cancellationToken) =>
        Current is { DeletedAt: null } current
            ? (await Hide(current, caller, verb, cancellationToken))?.Refusal
            : ResourceRefusal.NotFound;

    /// <summary>Sends something once more; the same call again, by its idempotency key, is answered as it
    /// was.</summary>
    private async Task<DeliveryAnswer> Queue(
        CallContext context, Func<ResourceState, EventRepeats, Task<DeliveryAnswer>> repeat, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        if (await RefusalFor(context.Caller, "update", cancellationToken) is { } refusal)
        {
            return new DeliveryAnswer { Refusal = refusal };
        }

        if (_recent.Find(context.Idempotency) is { } known)
        {
            return known;
        }

        var answer = Current is { } endpoint
            ? await repeat(endpoint, new EventRepeats(Store, outbox, Key))
            : new DeliveryAnswer { Refusal = ResourceRefusal.NotFound };
        if (answer.Refusal is null)
        {
            _recent.Note(context.Idempotency, answer);
            await GrainFactory.GetGrain<IWebhookDeliveryGrain>(Key.Id).Wake(fromStart: true);
        }

        return answer;
    }

    private ResourceAnswer NotFound()
    {
        LeaveIfAbsent();
        return Refused(ResourceRefusal.NotFound);
    }
}
