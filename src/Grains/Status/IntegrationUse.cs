using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Status;

namespace TokenActors.Grains.Status;

/// <summary>
/// What this silo has seen of one integration since it was last written. Any thread counts: an accepted secret costs
/// one interlocked increment. <see cref="StatusBook"/> takes what was counted once a minute.
/// </summary>
internal sealed class IntegrationUse(OrganizationId organization, Guid integration)
{
    private readonly ConcurrentQueue<StatusEventRow> _events = [];
    private long _accepted;
    private long _refused;
    private long _hour;
    private int _noted;
    private long _lastEvent;
    private StatusCounts _reported;

    /// <summary>Activations that may count; guarded by the book's lock.</summary>
    public int Holders { get; set; }

    /// <summary>A secret was accepted, or refused for a reason.</summary>
    public void Count(TokenRefusal? refusal, DateTimeOffset now)
    {
        if (refusal is { } reason)
        {
            Refuse(reason, now);
        }
        else
        {
            Accept();
        }
    }

    /// <summary>A secret was accepted.</summary>
    public void Accept() => Interlocked.Increment(ref _accepted);

    /// <summary>A secret of the integration was refused. So many an hour are told as events.</summary>
    public void Refuse(TokenRefusal reason, DateTimeOffset now)
    {
        Interlocked.Increment(ref _refused);
        Note(GrainTelemetry.Words.Of(reason), error: null, now);
    }

    /// <summary>What a connector reports.</summary>
    public void Report(StatusCounts counts)
    {
        lock (_events)
        {
            _reported = _reported.Add(counts);
        }
    }

    /// <summary>Notes an event, if the hour has not had as many as are kept.</summary>
    public void Note(string status, string? error, DateTimeOffset now)
    {
        var hour = now.UtcTicks / TimeSpan.TicksPerHour;
        if (Interlocked.Exchange(ref _hour, hour) != hour)
        {
            Volatile.Write(ref _noted, 0);
        }

        if (Volatile.Read(ref _noted) < StatusStore.MostEvents
            && Interlocked.Increment(ref _noted) <= StatusStore.MostEvents)
        {
            _events.Enqueue(new StatusEventRow(integration.ToString(), NextAt(now), status, error));
        }
    }

    /// <summary>Takes what was counted, so that it counts from zero; null where there was nothing.</summary>
    public StatusUse? Take(DateTimeOffset hour, DateTimeOffset now)
    {
        var (accepted, refused) = (Interlocked.Exchange(ref _accepted, 0), Interlocked.Exchange(ref _refused, 0));
        StatusCounts counts = new(accepted + refused, refused, 0, 0, 0, 0, 0);
        lock (_events)
        {
            counts = counts.Add(_reported);
            _reported = default;
        }

        return counts == default
            ? null
            : new StatusUse(organization.ToString(), integration.ToString(), hour, now, counts);
    }

    /// <summary>Takes the events that were noted.</summary>
    public IEnumerable<StatusEventRow> TakeEvents()
    {
        while (_events.TryDequeue(out var noted))
        {
            yield return noted;
        }
    }

    /// <summary>Events are told apart by their time.</summary>
    private DateTimeOffset NextAt(DateTimeOffset now)
    {
        while (true)
        {
            var last = Volatile.Read(ref _lastEvent);
            var next = Math.Max(
                now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), last + TimeSpan.TicksPerMicrosecond);
            if (Interlocked.CompareExchange(ref _lastEvent, next, last) == last)
            {
                return new DateTimeOffset(next, TimeSpan.Zero);
            }
        }
    }
}
