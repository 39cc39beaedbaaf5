using System.Threading.RateLimiting;
using Orleans.Serialization.Invocation;
using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// Lets so many tokens carry out their reminders at once: each that does is in memory, and where the database is slower
/// than <see cref="TickPace"/>, more would begin than end. As many again wait for a place, for no longer than a call
/// takes until it times out, so that a silo that ends, or that reads its list again, is not held up for longer either.
/// One that finds no place to wait is not asked: its row stays due, and the runtime asks again a minute later.
/// </summary>
internal sealed class TickGate : IOutgoingGrainCallFilter, IDisposable
{
    private const int MostAtOnce = 2_000;

    private static readonly GrainType Token = GrainType.Create(Kinds.Token);

    private readonly ConcurrencyLimiter _places;

    public TickGate()
        : this(MostAtOnce)
    {
    }

    internal TickGate(int most) => _places = new(new()
    {
        PermitLimit = most, QueueLimit = most, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public Task Invoke(IOutgoingGrainCallContext context) =>
        context.TargetId.Type == Token && context.Request.GetInterfaceType() == typeof(IRemindable)
            ? WherePlaceIs(context)
            : context.Invoke();

    /// <summary>Those that wait are not asked.</summary>
    public void Dispose() => _places.Dispose();

    private async Task WherePlaceIs(IOutgoingGrainCallContext context)
    {
        using var place = await _places.AcquireAsync();
        if (place.IsAcquired)
        {
            await context.Invoke();
        }
        else
        {
            context.Response = Response.Completed;
        }
    }
}
