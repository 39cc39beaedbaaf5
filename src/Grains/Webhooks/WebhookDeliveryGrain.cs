using Microsoft.Extensions.Logging;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// Delivers what waits for one endpoint. The rows of the outbox say what waits, so that nothing is lost with the
/// activation. Requests run outside of the grain's turns, several at once for different subjects, and what came of them
/// is noted together.
/// </summary>
[GrainType("webhook_delivery")]
public sealed class WebhookDeliveryGrain(
    IOutbox outbox, IRecordStore store, IWebhookSender sender, DeliverySettings settings, SiloLease lease,
    TimeProvider time, ILogger<WebhookDeliveryGrain> logger)
    : Grain, IWebhookDeliveryGrain
{
    private const int MostAtOnce = 8;

    /// <summary>After how long a fault of the database is tried again.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(2);

    private readonly DeliveryQueue _queue = new();
    private readonly List<Task<Attempted>> _running = [];
    private OutboxReader? _reader;
    private EndpointHealth? _health;
    private WebhookTarget? _target;
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _delivering = Task.CompletedTask;
    private IGrainTimer? _alarm;
    private DateTimeOffset _heldUntil;
    private bool _woken;
    private bool _isLeaving;

    private OutboxReader Reader => _reader ??= new OutboxReader(outbox, this.GetPrimaryKeyString(), time);

    private DeliveryAttempts Attempts => field ??= new DeliveryAttempts(
        store, sender, this.GetPrimaryKeyString(), time, logger);

    private EndpointHealth Health => _health ??= new EndpointHealth(
        outbox, GrainFactory, this.GetPrimaryKeyString(), settings, time);

    /// <summary>It is sent nothing, because it is switched off or gone.</summary>
    private bool IsOff => _target is null or { Content.DisabledAt: not null };

    public Task Wake(bool fromStart)
    {
        _reader = fromStart ? null : _reader;
        _woken = true;
        _signal.TrySetResult();
        if (_delivering.IsCompleted)
        {
            _delivering = Deliver();
        }

        return Task.CompletedTask;
    }

    /// <summary>Another activation may go on from here: nothing more is begun, and what ends is still noted.</summary>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isLeaving = true;
        _signal.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Delivers until nothing is due and nothing is under way.</summary>
    private async Task Deliver()
    {
        _alarm?.Dispose();
        _alarm = null;
        try
        {
            // Woken between the end of the last step and here, nobody else would begin again.
            while (await Step() || (_woken && !_isLeaving))
            {
            }

            SetAlarm(_queue.NextDue is { } due ? Later(due, _heldUntil) : null);
        }
        catch (Exception e)
        {
            // Whatever it is, the rows are still there: an activation that gave up would leave them waiting.
            // What is under way is not noted, and is sent again under the same id.
            DeliveryLog.Fault(logger, this.GetPrimaryKeyString(), e);
            _queue.Clear();
            _running.Clear();
            _reader = null;
            _health = null;
            _woken = true;
            SetAlarm(time.GetUtcNow() + FaultPause);
        }
    }

    /// <returns>false where there is nothing to do for now</returns>
    private async Task<bool> Step()
    {
        lease.Demand();
        if (_woken || (Reader.HasMore && _queue.Count <= DeliveryQueue.MostWaiting / 2))
        {
            var isNews = _woken;
            _woken = false;
            _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (isNews)
            {
                // Another address did not ask to wait.
                (var before, _target) = (_target?.Content.Address, await GetTarget());
                _heldUntil = _target?.Content.Address == before ? _heldUntil : default;
                Attempts.CallOffOthers(_target);
            }

            if (!IsOff)
            {
                await Reader.ReadInto(_queue);
            }
        }

        if (!IsOff && !_isLeaving)
        {
            await Begin();
        }

        if (_running.Count == 0)
        {
            if (IsOff)
            {
                await EndWaiting();
            }

            return _woken && !_isLeaving;
        }

        DelayDeactivation(TimeSpan.FromMinutes(1));
        await Task.WhenAny([.. _running, _signal.Task]);
        await NoteEnded();
        return true;
    }

    /// <summary>
    /// Ends what waits for an endpoint that is sent nothing: a silo that did not know may have written some since. Of
    /// one that is switched off only what waited before it was last seen to be, so that nothing is lost that came after
    /// it was switched on again.
    /// </summary>
    private async Task EndWaiting()
    {
        _queue.Clear();
        _reader = null;
        _health = null;
        if (_target is null)
        {
            await outbox.Forget(this.GetPrimaryKeyString());
            return;
        }

        var waiting = await outbox.Waiting(this.GetPrimaryKeyString(), 0, DeliveryQueue.MostWaiting);
        _woken |= waiting.Count > 0;
        if (waiting.Count > 0 && (_target = await GetTarget()) is { Content.DisabledAt: not null })
        {
            await outbox.Note([.. waiting.Select(row => row.GivenUp(this.GetPrimaryKeyString()))]);
        }
    }

    /// <summary>Begins what is due, as many as may be under way.</summary>
    private async Task Begin()
    {
        List<WaitingDelivery> due = [];
        var now = time.GetUtcNow();
        while (now >= _heldUntil && _running.Count + due.Count < MostAtOnce && _queue.Take(now) is { } next)
        {
            due.Add(next);
        }

        if (due.Count == 0 || _target is not { } target)
        {
            return;
        }

        var events = (await outbox.Events([.. due.Select(delivery => delivery.Number)])).ToDictionary(told => told.Number);
        var logged = due.Where(delivery => delivery.HasLog).Select(delivery => delivery.Number).ToList();
        var logs = logged.Count == 0 ? null : await outbox.Logs(this.GetPrimaryKeyString(), logged);
        foreach (var delivery in due)
        {
            if (events.TryGetValue(delivery.Number, out var told) && await Attempts.IsFor(target, told))
            {
                _running.Add(Attempts.Begin(target, delivery, logs?.GetValueOrDefault(delivery.Number), told));
            }
            else
            {
                await outbox.Note(
                    [new(this.GetPrimaryKeyString(), delivery.Number, 0, null, DeliveryOutcome.Filtered, null)]);
                _queue.End(delivery);
            }
        }
    }

    private async Task NoteEnded()
    {
        var ended = _running.Where(attempt => attempt.IsCompleted).ToList();
        if (ended.Count == 0)
        {
            return;
        }

        List<DeliveryProgress> progress = [];
        List<(WaitingDelivery Next, string Outcome)> changes = [];
        List<Attempted> counted = [];
        foreach (var attempt in ended)
        {
            var attempted = await attempt;
            if (attempted.IsCalledOff)
            {
                changes.Add((attempted.Delivery, DeliveryOutcome.Failed));
                continue;
            }

            var now = time.GetUtcNow();
            var (next, outcome, noted) = Attempts.After(attempted, settings.Delays, now);
            progress.Add(noted);
            changes.Add((next, outcome));
            counted.Add(attempted);
            _heldUntil = Later(_heldUntil, now + DeliverySchedule.Asked(attempted.Result));
        }

        lease.Demand();
        await (progress.Count > 0 ? outbox.Note(progress) : Task.CompletedTask);
        _running.RemoveAll(ended.Contains);
        foreach (var (next, outcome) in changes)
        {
            if (outcome == DeliveryOutcome.Failed)
            {
                _queue.Wait(next);
            }
            else
            {
                _queue.End(next);
            }
        }

        // Not `|=`, which takes the field's value from before the await, and would forget who woke the grain meanwhile.
        if (counted.Count > 0 && await Health.Note(counted))
        {
            _woken = true;
        }
    }

    private async Task<WebhookTarget?> GetTarget() =>
        await GrainFactory.GetGrain<IOrganizationWebhookGrain>(this.GetPrimaryKeyString()).GetTarget()
        ?? await GrainFactory.GetGrain<IEventEndpointGrain>(this.GetPrimaryKeyString()).GetTarget();

    /// <summary>Wakes the grain at a time, where it is still active then; where it is not, the sweep does.</summary>
    private void SetAlarm(DateTimeOffset? at)
    {
        var now = time.GetUtcNow();
        _alarm = at is { } due
            ? this.RegisterGrainTimer(
                () => Wake(fromStart: false), DeliverySchedule.Wait(due, now), Timeout.InfiniteTimeSpan)
            : null;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
