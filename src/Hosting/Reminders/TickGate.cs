using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Reminders;

/// <summary>
/// Lets so many tokens carry out their reminders at once: each that does is in memory, and where the database is slower
/// than <see cref="TickPace"/>, more would come than go.
/// </summary>
internal sealed class TickGate : IOutgoingGrainCallFilter, IDisposable
{
    private const int MostAtOnce = 256;

    private static readonly GrainType Token = GrainType.Create(Kinds.Token);

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    public Task Invoke(IOutgoingGrainCallContext context) =>
        context.TargetId.Type == Token && context.Request.GetInterfaceType() == typeof(IRemindable)
            ? InTurn(context)
            : context.Invoke();

    public void Dispose() => _places.Dispose();

    private async Task InTurn(IOutgoingGrainCallContext context)
    {
        await _places.WaitAsync();
        try
        {
            await context.Invoke();
        }
        finally
        {
            _places.Release();
        }
    }
}
