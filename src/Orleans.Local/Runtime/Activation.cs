namespace Orleans.Runtime;

/// <summary>One call on its way to a grain.</summary>
internal abstract class Request(bool interleaves)
{
    public bool Interleaves => interleaves;

    /// <summary>Runs the call; completes when the caller has its answer. Never throws.</summary>
    public abstract Task Run(object grain);

    public abstract void Fail(Exception exception);
}

/// <summary>
/// A grain in memory. Its code runs on one scheduler that never runs two pieces of it at once; calls run one after another, each to its
/// end, except those that interleave.
/// </summary>
internal sealed class Activation(GrainId id, LocalRuntime runtime, Func<Activation, Grain> create) : IGrainContext
{
    private readonly Lock _gate = new();
    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly Queue<Request> _waiting = [];
    private readonly List<GrainTimer> _timers = [];
    private Grain? _grain;
    private bool _begun;
    private bool _activated;
    private bool _turnRunning;
    private bool _closing;
    private bool _closed;
    private int _running;
    private long _lastUsed;

    public GrainId GrainId => id;

    public IServiceProvider ActivationServices => runtime.Services;

    private LocalRuntime Runtime => runtime;

    /// <summary>Completes when the activation is gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Begins to activate, where that was not done yet: constructor, then <see cref="Grain.OnActivateAsync"/>, inside the grain's scheduler.
    /// </summary>
    public void Begin()
    {
        if (!_begun && !Interlocked.Exchange(ref _begun, true))
        {
            _ = Start(Activate);
        }
    }

    private async Task Activate()
    {
        Exception? failure = null;
        try
        {
            _grain = create(this);
            _grain.GrainContext = this;
            await _grain.OnActivateAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_gate)
        {
            _activated = true;
            _closing |= failure is not null;
            if (failure is not null)
            {
                foreach (var request in _waiting)
                {
                    request.Fail(failure);
                }

                _waiting.Clear();
            }

            Pump();
        }
    }

    /// <summary>False where the activation takes no more calls; the caller asks the runtime for the next one.</summary>
    public bool TryEnqueue(Request request)
    {
        lock (_gate)
        {
            if (_closing)
            {
                return false;
            }

            _lastUsed = runtime.Time.GetTimestamp();
            if (_activated && request.Interleaves)
            {
                Launch(request);
            }
            else
            {
                _waiting.Enqueue(request);
                Pump();
            }

            return true;
        }
    }

    public void DeactivateOnIdle() => Close();

    public IGrainTimer StartTimer(Func<Task> callback, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new GrainTimer(this, callback);
        timer.Start(runtime.Time.CreateTimer(_ => TryEnqueue(timer), null, dueTime, period));
        _timers.Add(timer);
        return timer;
    }

    public void CloseIfIdle(TimeSpan age)
    {
        lock (_gate)
        {
            if (_activated && _running == 0 && _waiting.Count == 0 && runtime.Time.GetElapsedTime(_lastUsed) >= age)
            {
                _closing = true;
                Pump();
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closing = true;
            Pump();
        }
    }

    private Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();

    /// <summary>Starts what may start; under the gate.</summary>
    private void Pump()
    {
        if (!_activated)
        {
            return;
        }

        if (_closing)
        {
            if (_running == 0 && !_closed)
            {
                _closed = true;
                _ = Start(End);
            }

            return;
        }

        for (var left = _waiting.Count; left > 0; left--)
        {
            var next = _waiting.Dequeue();
            if (next.Interleaves || !_turnRunning)
            {
                _turnRunning |= !next.Interleaves;
                Launch(next);
            }
            else
            {
                _waiting.Enqueue(next);
            }
        }
    }

    private void Launch(Request request)
    {
        _running++;
        _ = Start(async () =>
        {
            await request.Run(_grain!);
            lock (_gate)
            {
                _running--;
                _turnRunning &= request.Interleaves;
                Pump();
            }
        });
    }

    private async Task End()
    {
        try
        {
            _timers.ToList().ForEach(timer => timer.Dispose());
            if (_grain is not null)
            {
                await _grain.OnDeactivateAsync(new(DeactivationReasonCode.ApplicationRequested, "deactivated"), CancellationToken.None);
            }
        }
        catch (Exception e)
        {
            runtime.LogDeactivationFailed(id, e);
        }

        Request[] left;
        lock (_gate)
        {
            runtime.Forget(this);
            left = [.. _waiting];
            _waiting.Clear();
        }

        // Calls that came while this activation closed go to its successor.
        foreach (var request in left)
        {
            runtime.Send(id, request);
        }

        Gone.TrySetResult();
    }

    /// <summary>A timer's turn, queued like a call. Registered and disposed of inside the grain's scheduler only.</summary>
    private sealed class GrainTimer(Activation owner, Func<Task> callback) : Request(interleaves: false), IGrainTimer
    {
        private ITimer? _timer;

        public void Start(ITimer timer) => _timer = timer;

        public void Dispose()
        {
            _timer?.Dispose();
            _timer = null;
            owner._timers.Remove(this);
        }

        public override async Task Run(object grain)
        {
            try
            {
                await (_timer is null ? Task.CompletedTask : callback());
            }
            catch (Exception e)
            {
                owner.Runtime.LogTimerFailed(owner.GrainId, e);
            }
        }

        public override void Fail(Exception exception)
        {
        }
    }
}
