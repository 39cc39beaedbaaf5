using k8s.Models;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Agent;

/// <summary>
/// A Lease of the cluster. Who cannot renew it within two thirds of its life ends its work before another one may
/// begin, and waits for its next turn. Times of others are not compared: a Lease has run out when nobody changed it
/// while its life passed here.
/// </summary>
/// <param name="invocation">the command</param>
/// <param name="leases">of the namespace</param>
/// <param name="name">of the Lease</param>
/// <param name="life">of the Lease, in whole seconds</param>
internal sealed class LeaseHolder(Invocation invocation, KubernetesLeases leases, string name, TimeSpan life) : IAgentLock
{
    private static readonly TimeSpan ReleaseWait = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = invocation.Time;
    private readonly string _identity = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.CreateVersion7():N}";
    private readonly TimeSpan _renewal = life * 2 / 3;
    private readonly TimeSpan _pause = life / 6;

    public async Task Hold(Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        while (!await RunWhileHeld(await Acquire(cancellation).ConfigureAwait(false), run, cancellation).ConfigureAwait(false))
        {
            invocation.Note($"ta: the Lease {name} was lost; waiting for it.");
        }
    }

    private async Task<Held> Acquire(CancellationToken cancellation)
    {
        var seen = new Held(null, _time.GetTimestamp());
        var told = "";
        while (true)
        {
            var now = _time.GetTimestamp();
            try
            {
                var there = await leases.Read(name, cancellation).ConfigureAwait(false);
                if (there?.Metadata.ResourceVersion != seen.Lease?.Metadata.ResourceVersion)
                {
                    // From when it was heard of: a slow answer may tell of one that was renewed a moment ago.
                    seen = new Held(there, _time.GetTimestamp());
                }

                if (!IsFree(seen))
                {
                    Tell("another agent keeps this credential; waiting for it to end.");
                }
                else if (await leases.Write(name, there, Mine(there), cancellation).ConfigureAwait(false) is { } mine)
                {
                    return new Held(mine, now);
                }
            }
            catch (CliException e) when (e.IsPassing)
            {
                Tell($"{e.Message} Trying again.");
            }

            await Task.Delay(_pause, _time, cancellation).ConfigureAwait(false);
        }

        void Tell(string text)
        {
            if (told != text)
            {
                invocation.Note($"ta: {text}");
                told = text;
            }
        }
    }

    /// <summary>Whether it ran to its end; else the Lease was lost meanwhile, and nothing runs any more.</summary>
    private async Task<bool> RunWhileHeld(Held held, Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = Keep(held, ending.Token);
        var running = Task.Run(() => run(ending.Token), CancellationToken.None);
        await Task.WhenAny(running, keeping).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running, keeping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (keeping.IsCompletedSuccessfully && await keeping.ConfigureAwait(false) is { } mine)
        {
            await Release(mine).ConfigureAwait(false);
        }

        if (keeping.IsFaulted && running.IsCanceled)
        {
            await keeping.ConfigureAwait(false);
        }

        if (running.IsCanceled && !cancellation.IsCancellationRequested)
        {
            return false;
        }

        await running.ConfigureAwait(false);
        return true;
    }

    /// <summary>Renews it until it is told to end; null where it is lost.</summary>
    private async Task<V1Lease?> Keep(Held held, CancellationToken ending)
    {
        while (_time.GetElapsedTime(held.Since) is var age && age < _renewal)
        {
            using var deadline = new CancellationTokenSource(_renewal - age, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ending, deadline.Token);
            try
            {
                await Task.Delay(_pause, _time, either.Token).ConfigureAwait(false);
                var now = _time.GetTimestamp();
                if (await leases.Write(name, held.Lease, Mine(held.Lease), either.Token).ConfigureAwait(false) is { } renewed)
                {
                    held = new Held(renewed, now);
                }
                else if (await leases.Read(name, either.Token).ConfigureAwait(false) is { } there && IsMine(there))
                {
                    // Somebody changed a label.
                    held = held with { Lease = there };
                }
                else
                {
                    return null;
                }
            }
            catch (CliException e) when (e.IsPassing)
            {
                invocation.Note($"ta: {e.Message} Trying again.");
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return held.Lease;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>So that the next one need not wait until it has run out. It runs out where this fails.</summary>
    private async Task Release(V1Lease lease)
    {
        var spec = Mine(lease);
        spec.HolderIdentity = "";
        using var deadline = new CancellationTokenSource(ReleaseWait, _time);
        try
        {
            await leases.Write(name, lease, spec, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CliException or OperationCanceledException)
        {
            invocation.Note($"ta: the Lease {name} is free once it has run out: {e.Message}");
        }
    }

    private bool IsFree(Held seen) => seen.Lease?.Spec is not { HolderIdentity: { Length: > 0 } holder } spec
        || holder == _identity
        || _time.GetElapsedTime(seen.Since) >= (spec.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : life);

    private bool IsMine(V1Lease lease) => lease.Spec?.HolderIdentity == _identity;

    private V1LeaseSpec Mine(V1Lease? there)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var isMine = there is not null && IsMine(there);
        return new V1LeaseSpec
        {
            HolderIdentity = _identity,
            LeaseDurationSeconds = (int)life.TotalSeconds,
            AcquireTime = isMine ? there?.Spec.AcquireTime ?? now : now,
            RenewTime = now,
            LeaseTransitions = (there?.Spec?.LeaseTransitions ?? 0) + (isMine ? 0 : 1),
        };
    }

    /// <summary>The Lease as it was read or written, and when this process asked for that.</summary>
    private sealed record Held(V1Lease? Lease, long Since);
}
