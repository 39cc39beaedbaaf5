using System.Threading.RateLimiting;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization.Invocation;
using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// Lets so many tokens carry out their reminders at once: each that does is in memory, and where the database is slower
/// than <see cref="TickPace"/>, more would begin than end. They are few enough that a slow database ends each before its
/// call times out, after which its place is free although its grain may go on. Others wait for a place, for so long
/// only that the next read of the list, which waits for them, is not held up for long, and until the silo ends. One
/// that finds no place is not asked: its row stays due, and the runtime asks again after its period.
/// </summary>
internal sealed class TickGate : IOutgoingGrainCallFilter, IDisposable
{
    private const int MostAtOnce = 250;
    private const int MostWaiting = 20_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private static readonly GrainType Token = GrainType.Create(Kinds.Token);

    private readonly ConcurrencyLimiter _places;
    private readonly TimeSpan _longestWait;
    private readonly CancellationToken _ending;

    public TickGate(IHostApplicationLifetime lifetime)
        : this(MostAtOnce, MostWaiting, LongestWait, lifetime.ApplicationStopping)
    {
    }

    internal TickGate(int most, int waiting, TimeSpan longestWait, CancellationToken ending)
    {
        _places = new(new() { PermitLimit = most, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        _longestWait = longestWait;
        _ending = ending;
    }

    public Task Invoke(IOutgoingGrainCallContext context) =>
        context.TargetId.Type == Token && context.Request.GetInterfaceType() == typeof(IRemindable)
            ? WherePlaceIs(context)
            : context.Invoke();

    public void Dispose() => _places.Dispose();

    private async Task WherePlaceIs(IOutgoingGrainCallContext context)
    {
        using var place = await Place();
        if (place is { IsAcquired: true })
        {
            await context.Invoke();
        }
        else
        {
            context.Response = Response.Completed;
        }
    }

    /// <returns>a place, or none where all were taken for too long, too many wait, or the silo ends</returns>
    private async Task<RateLimitLease?> Place()
    {
        var place = _places.AttemptAcquire();
        if (place.IsAcquired)
        {
            return place;
        }

        place.Dispose();
        using var waited = CancellationTokenSource.CreateLinkedTokenSource(_ending);
        waited.CancelAfter(_longestWait);
        try
        {
            return await _places.AcquireAsync(1, waited.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
