using Orleans.Serialization.Invocation;
using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// Lets so many tokens carry out their reminders at once: each that does is in memory, and where the database is slower
/// than <see cref="TickPace"/>, more would begin than end. One that finds no place is not asked: its row stays due, and
/// the runtime asks again a minute later. Nothing waits here, so that a silo that ends, or that reads its list again,
/// waits for nothing either.
/// </summary>
internal sealed class TickGate : IOutgoingGrainCallFilter
{
    internal const int MostAtOnce = 2_000;

    private static readonly GrainType Token = GrainType.Create(Kinds.Token);

    private int _taken;

    public Task Invoke(IOutgoingGrainCallContext context) =>
        context.TargetId.Type == Token && context.Request.GetInterfaceType() == typeof(IRemindable)
            ? WherePlaceIs(context)
            : context.Invoke();

    private async Task WherePlaceIs(IOutgoingGrainCallContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _taken) <= MostAtOnce)
            {
                await context.Invoke();
            }
            else
            {
                context.Response = Response.Completed;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
        }
    }
}
